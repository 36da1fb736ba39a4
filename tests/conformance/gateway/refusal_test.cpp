#include <algorithm>
#include <atomic>
#include <future>

#include "house.hpp"
#include "testing/wait_for.hpp"

namespace tilts::gateway {
namespace {

using core::Errc;
using core::Error;

TEST_F(HouseTest, CarriesTheServicesErrorWhole) {
  Error error{Errc::kRefused, "The case is closed.", "CASE_STATE", {{"outcome", "REQUIRED", "Send an outcome."}}, 0};
  close_case_ = [&](const rpc::CallContext&,
                    const intake::v1::CloseCaseRequest&) -> core::Result<intake::v1::CloseCaseResponse> {
    return core::Fail(error);
  };
  const Answer answer = AsSchool("POST", "/v1/cases/c1:close", "{}");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.Reason(), "CASE_STATE");
  EXPECT_EQ(answer.Json()["detail"], "The case is closed.");
  EXPECT_EQ(answer.Json()["violations"][0]["field"], "outcome");
  EXPECT_EQ(answer.Json()["instance"], "urn:tilts:call:" + answer.Header("Tilts-Call-Id"));

  error = {Errc::kAlreadyExists, "Another body.", "IDEMPOTENCY_BODY", {}, 0};
  EXPECT_EQ(AsSchool("POST", "/v1/cases/c1:close", "{}").status, 422);
  error = {Errc::kConflict, "Still running.", "IDEMPOTENCY_IN_FLIGHT", {}, 0};
  const Answer in_flight = AsSchool("POST", "/v1/cases/c1:close", "{}");
  EXPECT_EQ(in_flight.status, 409);
  EXPECT_EQ(in_flight.Header("Retry-After"), "1");
  error = {Errc::kNotFound, "There is no such case.", "", {}, 0};
  EXPECT_EQ(AsSchool("POST", "/v1/cases/c1:close", "{}").status, 404);
}

TEST_F(HouseTest, NamesWhatIsWrongBeforeAnyServiceIsAsked) {
  bool asked = false;
  report_ = [&](const rpc::CallContext&, const intake::v1::ReportConcernRequest&) {
    asked = true;
    return intake::v1::ReportConcernResponse();
  };
  const Answer answer = AsSchool("POST", "/v1/reports", R"({"people": [{"birth_day": "x"}]})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Json()["violations"][0]["field"], "people[0].birth_day");
  EXPECT_EQ(answer.Json()["violations"][0]["code"], "UNKNOWN_FIELD");
  EXPECT_FALSE(asked);
}

TEST_F(HouseTest, KnowsPathsAndMethods) {
  EXPECT_EQ(AsSchool("GET", "/v1/nowhere").status, 404);
  const Answer answer = AsSchool("DELETE", "/v1/cases/c1");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.Header("Allow"), "GET");
  EXPECT_EQ(AsSchool("GET", "/v1/cases/%zz").status, 400);
}

TEST_F(HouseTest, RefusesABodyThatIsTooLong) {
  EXPECT_EQ(AsSchool("POST", "/v1/reports", "{\"description\": \"" + std::string(100'000, 'x') + "\"}").status, 413);
}

TEST_F(HouseTest, SaysUnavailableForAServiceThatIsDownAndServesTheOthers) {
  intake_->Stop();
  const Answer answer = AsSchool("GET", "/v1/cases/c1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.Header("Retry-After"), "");
  EXPECT_EQ(AsSchool("GET", "/v1/feed").status, 200);
  EXPECT_EQ(AsSchool("GET", "/v1/referrals").Reason(), "PEER_MISSING");
}

TEST_F(HouseTest, GivesUpOnASlowServiceAtItsLimit) {
  FrontOptions options = Options();
  options.limits.upstream_timeout = std::chrono::milliseconds(200);
  StartFront(options, {}, servers().Redis());
  std::promise<void> go;
  auto waiting = go.get_future().share();
  get_case_ = [waiting](const rpc::CallContext&, const intake::v1::GetCaseRequest&) {
    waiting.wait();
    return intake::v1::GetCaseResponse();
  };
  EXPECT_EQ(AsSchool("GET", "/v1/cases/c1").status, 504);
  go.set_value();
}

TEST_F(HouseTest, IsOverloadedAtOnceWhenThreadsAndQueueAreTaken) {
  FrontOptions options = Options();
  options.call_threads = 1;
  options.call_queue = 1;
  StartFront(options, {}, servers().Redis());
  std::promise<void> go;
  auto waiting = go.get_future().share();
  std::atomic<int> entered = 0;
  get_case_ = [&, waiting](const rpc::CallContext&, const intake::v1::GetCaseRequest&) {
    ++entered;
    waiting.wait();
    return intake::v1::GetCaseResponse();
  };
  std::vector<std::future<Answer>> calls;
  for (int i = 0; i < 6; ++i)
    calls.push_back(std::async(std::launch::async, [&] { return AsSchool("GET", "/v1/cases/c1"); }));
  // One is at work and at most one waits: the others are answered while both still hang.
  const auto answered = [&] {
    return std::count_if(calls.begin(), calls.end(), [](const auto& call) {
      return call.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
  };
  EXPECT_TRUE(testing::WaitFor([&] { return entered == 1 && answered() >= 4; }, std::chrono::seconds(10)));
  EXPECT_EQ(Send("GET", "/livez").status, 200);
  go.set_value();
  int refused = 0;
  for (auto& call : calls) {
    const Answer answer = call.get();
    if (answer.status == 200) continue;
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.Header("Retry-After"), "");
    ++refused;
  }
  EXPECT_GE(refused, 4);
}

}  // namespace
}  // namespace tilts::gateway
