#pragma once

#include <gtest/gtest.h>
#include <tilts/audit/v1/audit_service.pb.h>
#include <tilts/operations/v1/operations_service.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "log/log.hpp"
#include "metrics/metrics.hpp"
#include "rpc/executor.hpp"
#include "rpc/method_table.hpp"
#include "rpc/server.hpp"
#include "tiltsctl/app/command_line.hpp"

namespace tilts::tiltsctl {

// One real server that plays every service, and the program run against it.
class FakeServicesTest : public ::testing::Test, private rpc::Gatekeeper {
 protected:
  // Names every method of a service at once, so that a test binds only what it needs.
  template <typename Request, typename Response>
  void Answer(const std::string& method, std::function<core::Result<Response>(const Request&)> answer) {
    methods_.Bind<Request, Response>(
        method, [this, method, answer = std::move(answer)](const rpc::CallContext& call, const Request& request) {
          metadata_ = call.metadata;
          return answer(request);
        });
  }

  void Serve() {
    executor_ = std::make_unique<rpc::Executor>("test", 2, 16, metrics_);
    auto server = rpc::Server::Start({}, {methods_, *executor_, *this, clock_, clock_, log::Silent(), metrics_, {}});
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = *std::move(server);
    config_file_ = ::testing::TempDir() + "tiltsctl_test_client.json";
    const std::string address = "127.0.0.1:" + std::to_string(server_->port());
    std::ofstream(config_file_) << R"({"services": {"audit": ")" << address << R"(", "referral-routing": ")" << address
                                << R"(", "risk-scoring": ")" << address
                                << R"("}, "institution": "vp", "timeout": "2s"})";
  }

  int Run(std::vector<std::string> words) {
    out_.str("");
    err_.str("");
    std::map<std::string, std::string> environment{{"TILTS_CLIENT_CONFIG", config_file_}, {"TILTS_KEY", "tk_x"}};
    return RunCommandLine(words, environment, out_, err_, false);
  }

  rpc::Metadata metadata_;
  rpc::MethodTable methods_;
  std::ostringstream out_;
  std::ostringstream err_;
  std::string config_file_;

 private:
  class StillClock final : public core::CityClock, public core::MachineClock {
   public:
    core::CityTime Now() const override { return {}; }
  };

  core::Result<auth::Principal> Admit(const google::protobuf::MethodDescriptor&, const rpc::Metadata&,
                                      core::CityTime) override {
    return auth::Principal();
  }

  StillClock clock_;
  metrics::Registry metrics_;
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace tilts::tiltsctl
