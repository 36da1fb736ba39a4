#include <future>

#include "house.hpp"
#include "testing/wait_for.hpp"

namespace tilts::gateway {
namespace {

using nlohmann::json;

TEST_F(HouseTest, CarriesAReportToItsServiceAndTheAnswerBack) {
  rpc::CallContext seen;
  intake::v1::ReportConcernRequest got;
  report_ = [&](const rpc::CallContext& call, const intake::v1::ReportConcernRequest& request) {
    seen = call;
    got = request;
    intake::v1::ReportConcernResponse response;
    response.set_report_id("rep-1");
    response.add_warnings()->set_code("PERSON_UNIDENTIFIED");
    return response;
  };
  const Answer answer =
      AsSchool("POST", "/v1/reports",
               R"({"stream": "STREAM_VIOLENCE", "concerns": ["CONCERN_CODE_PHYSICAL"], "description": "ā"})",
               {{"Idempotency-Key", "key-1"},
                {"Tilts-Role", "head"},
                {"Tilts-Purpose", "PROTECTION"},
                {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Json()["report_id"], "rep-1");
  EXPECT_EQ(answer.Json()["warnings"][0]["code"], "PERSON_UNIDENTIFIED");
  EXPECT_EQ(answer.Header("Content-Type"), "application/json");
  EXPECT_EQ(answer.Header("Cache-Control"), "no-store");
  EXPECT_EQ(got.request_id(), "key-1");
  EXPECT_EQ(got.description(), "ā");
  EXPECT_EQ(got.stream(), codes::v1::STREAM_VIOLENCE);
  EXPECT_EQ(seen.principal.client_id, client_);
  EXPECT_EQ(seen.principal.institution_id, "school-1");
  EXPECT_EQ(seen.principal.kind, auth::Principal::Kind::kInstitution);
  EXPECT_EQ(seen.principal.issuer, "gateway");
  EXPECT_EQ(seen.principal.role, "head");
  EXPECT_EQ(seen.principal.purpose, "PROTECTION");
  EXPECT_EQ(seen.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(seen.call_id, answer.Header("Tilts-Call-Id"));
}

TEST_F(HouseTest, MapsEtagAndIfMatchBothWays) {
  get_case_ = [](const rpc::CallContext&, const intake::v1::GetCaseRequest& request) {
    intake::v1::GetCaseResponse response;
    response.mutable_case_file()->set_case_id(request.case_id());
    response.mutable_case_file()->set_etag("7");
    return response;
  };
  close_case_ = [](const rpc::CallContext&,
                   const intake::v1::CloseCaseRequest& request) -> core::Result<intake::v1::CloseCaseResponse> {
    if (request.etag() != "7") return core::Fail(core::Errc::kConflict, "read it again", "ETAG_MISMATCH");
    return intake::v1::CloseCaseResponse();
  };
  const Answer read = AsSchool("GET", "/v1/cases/c1");
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.Header("ETag"), "\"7\"");
  EXPECT_EQ(AsSchool("GET", "/v1/cases/c1", "", {{"If-None-Match", "\"7\""}}).status, 304);
  EXPECT_EQ(AsSchool("POST", "/v1/cases/c1:close", "{}", {{"If-Match", "\"7\""}}).status, 200);
  EXPECT_EQ(AsSchool("POST", "/v1/cases/c1:close", "{}", {{"If-Match", "\"6\""}}).status, 412);
}

TEST_F(HouseTest, AnswersProbesAndDescriptionWithoutACaller) {
  EXPECT_EQ(Send("GET", "/livez").status, 200);
  EXPECT_EQ(Send("GET", "/readyz").status, 200);
  ready_ = false;
  EXPECT_EQ(Send("GET", "/livez").status, 200);
  EXPECT_EQ(Send("GET", "/readyz").status, 503);
  const Answer description = Send("GET", "/openapi.json");
  EXPECT_EQ(description.status, 200);
  EXPECT_EQ(description.Json()["openapi"], "3.1.0");
}

TEST_F(HouseTest, LogsTheRouteButNoIdNoQueryAndNoBody) {
  get_case_ = [](const rpc::CallContext&,
                 const intake::v1::GetCaseRequest&) -> core::Result<intake::v1::GetCaseResponse> {
    return core::Fail(core::Errc::kNotFound, "There is no such case.");
  };
  AsSchool("GET", "/v1/cases/canary-id");
  AsSchool("GET", "/v1/cases?page_token=canary-token");
  AsSchool("GET", "/canary-path?q=canary-query");
  AsSchool("POST", "/v1/reports", R"({"canary_field": "canary-value"})");
  ASSERT_TRUE(testing::WaitFor([&] { return LogLines().size() == 4; }, std::chrono::seconds(10)));
  const auto lines = LogLines();
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find("canary"), std::string::npos) << line;
    EXPECT_EQ(line.find(key_.secret), std::string::npos) << line;
    EXPECT_TRUE(json::accept(line)) << line;
  }
  const json first = json::parse(lines[0]);
  EXPECT_EQ(first["route"], "/v1/cases/{case_id}");
  EXPECT_EQ(first["status"], 404);
  EXPECT_EQ(first["institution_id"], "school-1");
  EXPECT_EQ(json::parse(lines[3])["status"], 400);
  EXPECT_NE(metrics_->Expose().find(R"(code="4xx",rpc="tilts.intake.v1.IntakeService/GetCase"} 1)"), std::string::npos);
}

TEST_F(HouseTest, FinishesWhatIsInHandWhenItStops) {
  std::promise<void> entered;
  std::promise<void> go;
  report_ = [&](const rpc::CallContext&, const intake::v1::ReportConcernRequest&) {
    entered.set_value();
    go.get_future().wait();
    return intake::v1::ReportConcernResponse();
  };
  auto answer = std::async(std::launch::async, [&] { return AsSchool("POST", "/v1/reports", "{}"); });
  entered.get_future().wait();
  EXPECT_EQ(front_->at_work(), 1u);
  auto stopped = std::async(std::launch::async, [&] { front_->Stop(std::chrono::seconds(8)); });
  go.set_value();
  EXPECT_EQ(answer.get().status, 200);
  EXPECT_EQ(stopped.wait_for(std::chrono::seconds(8)), std::future_status::ready);
}

}  // namespace
}  // namespace tilts::gateway
