#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <tilts/operations/v1/operations_service.pb.h>

#include <future>

#include "child_process.hpp"
#include "http/server.hpp"
#include "rpc/channel.hpp"

namespace tilts::service {
namespace {

using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kConfig = R"({"environment": "test", "instance": "7", "shutdown": {"budget": "2s", "drain": "0.05s"}})";

rpc::Channel ChannelTo(const ChildProcess& child) {
  return rpc::Channel("127.0.0.1:" + std::to_string(child.PortAfter("rpc_port")));
}

GetStatusResponse StatusOf(const ChildProcess& child) {
  rpc::Channel channel = ChannelTo(child);
  return channel.Call<GetStatusResponse>("tilts.operations.v1.OperationsService/GetStatus", GetStatusRequest(), {})
      .value();
}

seconds Since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - begin);
}

TEST(ProcessTest, ServesUntilTerminatedAndStopsInReverseOrder) {
  ChildProcess child("plain", kConfig);
  ASSERT_TRUE(child.WaitFor("\"ready\":true")) << child.output();
  const GetStatusResponse status = StatusOf(child);
  EXPECT_EQ(status.service(), "test-service");
  EXPECT_EQ(status.instance(), "7");
  EXPECT_TRUE(status.ready());
  EXPECT_TRUE(status.at_rest());
  const auto begin = std::chrono::steady_clock::now();
  child.Terminate();
  EXPECT_EQ(child.Wait(), 0) << child.output();
  EXPECT_LT(Since(begin), seconds(5));
  const auto at = [&](const std::string& text) { return child.output().find(text); };
  EXPECT_LT(at("\"ready\":false"), at("\"msg\":\"quiesced\",\"component\":\"second\""));
  EXPECT_LT(at("\"msg\":\"quiesced\",\"component\":\"second\""), at("\"msg\":\"quiesced\",\"component\":\"first\""));
  EXPECT_LT(at("\"msg\":\"quiesced\",\"component\":\"first\""),
            at("\"msg\":\"component stopped\",\"component\":\"second\""));
  EXPECT_LT(at("\"msg\":\"component stopped\",\"component\":\"second\""),
            at("\"msg\":\"component stopped\",\"component\":\"first\""));
  EXPECT_THAT(child.output(), HasSubstr("\"msg\":\"stopped\",\"code\":0"));
}

TEST(ProcessTest, IsNotAtRestWhenASourceReportsWork) {
  ChildProcess child("busy", kConfig);
  ASSERT_TRUE(child.WaitFor("\"ready\":true")) << child.output();
  const GetStatusResponse status = StatusOf(child);
  EXPECT_EQ(status.outbox_rows(), 3u);
  EXPECT_FALSE(status.at_rest());
}

TEST(ProcessTest, IsLiveButNotReadyWhileAConditionIsUnmet) {
  ChildProcess child("not-ready", kConfig);
  ASSERT_TRUE(child.WaitFor("listening")) << child.output();
  rpc::Channel channel = ChannelTo(child);
  google::protobuf::StringValue service;
  service.set_value("liveness");
  EXPECT_EQ(channel.Call<google::protobuf::Int32Value>("grpc.health.v1.Health/Check", service, {}).value().value(), 1);
  service.set_value("readiness");
  EXPECT_EQ(channel.Call<google::protobuf::Int32Value>("grpc.health.v1.Health/Check", service, {}).value().value(), 2);
  child.Terminate();
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_THAT(child.output(), Not(HasSubstr("\"ready\":true")));
}

TEST(ProcessTest, LeavesInTimeWhenAHandlerNeverComesBack) {
  ChildProcess child("stuck-handler", kConfig);
  ASSERT_TRUE(child.WaitFor("\"ready\":true")) << child.output();
  rpc::Channel channel = ChannelTo(child);
  auto call = std::async(std::launch::async, [&] {
    return channel.CallRaw("tilts.operations.v1.OperationsService/ListDeadLetters", "", {.timeout = seconds(60)});
  });
  ASSERT_TRUE(child.WaitFor("\"msg\":\"stuck\"")) << child.output();
  const auto begin = std::chrono::steady_clock::now();
  child.Terminate();
  EXPECT_EQ(child.Wait(), 1);
  EXPECT_LT(Since(begin), seconds(5));
  EXPECT_EQ(call.get().error().code, core::Errc::kUnavailable);
  EXPECT_THAT(child.output(), HasSubstr("a handler did not come back"));
}

TEST(ProcessTest, LeavesInTimeWhenAComponentNeverStops) {
  ChildProcess child("stuck-stop", kConfig);
  ASSERT_TRUE(child.WaitFor("\"ready\":true")) << child.output();
  const auto begin = std::chrono::steady_clock::now();
  child.Terminate();
  EXPECT_EQ(child.Wait(), 1);
  EXPECT_LT(Since(begin), seconds(5));
  EXPECT_THAT(child.output(), HasSubstr("stopping took too long"));
}

