#pragma once

#include <tilts/events/v1/envelope.pb.h>
#include <tilts/notification/v1/notification_service.pb.h>
#include <tilts/referrals/v1/events.pb.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "notification/adapters/delivery_view.hpp"
#include "notification/adapters/dispatcher.hpp"
#include "notification/adapters/event_writer.hpp"
#include "receiver.hpp"
#include "rpc/call.hpp"
#include "testing/server_set.hpp"
#include "testing/wait_for.hpp"
#include "wire/time.hpp"

namespace tilts::notification {

// A clock that only the test moves.
class HandClock : public core::CityClock, public core::MachineClock {
 public:
  core::CityTime Now() const override { return core::CityTime(std::chrono::microseconds(now_.load())); }
  void Advance(std::chrono::microseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_ = core::ParseRfc3339("2026-03-02T08:30:00Z").value().time_since_epoch().count();
};

// The service without its RPC server and consumer: the real schema, the real dispatcher, clocks of the test.
class Stand : public testing::ServerTest {
 protected:
  void SetUp() override;
  void TearDown() override;

  Dispatcher& StartDispatcher(DispatcherOptions options = {}, SenderOptions sender = {});

  std::string Register(const std::string& institution, const std::string& url, unsigned order = 1);
  // An event by the rule engine between a requester and a recipient; pushed to both.
  std::string Send(const std::string& recipient, codes::v1::Urgency urgency = codes::v1::URGENCY_ROUTINE,
                   const std::string& requester = "school");
  // The ladder tells the recipient by its second channel.
  std::string Escalate(const std::string& recipient, codes::v1::Urgency urgency);
  template <typename Event>
  core::Status Write(const events::v1::Envelope& envelope, const Event& event) {
    events::v1::Envelope timed = envelope;
    *timed.mutable_occurred_at() = wire::ToTimestamp(city.Now());
    *timed.mutable_recorded_at() = wire::ToTimestamp(city.Now());
    return database->Transact(
        [&](postgres::UnitOfWork& unit) { return writer->Write(unit, timed, MailingsOf(timed, event)); });
  }
  static events::v1::Envelope EnvelopeFor(const std::string& event_id);
  static referrals::v1::ReferralMoved EventFor(const std::string& recipient, codes::v1::Urgency urgency,
                                               const std::string& requester);

  // Deliveries of the institution, oldest first.
  std::vector<v1::Delivery> Deliveries(const std::string& institution);
  v1::Delivery OnlyDelivery(const std::string& institution);
  bool StateBecomes(const std::string& institution, v1::DeliveryState state);
  bool FailureBecomes(const std::string& institution, const std::string& failure);
  std::string Sql(const std::string& query);
  static bool Eventually(const std::function<bool()>& fact) { return testing::WaitFor(fact, std::chrono::seconds(20)); }
  rpc::CallContext CallBy(const std::string& institution);

  HandClock city;
  HandClock machine;
  // Warnings and errors show why a test waits in vain.
  log::Logger log{"notification", "test", log::Level::kWarning, machine};
  metrics::Registry metrics;
  std::unique_ptr<postgres::Database> database;
  std::unique_ptr<EndpointStore> endpoints;
  domain::RetryPolicy policy;
  std::unique_ptr<EventWriter> writer;
  std::vector<std::unique_ptr<WebhookSender>> senders;
  std::vector<std::unique_ptr<Dispatcher>> dispatchers;
};

}  // namespace tilts::notification
