// Creates the topics of the contracts and the dead-letter topics of those who read them, and copies a topic into its
// successor. Safe to repeat.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "events/catalogue.hpp"
#include "kafka/admin.hpp"
#include "migrate.hpp"

namespace {

// Who reads what; a service's consumer group has its name.
const std::map<std::string, std::vector<std::string>> kReaders = {
    {"case-intake", {"tilts.referrals.pmp.v1", "tilts.referrals.protection.v1", "tilts.risk.v1"}},
    {"referral-routing", {"tilts.cases.pmp.v1", "tilts.cases.protection.v1", "tilts.risk.v1"}},
    {"notification",
     {"tilts.cases.pmp.v1", "tilts.cases.protection.v1", "tilts.referrals.pmp.v1", "tilts.referrals.protection.v1"}},
    {"audit", {"tilts.audit.v1"}},
    {"risk-scoring", {"tilts.learning.v1"}},
    {"indicator-aggregation",
     {"tilts.learning.v1", "tilts.support.v1", "tilts.cases.pmp.v1", "tilts.cases.protection.v1",
      "tilts.referrals.pmp.v1", "tilts.referrals.protection.v1", "tilts.risk.v1"}},
};

// The same security as the services' own (backbone/settings): a user name means TLS and a password.
bool Secure(tilts::kafka::KafkaOptions& options, const std::string& username, const std::string& password_file) {
  if (username.empty()) return true;
  std::string password;
  std::ifstream file(password_file);
  if (!std::getline(file, password) || password.empty()) return false;
  options.extra = {{"security.protocol", "SASL_SSL"},
                   {"sasl.mechanism", "SCRAM-SHA-512"},
                   {"sasl.username", username},
                   {"sasl.password", password}};
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Creates what is missing of Tilts' Kafka topics, as the contracts describe them."};
  tilts::kafka::KafkaOptions options;
  options.client_id = "tilts-topics";
  int replication = 1;
  bool list = false;
  std::string username;
  std::string password_file;
  app.add_option("--brokers", options.brokers, "host:port,host:port")->required();
  app.add_option("--replication", replication, "copies of each partition")->check(CLI::Range(1, 7));
  app.add_option("--username", username, "for a broker that asks who calls: SASL_SSL, SCRAM-SHA-512");
  app.add_option("--password-file", password_file, "its password is this file's first line");
  app.add_flag("--list", list, "only print the contracts' topics as JSON");
  tilts::kafka::MigrateWords words;
  CLI::App* migrate = app.add_subcommand("migrate", "copies FROM into TO, which has another number of partitions");
  migrate->fallthrough();
  migrate->add_option("FROM", words.from, "the topic that is left")->required();
  migrate->add_option("TO", words.to, "its successor, as the contracts declare it")->required();
  migrate->add_option("--partitions", words.partitions, "to rehearse with a TO that is not declared")
      ->check(CLI::Range(1, 1'000));
  CLI11_PARSE(app, argc, argv);

  const tilts::events::Catalogue& catalogue = tilts::events::Catalogue::BuiltIn();
  if (list) {
    std::cout << catalogue.TopicsAsJson() << "\n";
    return 0;
  }
  if (!Secure(options, username, password_file)) {
    std::cerr << "--password-file cannot be read\n";
    return 2;
  }
  words.replication = replication;
  if (migrate->parsed()) return tilts::kafka::Migrate(options, words);
  std::vector<tilts::events::Topic> topics = catalogue.topics();
  for (const auto& [group, read] : kReaders) {
    const auto dead_letters = tilts::kafka::DeadLetterTopics(group, read);
    topics.insert(topics.end(), dead_letters.begin(), dead_letters.end());
  }
  auto admin = tilts::kafka::Admin::Create(options);
  const auto made = admin ? (*admin)->EnsureTopics(topics, replication) : tl::make_unexpected(admin.error());
  if (!made) {
    std::cerr << made.error().message << "\n";
    return 1;
  }
  std::cout << topics.size() << " topics are there\n";
  return 0;
}