TEST(ProcessTest, StopsInOrderWithFailureWhenAComponentCannotGoOn) {
  ChildProcess child("component-fails", kConfig);
  EXPECT_EQ(child.Wait(), 1);
  EXPECT_THAT(child.output(), HasSubstr("\"msg\":\"component stopped\",\"component\":\"first\""));
}

TEST(ProcessTest, StopsWhatWasStartedWhenAStartFails) {
  ChildProcess child("start-fails", kConfig);
  EXPECT_EQ(child.Wait(), 1);
  EXPECT_THAT(child.output(), HasSubstr("a component did not start"));
  EXPECT_THAT(child.output(), HasSubstr("\"msg\":\"component stopped\",\"component\":\"first\""));
  EXPECT_THAT(child.output(), Not(HasSubstr("\"ready\":true")));
}

class RefusedStartTest : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(RefusedStartTest, SaysWhy) {
  ChildProcess child(GetParam().first, kConfig);
  EXPECT_EQ(child.Wait(), 1);
  EXPECT_THAT(child.output(), HasSubstr(GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(Behaviours, RefusedStartTest,
                         ::testing::Values(std::pair("no-gatekeeper", "GATEKEEPER"),
                                           std::pair("wire-fails", "the store is down"),
                                           std::pair("bad-metric", "METRICS")));

TEST(ProcessTest, RefusesToStartWhenThePortIsTaken) {
  ChildProcess first("plain", kConfig);
  ASSERT_TRUE(first.WaitFor("\"ready\":true")) << first.output();
  const std::string taken =
      R"({"environment": "test", "rpc": {"port": )" + std::to_string(first.PortAfter("rpc_port")) + "}}";
  ChildProcess second("plain", taken);
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_THAT(second.output(), HasSubstr("RPC_PORT"));
}

TEST(ProcessTest, ChecksTheConfigurationWithoutStarting) {
  ChildProcess right("plain", kConfig, {"--check-config"});
  EXPECT_EQ(right.Wait(), 0);
  EXPECT_THAT(right.output(), HasSubstr("the configuration is right"));
  ChildProcess wrong("plain", R"({"environment": "test", "rcp": {}})", {"--check-config"});
  EXPECT_EQ(wrong.Wait(), 2);
  EXPECT_THAT(wrong.output(), HasSubstr("rcp"));
  ChildProcess incomplete("needs-postgres", kConfig, {"--check-config"});
  EXPECT_EQ(incomplete.Wait(), 2);
  EXPECT_THAT(incomplete.output(), HasSubstr("postgres"));
}

TEST(ProcessTest, SaysEveryFaultOfItsDataFilesAndDoesNotStart) {
  for (const bool only_check : {true, false}) {
    ChildProcess wrong("wrong-data", kConfig,
                       only_check ? std::vector<std::string>{"--check-config"} : std::vector<std::string>{});
    EXPECT_EQ(wrong.Wait(), 2);
    EXPECT_THAT(wrong.output(), HasSubstr("rules[a]: PRIORITY_TIE: priority 7 belongs to b"));
  }
}

TEST(ProcessTest, MigratesAndLeavesWhenAsked) {
  ChildProcess child("plain", kConfig, {"--migrate"});
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_THAT(child.output(), HasSubstr("migration ran"));
  EXPECT_THAT(child.output(), Not(HasSubstr("listening")));
}

TEST(ProcessTest, ExportsASpanOfEachCallWhenACollectorIsNamed) {
  std::promise<std::string> body;
  const auto collector = http::HttpServer::Start({}, [&](http::Request request, http::Responder respond) {
    respond({.status = 200});
    body.set_value(std::move(request.body));
  });
  ASSERT_TRUE(collector.has_value());
  ChildProcess child("plain", R"({"environment": "test", "tracing": {"otlp_endpoint": "http://127.0.0.1:)" +
                                  std::to_string((*collector)->port()) + R"("}})");
  ASSERT_TRUE(child.WaitFor("\"ready\":true")) << child.output();
  StatusOf(child);
  child.Terminate();
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_THAT(body.get_future().get(), HasSubstr("tilts.operations.v1.OperationsService/GetStatus"));
}

TEST(ProcessTest, RefusesAFileClockInProduction) {
  ChildProcess child("plain", R"({"environment": "production", "clock": {"city_clock_file": "/x"}})");
  EXPECT_EQ(child.Wait(), 1);
  EXPECT_THAT(child.output(), HasSubstr("CITY_CLOCK"));
}

}  // namespace
}  // namespace tilts::service
