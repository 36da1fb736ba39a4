#include "house.hpp"

namespace tilts::gateway {
namespace {

using nlohmann::json;

constexpr char kOne[] = "application/cloudevents+json";
constexpr char kBatch[] = "application/cloudevents-batch+json";

class EventsTest : public HouseTest {
 protected:
  static json Event(const std::string& id, const std::string& day) {
    return {{"specversion", "1.0"},
            {"id", id},
            {"source", "/school-system"},
            {"subject", "PN-1"},
            {"revision", 1},
            {"type", "tilts.intake.v1.AttendanceDay"},
            {"data", {{"day", day}, {"lessons_offered", 7}}}};
  }
  Answer Post(const json& body, const std::string& content_type) {
    http::Headers headers = SchoolHeaders();
    headers.Add("Content-Type", content_type);
    return SendWithType("POST", "/v1/events", body.dump(), std::move(headers));
  }
};

TEST_F(EventsTest, ReachTheFactDoorAndComeBackInTheirOrder) {
  rpc::CallContext seen;
  intake::v1::PushFactsRequest got;
  push_facts_ = [&](const rpc::CallContext& call, const intake::v1::PushFactsRequest& request) {
    seen = call;
    got = request;
    intake::v1::PushFactsResponse response;
    for (const auto& fact : request.facts()) {
      auto& result = *response.add_results();
      result.set_event_id(fact.event_id());
      result.set_status(intake::v1::FACT_STATUS_ACCEPTED);
    }
    response.set_accepted(static_cast<std::uint32_t>(request.facts_size()));
    return response;
  };
  json unknown = Event("e-2", "2026-02-27");
  unknown["type"] = "org.example.Other";
  const Answer answer = Post({Event("e-1", "2026-02-26"), unknown, Event("e-3", "2026-02-27")}, kBatch);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Json()["accepted"], 2);
  EXPECT_EQ(answer.Json()["refused"], 1);
  EXPECT_EQ(answer.Json()["results"][1]["status"], "FACT_STATUS_REFUSED");
  EXPECT_EQ(answer.Json()["results"][1]["violations"][0]["field"], "events[1].type");
  EXPECT_EQ(answer.Json()["results"][2]["event_id"], "e-3");
  EXPECT_EQ(got.facts(1).attendance().day(), "2026-02-27");
  EXPECT_EQ(seen.principal.institution_id, "school-1");
  EXPECT_EQ(seen.principal.issuer, "gateway");
  EXPECT_EQ(seen.call_id, answer.Header("Tilts-Call-Id"));
}

TEST_F(EventsTest, ARefusedCallNamesEvents) {
  push_facts_ = [](const rpc::CallContext&,
                   const intake::v1::PushFactsRequest&) -> core::Result<intake::v1::PushFactsResponse> {
    core::Error error{core::Errc::kInvalid, "too many", "BATCH_SIZE", {}, 0};
    error.violations.push_back({"facts", "BATCH_TOO_LARGE", "Send fewer"});
    return core::Fail(std::move(error));
  };
  const Answer answer = Post(Event("e-1", "2026-02-26"), kOne);
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(answer.Json()["violations"][0]["field"], "events");
}

TEST_F(EventsTest, NothingUsableIsAnsweredWithoutACall) {
  bool called = false;
  push_facts_ = [&](const rpc::CallContext&, const intake::v1::PushFactsRequest&) {
    called = true;
    return intake::v1::PushFactsResponse();
  };
  const Answer answer = Post({{"specversion", "1.0"}}, kOne);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Json()["refused"], 1);
  EXPECT_FALSE(called);
}

TEST_F(EventsTest, OtherContentTypesAreRefused) {
  EXPECT_EQ(Post(Event("e-1", "2026-02-26"), "application/json").status, 415);
}

}  // namespace
}  // namespace tilts::gateway
