#include "config/config.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace tilts::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSmallest = R"({"environment": "test"})";

std::vector<std::string> FieldsOf(const core::Result<ServiceConfig>& result) {
  std::vector<std::string> fields;
  if (result) return fields;
  for (const auto& violation : result.error().violations) fields.push_back(violation.field);
  return fields;
}

TEST(ConfigTest, FillsDefaultsWhenOnlyTheNecessaryIsGiven) {
  const auto config = Parse(kSmallest, {});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->rpc().executor_threads(), 8u);
  EXPECT_EQ(config->rpc().address(), "127.0.0.1");
  EXPECT_EQ(ToChrono(config->shutdown().budget()), std::chrono::seconds(6));
  EXPECT_FALSE(config->has_postgres());
}

TEST(ConfigTest, FillsDefaultsOfSectionWhenSectionIsThere) {
  const auto config =
      Parse(R"({"environment": "test", "postgres": {"user": "a", "schema": "b", "statement_timeout": "0.250s"}})", {});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->postgres().port(), 5432u);
  EXPECT_EQ(ToChrono(config->postgres().statement_timeout()), std::chrono::milliseconds(250));
}

TEST(ConfigTest, RefusesWithPathWhenKeyIsUnknown) {
  EXPECT_THAT(FieldsOf(Parse(R"({"environment": "test", "kafka": {"borkers": ["a:1"]}})", {})),
              Contains(HasSubstr("kafka.borkers")));
}

TEST(ConfigTest, RefusesWithPathWhenValueIsOutOfBounds) {
  EXPECT_THAT(FieldsOf(Parse(R"({"environment": "test", "rpc": {"port": 70000, "executor_threads": 0}})", {})),
              ElementsAre("rpc.port", "rpc.executor_threads"));
}

TEST(ConfigTest, RefusesDurationWhenBoundIsBroken) {
  EXPECT_THAT(FieldsOf(Parse(R"({"environment": "test", "shutdown": {"budget": "60s"}})", {})),
              ElementsAre("shutdown.budget"));
}

TEST(ConfigTest, RefusesWhenEnvironmentIsUnknownOrMissing) {
  EXPECT_THAT(FieldsOf(Parse(R"({"environment": "staging"})", {})), ElementsAre("environment"));
  EXPECT_THAT(FieldsOf(Parse("{}", {})), Contains("environment"));
}

TEST(ConfigTest, RefusesListWhenItIsEmpty) {
  EXPECT_THAT(FieldsOf(Parse(R"({"environment": "test", "kafka": {}})", {})), ElementsAre("kafka.brokers"));
}

TEST(ConfigTest, NamesPathInListWhenEntryIsIncomplete) {
  EXPECT_THAT(FieldsOf(Parse(R"({"environment": "test", "auth": {"trusted_keys": [{"issuer": "gateway"}]}})", {})),
              ElementsAre("auth.trusted_keys[0].public_key_file"));
}

TEST(ConfigTest, RefusesSecretWhenItStandsInTheFile) {
  const auto config =
      Parse(R"({"environment": "test", "postgres": {"user": "a", "schema": "b", "password": "hunter2"}})", {});
  EXPECT_THAT(FieldsOf(config), ElementsAre("postgres.password"));
  EXPECT_THAT(config.error().message, Not(HasSubstr("hunter2")));
}

TEST(ConfigTest, OverridesWhenVariableNamesPath) {
  const auto config = Parse(kSmallest, {{"TILTS_POSTGRES__USER", "u"},
                                        {"TILTS_POSTGRES__SCHEMA", "s"},
                                        {"TILTS_POSTGRES__PASSWORD", "p"},
                                        {"TILTS_KAFKA__BROKERS", "a:1,b:2"},
                                        {"TILTS_PEERS__CASE_INTAKE", "h:3"},
                                        {"TILTS_RPC__DEFAULT_TIMEOUT", "0.5s"},
                                        {"TILTS_NOTIFICATION__ALLOW_PRIVATE_ADDRESSES", "true"},
                                        {"TILTS_ENVIRONMENT", "demo"}});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->environment(), "demo");
  EXPECT_EQ(config->postgres().password(), "p");
  EXPECT_THAT(config->kafka().brokers(), ElementsAre("a:1", "b:2"));
  EXPECT_EQ(Peer(*config, "case-intake").value(), "h:3");
  EXPECT_EQ(ToChrono(config->rpc().default_timeout()), std::chrono::milliseconds(500));
  EXPECT_TRUE(config->notification().allow_private_addresses());
}

TEST(ConfigTest, RefusesVariableWhenItNamesNothing) {
  EXPECT_THAT(FieldsOf(Parse(kSmallest, {{"TILTS_KAFKA__BORKERS", "a:1"}})), Contains("TILTS_KAFKA__BORKERS"));
  EXPECT_THAT(FieldsOf(Parse(kSmallest, {{"TILTS_RPC__PORT", "many"}})), Contains("TILTS_RPC__PORT"));
}

TEST(ConfigTest, LeavesForeignVariablesAloneWhenTheyHaveNoPath) {
  EXPECT_TRUE(Parse(kSmallest, {{"TILTS_HOME", "/x"}, {"PATH", "/bin"}}).has_value());
}

TEST(ConfigTest, RefusesWhenNeededSectionIsAbsent) {
  const auto status = Require(Parse(kSmallest, {}).value(), {"rpc", "postgres"});
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().violations, ElementsAre(Field(&core::Violation::field, "postgres")));
}

TEST(ConfigTest, NamesMissingPeerWhenItIsNotConfigured) {
  const auto peer = Peer(Parse(kSmallest, {}).value(), "registry");
  ASSERT_FALSE(peer.has_value());
  EXPECT_THAT(peer.error().message, HasSubstr("peers.registry"));
}

TEST(ConfigTest, ReadsSecretFromFileWhenNoneIsGivenDirectly) {
  const std::string path = ::testing::TempDir() + "config_test_secret";
  std::ofstream(path) << "from-file\n";
  EXPECT_EQ(Secret("postgres.password", "", path).value(), "from-file");
  EXPECT_EQ(Secret("postgres.password", "direct", path).value(), "direct");
  EXPECT_EQ(Secret("postgres.password", "", "").value(), "");
  EXPECT_THAT(Secret("postgres.password", "", path + ".absent").error().message, HasSubstr("postgres.password"));
}

TEST(ConfigTest, RefusesWithPathWhenAVariableIsNotUtf8) {
  EXPECT_THAT(FieldsOf(Parse(kSmallest, {{"TILTS_PEERS__REGISTRY", "host\xff:1"}, {"TILTS_RPC__ADDRESS", "\xc3"}})),
              Contains("rpc.address"));
}

TEST(ConfigTest, RefusesWhenFileCannotBeRead) {
  EXPECT_THAT(LoadFile("/nonexistent/tilts.json", {}).error().message, HasSubstr("/nonexistent/tilts.json"));
}

}  // namespace
}  // namespace tilts::config
