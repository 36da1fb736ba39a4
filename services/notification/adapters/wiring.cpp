#include "notification/adapters/wiring.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <algorithm>
#include <fstream>

#include "backbone/backbone.hpp"
#include "backbone/trust.hpp"
#include "config/config.hpp"
#include "crypto/hash.hpp"
#include "notification/adapters/delivery_methods.hpp"
#include "notification/adapters/delivery_view.hpp"
#include "notification/adapters/dispatcher.hpp"
#include "notification/adapters/endpoint_methods.hpp"
#include "notification/adapters/event_writer.hpp"
#include "notification/adapters/feed_waiters.hpp"
#include "notification/app/retry_file.hpp"
#include "wire/time.hpp"

namespace tilts::notification {
namespace {

using service::Runtime;
using service::StopDeadline;

// What one attempt may take beyond its timeout before another worker may have its delivery.
constexpr std::chrono::seconds kLeaseMargin{5};
constexpr std::chrono::milliseconds kSettleTime{500};

// The parts that must know of each other: a commit wakes whoever waits for what it wrote.
struct Parts : postgres::HandlerProbe {
  Parts(Runtime& runtime, postgres::Database& database, SecretSealer sealer, domain::RetryPolicy retry)
      : endpoints(std::move(sealer)),
        policy(std::move(retry)),
        writer(endpoints, policy, runtime.city_clock),
        handlers(writer.Handlers()),
        waiters(database, runtime.log) {}

  void OnRecord(const std::string&, const std::string&, Outcome outcome) override {
    if (outcome == Outcome::kHandled) Wake();
  }
  void Wake() {
    for (const auto& dispatcher : dispatchers) dispatcher->Wake();
    waiters.Wake();
  }

  EndpointStore endpoints;
  domain::RetryPolicy policy;
  EventWriter writer;
  postgres::SqlBatchProcessor::Handlers handlers;
  FeedWaiters waiters;
  std::vector<std::unique_ptr<WebhookSender>> senders;
  std::vector<std::unique_ptr<Dispatcher>> dispatchers;
};

core::Result<std::string> FingerprintSecret(const std::string& index_key_file) {
  TILTS_ASSIGN(const auto ring, crypto::KeyRing::FromFile(index_key_file));
  return crypto::DeriveKey(ring.newest().key.bytes(), "notification/idempotency");
}

core::Status CheckEnvironment(const config::v1::ServiceConfig& config) {
  if (config.notification().allow_private_addresses() && config.environment() == "production") {
    return core::Fail(core::Errc::kInvalid,
                      "notification.allow_private_addresses: remove it; production calls public addresses only",
                      "PRIVATE_ADDRESSES");
  }
  return {};
}

void AddDispatchers(Runtime& runtime, Parts& parts, postgres::Database& database) {
  const config::v1::Notification& section = runtime.config.notification();
  const auto timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(section.attempt_timeout()));
  for (unsigned i = 0; i < section.delivery_threads(); ++i) {
    const SenderOptions sender{timeout, section.response_body_limit(), section.in_flight(),
                               section.allow_private_addresses()};
    parts.senders.push_back(std::make_unique<WebhookSender>(sender, parts.endpoints.sealer(), runtime.machine_clock));
    parts.dispatchers.push_back(std::make_unique<Dispatcher>(
        DispatcherParts{database, parts.endpoints, *parts.senders.back(), parts.policy, runtime.city_clock,
                        runtime.machine_clock, runtime.log, runtime.metrics},
        DispatcherOptions{runtime.config.instance() + "." + std::to_string(i), section.in_flight(),
                          section.endpoint_in_flight(), timeout + kLeaseMargin}));
    Dispatcher* dispatcher = parts.dispatchers.back().get();
    runtime.lifecycle.Add({"dispatcher-" + std::to_string(i),
                           [dispatcher]() -> core::Status {
                             dispatcher->Start();
                             return {};
                           },
                           [dispatcher] { dispatcher->Quiesce(); },
                           [dispatcher](StopDeadline deadline) { dispatcher->Stop(deadline - kSettleTime); }});
  }
  FeedWaiters* waiters = &parts.waiters;
  runtime.lifecycle.Add({"feed-waiters",
                         [waiters]() -> core::Status {
                           waiters->Start();
                           return {};
                         },
                         [waiters] { waiters->Quiesce(); }, [waiters](StopDeadline) { waiters->Stop(); }});
}

void AddStatus(Runtime& runtime, postgres::Database& database) {
  const auto parked =
      runtime.metrics.AddGauge("tilts_notification_parked_deliveries", "Deliveries that wait for somebody's redrive.");
  runtime.operations.Add("deliveries",
                         [&runtime, &database, parked](const rpc::CallContext&,
                                                       operations::v1::GetStatusResponse& status) -> core::Status {
                           TILTS_ASSIGN(const DeliveryFigures figures,
                                        ReadFigures(database, runtime.city_clock.Now(), runtime.machine_clock.Now()));
                           status.set_due_now(status.due_now() + figures.due_now);
                           status.set_in_flight(status.in_flight() + figures.in_flight);
                           parked.Set(static_cast<double>(figures.parked));
                           status.set_parked_deliveries(status.parked_deliveries() + figures.parked);
                           if (figures.next_due_at)
                             *status.mutable_next_due_at() = wire::ToTimestamp(*figures.next_due_at);
                           if (figures.oldest_undone_at) {
                             status.set_oldest_undone(figures.oldest_undone);
                             *status.mutable_oldest_undone_at() = wire::ToTimestamp(*figures.oldest_undone_at);
                           }
                           return {};
                         });
}

void BindMethods(Runtime& runtime, EndpointMethods& endpoints, DeliveryMethods& deliveries) {
  const std::string service = "tilts.notification.v1.NotificationService/";
  using Call = rpc::CallContext;
  runtime.methods.Bind<v1::PutEndpointRequest, v1::PutEndpointResponse>(
      service + "PutEndpoint", [&](const Call& call, const auto& request) { return endpoints.Put(call, request); });
  runtime.methods.Bind<v1::PutAllowedHostsRequest, v1::PutAllowedHostsResponse>(
      service + "PutAllowedHosts",
      [&](const Call& call, const auto& request) { return endpoints.PutHosts(call, request); });
  runtime.methods.Bind<v1::ListEndpointsRequest, v1::ListEndpointsResponse>(
      service + "ListEndpoints", [&](const Call& call, const auto&) { return endpoints.List(call); });
  runtime.methods.Bind<v1::RotateSecretRequest, v1::RotateSecretResponse>(
      service + "RotateSecret", [&](const Call& call, const auto& request) { return endpoints.Rotate(call, request); });
  runtime.methods.BindDeferred<v1::ReadFeedRequest, v1::ReadFeedResponse>(
      service + "ReadFeed",
      [&](const Call& call, const v1::ReadFeedRequest& request, rpc::Replier<v1::ReadFeedResponse> reply) {
        deliveries.ReadFeed(call, request, std::move(reply));
      });
  runtime.methods.Bind<v1::ListDeliveriesRequest, v1::ListDeliveriesResponse>(
      service + "ListDeliveries",
      [&](const Call& call, const auto& request) { return deliveries.List(call, request); });
  runtime.methods.Bind<v1::RedriveDeliveryRequest, v1::RedriveDeliveryResponse>(
      service + "RedriveDelivery",
      [&](const Call& call, const auto& request) { return deliveries.Redrive(call, request); });
}

}  // namespace

