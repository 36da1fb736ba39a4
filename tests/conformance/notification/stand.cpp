#include "stand.hpp"

#include "crypto/random.hpp"
#include "notification/app/retry_file.hpp"
#include "postgres/migrator.hpp"

namespace tilts::notification {

void Stand::SetUp() {
  ServerTest::SetUp();
  if (HasFatalFailure()) return;
  database = std::make_unique<postgres::Database>(FreshSchema());
  const auto migrations = postgres::ReadMigrations(TILTS_SOURCE_DIR "/services/notification/migrations");
  ASSERT_TRUE(migrations.has_value()) << migrations.error().message;
  const auto migrated = postgres::Migrate(*database, *migrations);
  ASSERT_TRUE(migrated.has_value()) << migrated.error().message << " " << migrated.error().reason;
  endpoints =
      std::make_unique<EndpointStore>(SecretSealer(crypto::KeyRing::Parse(crypto::KeyRing::Generate()).value()));
  policy = ReadRetryPolicy(TILTS_SOURCE_DIR "/services/notification/data").value();
  writer = std::make_unique<EventWriter>(*endpoints, policy, city);
}

void Stand::TearDown() {
  dispatchers.clear();
  senders.clear();
  database.reset();
  ServerTest::TearDown();
}

Dispatcher& Stand::StartDispatcher(DispatcherOptions options, SenderOptions sender) {
  sender.allow_private_addresses = true;
  options.worker = "worker-" + std::to_string(dispatchers.size());
  senders.push_back(std::make_unique<WebhookSender>(sender, endpoints->sealer(), machine));
  dispatchers.push_back(std::make_unique<Dispatcher>(
      DispatcherParts{*database, *endpoints, *senders.back(), policy, city, machine, log, metrics},
      std::move(options)));
  dispatchers.back()->Start();
  return *dispatchers.back();
}

std::string Stand::Register(const std::string& institution, const std::string& url, unsigned order) {
  const auto endpoint =
      database->Transact([&](postgres::UnitOfWork& unit) { return endpoints->Put(unit, institution, order, url); });
  EXPECT_TRUE(endpoint.has_value()) << endpoint.error().reason;
  return endpoint->endpoint_id;
}

events::v1::Envelope Stand::EnvelopeFor(const std::string& event_id) {
  events::v1::Envelope envelope;
  envelope.set_id(event_id);
  envelope.set_correlation_id("chain-" + event_id);
  envelope.set_purpose(codes::v1::PURPOSE_PROTECTION);
  return envelope;
}

referrals::v1::ReferralMoved Stand::EventFor(const std::string& recipient, codes::v1::Urgency urgency,
                                             const std::string& requester) {
  referrals::v1::ReferralMoved event;
  event.set_case_id(crypto::RandomId());
  event.set_move(codes::v1::REFERRAL_MOVE_SEND);
  auto& facts = *event.mutable_facts();
  facts.set_referral_id(crypto::RandomId());
  facts.set_case_id(event.case_id());
  facts.set_requester_id(requester);
  facts.set_recipient_id(recipient);
  facts.set_state(codes::v1::REFERRAL_STATE_REQUESTED);
  facts.set_urgency(urgency);
  facts.set_sequence(1);
  return event;
}

std::string Stand::Send(const std::string& recipient, codes::v1::Urgency urgency, const std::string& requester) {
  const std::string id = crypto::RandomId();
  const auto written = Write(EnvelopeFor(id), EventFor(recipient, urgency, requester));
  EXPECT_TRUE(written.has_value()) << written.error().reason << " " << written.error().message;
  for (const auto& dispatcher : dispatchers) dispatcher->Wake();
  return id;
}

std::string Stand::Escalate(const std::string& recipient, codes::v1::Urgency urgency) {
  const std::string id = crypto::RandomId();
  referrals::v1::ReferralEscalated event;
  *event.mutable_facts() = EventFor(recipient, urgency, "school").facts();
  event.set_case_id(event.facts().case_id());
  event.set_rung_id("duty-officer");
  event.set_channel_order(2);
  event.add_notify_institution_ids(recipient);
  const auto written = Write(EnvelopeFor(id), event);
  EXPECT_TRUE(written.has_value()) << written.error().reason << " " << written.error().message;
  for (const auto& dispatcher : dispatchers) dispatcher->Wake();
  return id;
}

std::vector<v1::Delivery> Stand::Deliveries(const std::string& institution) {
  v1::ListDeliveriesRequest request;
  request.set_page_size(500);
  const auto list = DeliveryView::List(*database, institution, request);
  EXPECT_TRUE(list.has_value()) << list.error().reason;
  return {list->deliveries().begin(), list->deliveries().end()};
}

v1::Delivery Stand::OnlyDelivery(const std::string& institution) {
  const auto deliveries = Deliveries(institution);
  EXPECT_EQ(deliveries.size(), 1U);
  return deliveries.empty() ? v1::Delivery() : deliveries.front();
}

bool Stand::StateBecomes(const std::string& institution, v1::DeliveryState state) {
  return Eventually([&] { return OnlyDelivery(institution).state() == state; });
}

bool Stand::FailureBecomes(const std::string& institution, const std::string& failure) {
  return Eventually([&] { return OnlyDelivery(institution).last_failure() == failure; });
}

std::string Stand::Sql(const std::string& query) {
  const auto rows = database->Query(query);
  EXPECT_TRUE(rows.has_value()) << rows.error().reason;
  return rows->empty() ? "" : rows->front().OptionalText(0).value_or("");
}

rpc::CallContext Stand::CallBy(const std::string& institution) {
  rpc::CallContext call;
  call.principal.kind = auth::Principal::Kind::kInstitution;
  call.principal.institution_id = institution;
  call.principal.client_id = "client";
  call.principal.issuer = "gateway";
  call.method = "test";
  call.call_id = crypto::RandomId();
  call.now = city.Now();
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  return call;
}

}  // namespace tilts::notification
