// Registering endpoints: whose, where, and what stays secret.
#include "crypto/encoding.hpp"
#include "notification/adapters/delivery_methods.hpp"
#include "notification/adapters/endpoint_methods.hpp"
#include "stand.hpp"

namespace tilts::notification {
namespace {

class EndpointTest : public Stand {
 protected:
  EndpointMethods Methods(bool anywhere = true) {
    return {*database, *endpoints, postgres::Idempotency("secret"), anywhere, [] {}};
  }
  v1::PutEndpointRequest Put(const std::string& request_id, const std::string& url, std::uint32_t order = 1) {
    v1::PutEndpointRequest request;
    request.set_request_id(request_id);
    request.set_url(url);
    request.set_order(order);
    return request;
  }
  std::string AuditRecords() { return Sql("SELECT count(*) FROM outbox WHERE topic = 'tilts.audit.v1'"); }
};

TEST_F(EndpointTest, GivesTheSameSecretWhenTheRequestIsRepeated) {
  const auto methods = Methods();
  const auto request = Put("r1", "http://127.0.0.1:1/in");
  const auto first = methods.Put(CallBy("police"), request);
  ASSERT_TRUE(first.has_value()) << first.error().reason;
  EXPECT_EQ(first->secret().rfind("whsec_", 0), 0U);
  const auto again = methods.Put(CallBy("police"), request);
  EXPECT_EQ(again->secret(), first->secret());
  EXPECT_EQ(again->endpoint().endpoint_id(), first->endpoint().endpoint_id());
  EXPECT_EQ(again->endpoint().etag(), "1");
  EXPECT_EQ(methods.Put(CallBy("police"), Put("r1", "http://127.0.0.1:2/in")).error().reason, "IDEMPOTENCY_BODY");
  EXPECT_EQ(AuditRecords(), "2");
}

TEST_F(EndpointTest, KeepsTheIdAndForgetsTheSecretWhenReplaced) {
  const auto methods = Methods();
  const auto first = methods.Put(CallBy("police"), Put("r1", "http://127.0.0.1:1/in"));
  const auto second = methods.Put(CallBy("police"), Put("r2", "http://127.0.0.1:2/in"));
  EXPECT_EQ(second->endpoint().endpoint_id(), first->endpoint().endpoint_id());
  EXPECT_NE(second->secret(), first->secret());
  EXPECT_EQ(methods.Put(CallBy("police"), Put("r1", "http://127.0.0.1:1/in"))->secret(), "");
}

TEST_F(EndpointTest, StoresNoSecretInTheOpen) {
  const auto put = Methods().Put(CallBy("police"), Put("r1", "http://127.0.0.1:1/in"));
  const std::string secret = put->secret().substr(std::string("whsec_").size());
  for (const char* table : {"endpoint", "idempotency", "outbox"}) {
    const auto rows = database->Query(std::string("SELECT t::text FROM ") + table + " t");
    ASSERT_TRUE(rows.has_value());
    ASSERT_FALSE(rows->empty()) << table;
    // Columns of bytes are printed as hex: look for the secret both ways.
    for (const postgres::Row& row : *rows) {
      EXPECT_EQ(row.Text(0).find(secret), std::string::npos) << table;
      EXPECT_EQ(row.Text(0).find(crypto::ToHex(secret)), std::string::npos) << table;
    }
  }
}

TEST_F(EndpointTest, RefusesAHostTheOperatorDidNotAllow) {
  const auto methods = Methods(false);
  const auto request = Put("r1", "https://hooks.example.org/in");
  EXPECT_EQ(methods.Put(CallBy("police"), request).error().reason, "HOST_NOT_ALLOWED");
  v1::PutAllowedHostsRequest hosts;
  hosts.set_institution_id("police");
  hosts.add_hosts("Hooks.Example.org");
  EXPECT_EQ(methods.PutHosts(CallBy("police"), hosts).error().code, core::Errc::kDenied);
  auto operator_call = CallBy("tilts-operator");
  operator_call.principal.kind = auth::Principal::Kind::kOperator;
  ASSERT_TRUE(methods.PutHosts(operator_call, hosts).has_value());
  EXPECT_TRUE(methods.Put(CallBy("police"), request).has_value());
  EXPECT_EQ(methods.Put(CallBy("court"), request).error().reason, "HOST_NOT_ALLOWED");
}

TEST_F(EndpointTest, LooksUnknownToOthersAndRecordsTheAttempt) {
  const auto methods = Methods();
  const auto put = methods.Put(CallBy("police"), Put("r1", "http://127.0.0.1:1/in"));
  v1::RotateSecretRequest rotate;
  rotate.set_request_id("r2");
  rotate.set_endpoint_id(put->endpoint().endpoint_id());
  const auto foreign = methods.Rotate(CallBy("court"), rotate);
  rotate.set_endpoint_id("unknown");
  const auto unknown = methods.Rotate(CallBy("court"), rotate);
  EXPECT_EQ(foreign.error(), unknown.error());
  EXPECT_EQ(foreign.error().code, core::Errc::kNotFound);
  EXPECT_EQ(AuditRecords(), "3");
  EXPECT_EQ(methods.List(CallBy("court"))->endpoints_size(), 0);
  EXPECT_EQ(methods.List(CallBy("police"))->endpoints_size(), 1);
}

TEST_F(EndpointTest, RotatesOnceWhenTheRequestIsRepeated) {
  const auto methods = Methods();
  const auto put = methods.Put(CallBy("police"), Put("r1", "http://127.0.0.1:1/in"));
  v1::RotateSecretRequest rotate;
  rotate.set_request_id("r2");
  rotate.set_endpoint_id(put->endpoint().endpoint_id());
  const auto first = methods.Rotate(CallBy("police"), rotate);
  ASSERT_TRUE(first.has_value()) << first.error().reason;
  EXPECT_NE(first->secret(), put->secret());
  EXPECT_EQ(methods.Rotate(CallBy("police"), rotate)->secret(), first->secret());
  EXPECT_EQ(methods.List(CallBy("police"))->endpoints(0).etag(), "2");
}

TEST_F(EndpointTest, ShowsDeliveriesToTheirInstitutionAndAllToOperators) {
  Register("police", "http://127.0.0.1:1/in");
  Register("court", "http://127.0.0.1:1/in");
  Send("police");
  Send("court");
  FeedWaiters waiters(*database, log);
  const DeliveryMethods methods(*database, waiters, postgres::Idempotency("secret"), [] {});
  EXPECT_EQ(methods.List(CallBy("police"), {})->deliveries_size(), 1);
  auto operator_call = CallBy("tilts-operator");
  operator_call.principal.kind = auth::Principal::Kind::kOperator;
  v1::ListDeliveriesRequest page;
  page.set_page_size(1);
  const auto first = methods.List(operator_call, page);
  ASSERT_EQ(first->deliveries_size(), 1);
  page.set_page_token(first->next_page_token());
  const auto second = methods.List(operator_call, page);
  ASSERT_EQ(second->deliveries_size(), 1);
  EXPECT_NE(first->deliveries(0).delivery_id(), second->deliveries(0).delivery_id());
  v1::RedriveDeliveryRequest redrive;
  redrive.set_request_id("r1");
  redrive.set_delivery_id(Deliveries("police")[0].delivery_id());
  EXPECT_EQ(methods.Redrive(CallBy("court"), redrive).error().code, core::Errc::kNotFound);
  EXPECT_EQ(methods.Redrive(CallBy("police"), redrive).error().reason, "DELIVERY_STATE");
  ASSERT_TRUE(database->Query("UPDATE delivery SET state = 3 WHERE institution_id = 'police'").has_value());
  const auto redriven = methods.Redrive(CallBy("police"), redrive);
  ASSERT_TRUE(redriven.has_value()) << redriven.error().reason;
  EXPECT_EQ(redriven->delivery().state(), v1::DELIVERY_STATE_PENDING);
  EXPECT_TRUE(methods.Redrive(CallBy("police"), redrive).has_value());
}

}  // namespace
}  // namespace tilts::notification
