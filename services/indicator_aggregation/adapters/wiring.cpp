#include "indicator_aggregation/adapters/wiring.hpp"

#include <tilts/registry/v1/registry_service.pb.h>

#include "auth/service_auth.hpp"
#include "backbone/backbone.hpp"
#include "backbone/settings.hpp"
#include "backbone/trust.hpp"
#include "config/config.hpp"
#include "crypto/hash.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/random.hpp"
#include "indicator_aggregation/adapters/authorities.hpp"
#include "indicator_aggregation/adapters/indicator_methods.hpp"
#include "indicator_aggregation/adapters/official_figures.hpp"
#include "indicator_aggregation/adapters/rebuild_methods.hpp"
#include "indicator_aggregation/adapters/recount.hpp"
#include "indicator_aggregation/adapters/row_writer.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "indicator_aggregation/app/official_check.hpp"
#include "kafka/consumer.hpp"
#include "rpc/channel.hpp"
#include "service/refresher.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr char kRegistry[] = "registry";
constexpr std::chrono::milliseconds kRegistryTimeout{3'000};
constexpr std::chrono::milliseconds kAuthoritiesEvery{30'000};

// The whole process: definitions outlive writer and methods.
struct Parts {
  explicit Parts(DefinitionBook a_book) : book(std::move(a_book)), writer(book.definitions, Tables::Live()) {}

  DefinitionBook book;
  RowWriter writer;
  postgres::SqlBatchProcessor::Handlers handlers = writer.Handlers();
};

core::Result<std::map<std::string, std::string>> AskAuthorities(rpc::Channel& registry, rpc::Credentials& credentials) {
  registry::v1::ListInstitutionsRequest request;
  request.set_kind(codes::v1::INSTITUTION_KIND_IKSD);
  rpc::CallOptions options;
  options.timeout = kRegistryTimeout;
  TILTS_ASSIGN(options.metadata, credentials.For(kRegistry, nullptr, "authorities"));
  TILTS_ASSIGN(const auto answer, registry.Call<registry::v1::ListInstitutionsResponse>(
                                      "tilts.registry.v1.RegistryService/ListInstitutions", request, options));
  std::map<std::string, std::string> authorities;
  for (const auto& each : answer.institutions()) authorities.emplace(each.institution_id(), each.municipality());
  return authorities;
}

Authorities& AddAuthorities(service::Runtime& runtime, rpc::Channel& registry, auth::ServiceAuth& trust) {
  auto& authorities = runtime.Own(
      std::make_unique<Authorities>([&registry, &trust] { return AskAuthorities(registry, trust.credentials()); }));
  auto& refresher = runtime.Own(std::make_unique<service::Refresher>(
      service::RefreshPace{.interval = kAuthoritiesEvery}, [&authorities] { return authorities.Refresh(); }));
  runtime.lifecycle.Add({"authorities",
                         [&refresher]() -> core::Status {
                           refresher.Start(false);
                           return {};
                         },
                         [&refresher] { refresher.RequestStop(); },
                         [&refresher](service::StopDeadline) { refresher.Stop(); }});
  return authorities;
}

// A group of its own for each rebuild: nobody else is assigned what it reads.
Rebuild::Subscribe ReadingAlone(kafka::KafkaOptions options) {
  return [options]() -> core::Result<std::unique_ptr<events::Subscription>> {
    TILTS_ASSIGN(auto consumer,
                 kafka::Consumer::Create(
                     options, {std::string(kGroup) + "-rebuild-" + crypto::RandomId(), {}, TopicsOfIndicators().all}));
    return std::unique_ptr<events::Subscription>(std::move(consumer));
  };
}

core::Status AddRebuild(service::Runtime& runtime, postgres::Database& database, const DefinitionBook& book,
                        const std::string& secret) {
  TILTS_ASSIGN(auto options, backbone::KafkaSettings(runtime.config, runtime.name));
  auto& rebuild = runtime.Own(std::make_unique<RebuildMethods>(
      database, Rebuild(database.options(), book, ReadingAlone(std::move(options))), postgres::Idempotency(secret)));
  rebuild.Bind(runtime.methods);
  runtime.lifecycle.Add(
      {"rebuild", [] { return core::Status{}; }, {}, [&rebuild](service::StopDeadline) { rebuild.Stop(); }});
  return {};
}

}  // namespace

// What the score says has sequences with gaps, and its rows need no order either.
ConsumedTopics TopicsOfIndicators() {
  return {{"tilts.learning.v1", "tilts.support.v1", "tilts.cases.pmp.v1", "tilts.cases.protection.v1",
           "tilts.referrals.pmp.v1", "tilts.referrals.protection.v1", "tilts.risk.v1"},
          {"tilts.learning.v1", "tilts.support.v1", "tilts.risk.v1"}};
}

core::Status Wire(service::Runtime& runtime) {
  TILTS_CHECK(config::Require(runtime.config, {"postgres", "kafka", "auth", "crypto"}));
  TILTS_ASSIGN(auto book, ReadDefinitions(runtime.config.data_dir()));
  TILTS_ASSIGN(const auto index, crypto::KeyRing::FromFile(runtime.config.crypto().index_key_file()));
  TILTS_ASSIGN(const std::string address, config::Peer(runtime.config, kRegistry));
  rpc::Channel& registry = runtime.Own(std::make_unique<rpc::Channel>(address));
  TILTS_ASSIGN(auth::ServiceAuth* const trust, backbone::TrustRegistry(runtime));
  TILTS_ASSIGN(auto made, backbone::Backbone::Create(runtime));
  backbone::Backbone& backbone = runtime.Own(std::move(made));
  Parts& parts = runtime.Own(std::make_unique<Parts>(std::move(book)));
  Authorities& authorities = AddAuthorities(runtime, registry, *trust);
  const std::string secret = crypto::DeriveKey(index.newest().key.bytes(), "indicator-aggregation/idempotency");
  runtime
      .Own(std::make_unique<IndicatorMethods>(MethodParts{backbone.database(), parts.book, authorities,
                                                          postgres::Idempotency(secret),
                                                          runtime.config.indicators().smallest_cell()}))
      .Bind(runtime.methods);
  TILTS_CHECK(AddRebuild(runtime, backbone.database(), parts.book, secret));
  ConsumedTopics topics = TopicsOfIndicators();
  return backbone.Consume(runtime,
                          {std::move(topics.all), std::move(topics.order_free), "indicator-aggregation.operations"},
                          parts.handlers);
}

core::Status CheckDataFiles(const config::v1::ServiceConfig& config) {
  TILTS_ASSIGN(const auto book, ReadDefinitions(config.data_dir()));
  TILTS_ASSIGN(const auto files, ReadDataFiles(config.data_dir() + "/official"));
  for (const DataFile& file : files) TILTS_CHECK(ParseOfficialFile(book, file.text));
  return {};
}

core::Status Migrate(const config::v1::ServiceConfig& config, const log::Logger& log) {
  TILTS_CHECK(backbone::MigrateSchema(config, kGroup, log));
  TILTS_ASSIGN(const auto book, ReadDefinitions(config.data_dir()));
  TILTS_ASSIGN(const auto files, ReadDataFiles(config.data_dir() + "/official"));
  TILTS_ASSIGN(auto options, backbone::DatabaseSettings(config, kGroup));
  options.statement_limit = std::chrono::minutes(10);
  postgres::Database database(options);
  TILTS_ASSIGN(const bool recounted, database.Transact([&](postgres::UnitOfWork& unit) -> core::Result<bool> {
    TILTS_CHECK(OfficialFigures::LoadFiles(unit, book, files));
    return RecountIfChanged(unit, book);
  }));
  if (recounted) log.Info("values were counted anew by changed definitions", {{"definitions", book.hash}});
  return {};
}

}  // namespace tilts::indicator_aggregation
