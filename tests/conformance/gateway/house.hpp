#pragma once

#include <gtest/gtest.h>
#include <tilts/intake/v1/fact_service.pb.h>
#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/notification/v1/notification_service.pb.h>
#include <tilts/operations/v1/operations_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "auth/api_key.hpp"
#include "auth/credentials.hpp"
#include "auth/gatekeeper.hpp"
#include "gateway/adapters/front.hpp"
#include "http/client.hpp"
#include "rpc/method_table.hpp"
#include "rpc/server.hpp"
#include "testing/server_set.hpp"
#include "wire/contract_lint.hpp"

namespace tilts::gateway {

class StillClock final : public core::CityClock, public core::MachineClock {
 public:
  core::CityTime Now() const override { return *core::ParseRfc3339("2026-03-02T08:00:00Z"); }
};

// One service behind the door: a real RPC server that admits callers as every service does.
class Backend {
 public:
  Backend(std::string name, const std::string& gateway_public_key, const auth::GrantDirectory::Snapshot& snapshot);
  ~Backend();

  rpc::MethodTable methods;
  void Start();
  void Stop();
  std::string target() const { return "127.0.0.1:" + std::to_string(server_->port()); }

 private:
  StillClock clock_;
  metrics::Registry metrics_;
  auth::GrantDirectory grants_;
  auth::PrincipalVerifier verifier_;
  auth::Gatekeeper gatekeeper_;
  rpc::Executor executor_;
  std::unique_ptr<rpc::Server> server_;
};

// The door before three services, with a real Redis. Handlers are what a test puts in place.
class HouseTest : public testing::ServerTest {
 protected:
  void SetUp() override;
  void TearDown() override;
  // Called by SetUp; a test that needs other limits stops and starts the front itself.
  void StartFront(const FrontOptions& options, RateLimits limits, const redis::RedisOptions& redis);
  static FrontOptions Options();

  struct Answer {
    int status = 0;
    http::Headers headers;
    std::string body;
    nlohmann::json Json() const { return nlohmann::json::parse(body, nullptr, false); }
    std::string Header(std::string_view name) const { return std::string(headers.Find(name).value_or("")); }
    std::string Reason() const { return Json().value("reason", ""); }
  };
  Answer Send(const std::string& method, const std::string& path, const std::string& body = "",
              http::Headers headers = {});
  // With the content type among `headers`.
  Answer SendWithType(const std::string& method, const std::string& path, const std::string& body,
                      http::Headers headers);
  // With the school's key and acting institution.
  Answer AsSchool(const std::string& method, const std::string& path, const std::string& body = "",
                  http::Headers more = {});
  Answer AsOperator(const std::string& method, const std::string& path);
  http::Headers SchoolHeaders() const;

  std::vector<std::string> LogLines();

  StillClock clock_;
  auth::ApiKey key_ = auth::NewApiKey();
  std::string client_;  // unique, so that runs do not share a bucket
  auth::GrantDirectory::Snapshot snapshot_;

  std::function<core::Result<intake::v1::ReportConcernResponse>(const rpc::CallContext&,
                                                                const intake::v1::ReportConcernRequest&)>
      report_;
  std::function<core::Result<intake::v1::GetCaseResponse>(const rpc::CallContext&, const intake::v1::GetCaseRequest&)>
      get_case_;
  std::function<core::Result<intake::v1::CloseCaseResponse>(const rpc::CallContext&,
                                                            const intake::v1::CloseCaseRequest&)>
      close_case_;
  std::function<core::Result<intake::v1::PushFactsResponse>(const rpc::CallContext&,
                                                            const intake::v1::PushFactsRequest&)>
      push_facts_;
  std::function<core::Result<notification::v1::ReadFeedResponse>(const rpc::CallContext&,
                                                                 const notification::v1::ReadFeedRequest&)>
      read_feed_;

  std::unique_ptr<Backend> intake_;
  std::unique_ptr<Backend> notification_;
  std::unique_ptr<metrics::Registry> metrics_;
  std::unique_ptr<Front> front_;
  bool ready_ = true;

 private:
  void BindIntake();
  void BindNotification();
  static void BindStatus(Backend& backend, const std::string& name);

  crypto::SigningKey signing_key_ = crypto::SigningKey::Random();
  std::unique_ptr<auth::PrincipalSigner> signer_;
  std::unique_ptr<auth::SigningCredentials> credentials_;
  std::unique_ptr<auth::GrantDirectory> grants_;
  std::unique_ptr<Upstream> upstream_;
  std::unique_ptr<RouteTable> routes_;
  std::unique_ptr<redis::Redis> redis_;
  std::unique_ptr<RateLimiter> limiter_;
  std::mutex log_mutex_;
  std::vector<std::string> log_lines_;
  std::unique_ptr<log::Logger> log_;
  std::unique_ptr<RequestLog> request_log_;
  std::unique_ptr<http::HttpClient> http_;
};

}  // namespace tilts::gateway
