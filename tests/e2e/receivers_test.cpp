// Receivers that are down, slow, broken, gone or redirect: right behaviour, and the others are unaffected.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "load.hpp"

namespace tilts::e2e {
namespace {

// The police's receiver misbehaves; the municipal police's works. Each test uses both.
class ReceiversTest : public ::testing::Test {
 protected:
  City& city = City::Get();
  Caller school = city.For("riga-school-001");
  Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));
  Receiver bad;

  void SetUp() override {
    for (const std::uint32_t order : {1u, 2u}) {
      const Answer put = city.Post(
          "/v1/endpoints", police,
          {{"request_id", city.Fresh("endpoint")}, {"url", order == 1 ? bad.url() : Second().url()}, {"order", order}});
      ASSERT_TRUE(put.ok()) << put.text;
    }
    const Answer put =
        city.Post("/v1/endpoints", school,
                  {{"request_id", city.Fresh("endpoint")}, {"url", SchoolReceiver().url()}, {"order", 1}});
    ASSERT_TRUE(put.ok()) << put.text;
  }

  static Receiver& Second() {
    static Receiver receiver;
    return receiver;
  }
  static Receiver& SchoolReceiver() {
    static Receiver receiver;
    return receiver;
  }

  std::set<std::string> Requested() {
    std::set<std::string> ids;
    const Answer list = city.Get("/v1/referrals?state=REFERRAL_STATE_REQUESTED&page_size=200", police);
    for (const Json& each : list.body.value("referrals", Json::array())) ids.insert(each.at("facts").at("referral_id"));
    return ids;
  }

  // One report; the id of the police's referral: the one that was not on their list before.
  std::string Danger() {
    const std::set<std::string> before = Requested();
    const Answer report = city.Post("/v1/reports", school,
                                    DangerReport(city, city.Fresh("report"), school.institution, city.Fresh("child")));
    EXPECT_TRUE(report.ok()) << report.text;
    std::string referral;
    EXPECT_TRUE(Eventually([&] {
      for (const std::string& id : Requested())
        if (!before.count(id)) referral = id;
      return !referral.empty();
    }));
    return referral;
  }

  Json DeliveryOf(const std::string& referral) {
    const Answer list = city.Get("/v1/deliveries?page_size=500", police);
    for (const Json& delivery : list.body.value("deliveries", Json::array()))
      if (delivery.value("referral_id", "") == referral) return delivery;
    return Json::object();
  }
};

TEST_F(ReceiversTest, RetriesWithTheSameIdWhenTheReceiverFails) {
  bad.AnswerWith(500);
  const std::string referral = Danger();
  ASSERT_TRUE(Eventually([&] { return bad.hooks().size() == 1; }));
  bad.AnswerWith(204);
  ASSERT_TRUE(Eventually([&] {
    city.Advance(std::chrono::minutes(1));
    return bad.hooks().size() >= 2;
  }));
  EXPECT_EQ(bad.distinct_ids().size(), 1u);
  ASSERT_TRUE(Eventually([&] { return DeliveryOf(referral).value("state", "") == "DELIVERY_STATE_DELIVERED"; }));
}

TEST_F(ReceiversTest, NeverFollowsARedirectToAPrivateAddress) {
  Receiver inside;
  bad.AnswerWith(302, {{"Location", inside.url()}});
  const std::string referral = Danger();
  ASSERT_TRUE(Eventually([&] { return DeliveryOf(referral).value("last_failure", "") == "REDIRECT"; }))
      << DeliveryOf(referral).dump();
  EXPECT_TRUE(inside.hooks().empty());
}

TEST_F(ReceiversTest, DisablesAnEndpointThatIsGone) {
  bad.AnswerWith(410);
  Danger();
  ASSERT_TRUE(Eventually([&] {
    const Answer list = city.Get("/v1/endpoints", police);
    for (const Json& endpoint : list.body.value("endpoints", Json::array()))
      if (endpoint.value("url", "") == bad.url()) return endpoint.value("disabled", false);
    return false;
  }));
}

TEST_F(ReceiversTest, WaitsAsLongAsAThrottlingReceiverAsks) {
  bad.AnswerWith(429, {{"Retry-After", "600"}});
  const std::string referral = Danger();
  ASSERT_TRUE(Eventually([&] { return bad.hooks().size() == 1; }));
  ASSERT_TRUE(Eventually([&] { return DeliveryOf(referral).value("last_failure", "") == "HTTP_429"; }));
  const auto next = core::ParseRfc3339(DeliveryOf(referral).value("next_attempt_at", "")).value();
  EXPECT_GE(next, city.Now() + std::chrono::seconds(590));
}

TEST_F(ReceiversTest, AHangingReceiverDelaysNobodyElse) {
  bad.AnswerWith(0);
  const std::size_t before = SchoolReceiver().distinct_ids().size();
  const std::string referral = Danger();
  ASSERT_TRUE(Eventually([&] { return !bad.hooks().empty(); }));
  // The police answer through the API; the school must hear of it while the police's own receiver still hangs.
  ASSERT_TRUE(city.Post(absl::StrCat("/v1/referrals/", referral, ":acknowledge"), police,
                        {{"request_id", city.Fresh("ack")}, {"role", "duty-officer"}})
                  .ok());
  EXPECT_TRUE(Eventually([&] { return SchoolReceiver().distinct_ids().size() > before; }, std::chrono::seconds(5)));
  bad.Stop();
}

TEST_F(ReceiversTest, ImminentDangerGoesToTheSecondEndpointWhenTheFirstIsDown) {
  bad.Stop();
  const std::size_t before = Second().distinct_ids().size();
  Danger();
  ASSERT_TRUE(Eventually([&] {
    city.Advance(std::chrono::seconds(30));
    return Second().distinct_ids().size() > before;
  }));
}

}  // namespace
}  // namespace tilts::e2e
