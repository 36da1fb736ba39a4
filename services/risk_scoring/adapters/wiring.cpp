#include "risk_scoring/adapters/wiring.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include "backbone/answer_time.hpp"
#include "backbone/bus_member.hpp"
#include "backbone/trust.hpp"
#include "backbone/watch.hpp"
#include "events/catalogue.hpp"
#include "redis/settings.hpp"
#include "risk_scoring/adapters/parked_letters.hpp"
#include "risk_scoring/adapters/partition_processor.hpp"
#include "risk_scoring/adapters/rebuild_methods.hpp"
#include "risk_scoring/adapters/risk_desk.hpp"
#include "service/service.hpp"

namespace tilts::risk_scoring {
namespace {

using core::Status;

constexpr char kTopic[] = "tilts.learning.v1";
constexpr int kLooksPerMeasure = 5;

std::vector<events::TopicPartition> Partitions() {
  std::vector<events::TopicPartition> all;
  for (std::int32_t i = 0; i < events::Catalogue::BuiltIn().FindTopic(kTopic)->partitions; ++i) {
    all.push_back({kTopic, i});
  }
  return all;
}

void AddWatch(service::Runtime& runtime, const PartitionStore& store, const ParkedLetters& letters,
              backbone::BusMember& bus) {
  const auto look = [&store, &letters, &bus, redis_ready = runtime.health.AddCondition("redis"),
                     answer_time = backbone::AnswerTime(runtime.metrics, "redis")](int looks) {
    redis_ready(answer_time.Of([&store] { return store.Ping(); }).has_value());
    bus.Look();
    if (looks % kLooksPerMeasure != 0) return;
    if (const auto count = letters.Count()) bus.Measure(*count);
  };
  auto& watch = runtime.Own(std::make_unique<backbone::Watch>(look));
  runtime.lifecycle.Add({"watch",
                         [&watch]() -> Status {
                           watch.Start();
                           return {};
                         },
                         {},
                         [&watch](service::StopDeadline) { watch.Stop(); }});
}

void AddStatus(service::Runtime& runtime, const PartitionStore& store, const ParkedLetters& letters,
               backbone::BusMember& bus) {
  runtime.operations.Add("risk", [&](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> Status {
    auto& redis = *status.add_stores();
    redis.set_name("redis");
    redis.set_reachable(store.Ping().has_value());
    TILTS_ASSIGN(const std::uint64_t count, letters.Count());
    status.set_dead_letters(status.dead_letters() + count);
    return bus.Report(status);
  });
}

void AddRebuild(service::Runtime& runtime, const PartitionStore& store, backbone::BusMember& bus,
                const CardInForce& first_card) {
  auto& rebuilder = runtime.Own(std::make_unique<Rebuilder>(
      RebuilderParts{store, bus.options(), first_card, Partitions(), runtime.city_clock, runtime.log}));
  BindRebuild(runtime.methods, rebuilder, bus.publisher());
  runtime.operations.Add("rebuild", [&](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> Status {
    status.set_in_flight(status.in_flight() + (rebuilder.running() ? 1 : 0));
    return {};
  });
  runtime.lifecycle.Add({"rebuild", [] { return Status(); }, {}, [&](service::StopDeadline) { rebuilder.Stop(); }});
}

}  // namespace

Status CheckCards(const config::v1::ServiceConfig& config) {
  TILTS_ASSIGN(const CardBook cards, CardBook::Read(config.data_dir()));
  TILTS_CHECK(cards.First(config.risk().first_card()));
  return {};
}

Status Wire(service::Runtime& runtime) {
  TILTS_ASSIGN(CardBook read, CardBook::Read(runtime.config.data_dir()));
  const CardBook& cards = runtime.Own(std::make_unique<CardBook>(std::move(read)));
  TILTS_ASSIGN(const CardInForce first_card, cards.First(runtime.config.risk().first_card()));
  TILTS_CHECK(backbone::TrustRegistry(runtime));

  TILTS_ASSIGN(auto redis_options, redis::RedisSettings(runtime.config.redis()));
  auto& redis = runtime.Own(std::make_unique<redis::Redis>(std::move(redis_options)));
  TILTS_ASSIGN(auto made, backbone::BusMember::Create(runtime));
  // Owned after what its consumer writes to, so that it dies first.
  const std::string group = made->group();
  const auto& store = runtime.Own(std::make_unique<PartitionStore>(redis, group, runtime.config.risk().namespace_()));
  auto& letters = runtime.Own(std::make_unique<ParkedLetters>(store, Partitions()));
  runtime.operations.UseDeadLetters(letters);
  events::HandlerProbe& probe = made->Observe(runtime, {kTopic});
  auto& processor = runtime.Own(
      std::make_unique<PartitionProcessor>(store, made->publisher(), first_card, runtime.city_clock, &probe));
  auto& bus = runtime.Own(std::move(made));
  AddWatch(runtime, store, letters, bus);
  AddStatus(runtime, store, letters, bus);
  const auto partitions = static_cast<std::int32_t>(Partitions().size());
  runtime.Own(std::make_unique<RiskDesk>(DeskParts{store, bus.publisher(), cards, first_card, kTopic, partitions}))
      .Bind(runtime.methods);
  AddRebuild(runtime, store, bus, first_card);
  TILTS_CHECK(bus.Consume(runtime, processor));
  runtime.log.Info("score card loaded", {{"card", first_card->contract.card_id()},
                                         {"version", first_card->contract.version()},
                                         {"hash", first_card->hash}});
  return {};
}

}  // namespace tilts::risk_scoring