core::Status Wire(Runtime& runtime) {
  TILTS_CHECK(config::Require(runtime.config, {"postgres", "kafka", "auth", "crypto", "notification"}));
  TILTS_CHECK(CheckEnvironment(runtime.config));
  TILTS_ASSIGN(auto policy, ReadRetryPolicy(runtime.config.data_dir()));
  TILTS_ASSIGN(auto ring, crypto::KeyRing::FromFile(runtime.config.crypto().holding_key_file()));
  TILTS_ASSIGN(const std::string secret, FingerprintSecret(runtime.config.crypto().index_key_file()));
  TILTS_CHECK(backbone::TrustRegistry(runtime));
  TILTS_ASSIGN(auto made, backbone::Backbone::Create(runtime));
  backbone::Backbone& backbone = runtime.Own(std::move(made));
  postgres::Database& database = backbone.database();
  Parts& parts =
      runtime.Own(std::make_unique<Parts>(runtime, database, SecretSealer(std::move(ring)), std::move(policy)));
  AddDispatchers(runtime, parts, database);
  const bool anywhere = runtime.config.notification().allow_private_addresses();
  const auto wake = [&parts] { parts.Wake(); };
  auto& endpoints = runtime.Own(
      std::make_unique<EndpointMethods>(database, parts.endpoints, postgres::Idempotency(secret), anywhere, wake));
  auto& deliveries =
      runtime.Own(std::make_unique<DeliveryMethods>(database, parts.waiters, postgres::Idempotency(secret), wake));
  BindMethods(runtime, endpoints, deliveries);
  AddStatus(runtime, database);
  backbone::ConsumeOptions consume;
  consume.topics = ConsumedTopics();
  consume.audit_chain = "notification.operations";
  consume.probe = &parts;
  return backbone.Consume(runtime, std::move(consume), parts.handlers);
}

}  // namespace tilts::notification
