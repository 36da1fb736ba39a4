#include "house.hpp"

#include <google/protobuf/descriptor.h>

#include "gateway/app/openapi.hpp"

namespace tilts::gateway {
namespace {

constexpr char kIntake[] = "tilts.intake.v1.IntakeService";
constexpr char kFacts[] = "tilts.intake.v1.FactService";
constexpr char kNotification[] = "tilts.notification.v1.NotificationService";
constexpr char kOperations[] = "tilts.operations.v1.OperationsService";

// The methods of a contract that no test looks at answer with nothing; a new one needs no line here.
void BindTheRest(rpc::MethodTable& methods, const std::string& service) {
  const auto* contract = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  for (int i = 0; i < contract->method_count(); ++i) {
    const std::string name = service + '/' + contract->method(i)->name();
    if (methods.Find(name) != nullptr) continue;
    methods.BindRaw(
        name, [](const rpc::CallContext&, std::string_view, rpc::RawReplier reply) { reply.Send(std::string()); });
  }
}

auth::GrantDirectory::Fetch Always(const auth::GrantDirectory::Snapshot& snapshot) {
  return [snapshot](std::uint64_t) { return core::Result<auth::GrantDirectory::Snapshot>(snapshot); };
}

}  // namespace

Backend::Backend(std::string name, const std::string& gateway_public_key,
                 const auth::GrantDirectory::Snapshot& snapshot)
    : grants_({}, Always(snapshot)),
      verifier_(std::move(name), {{"gateway", gateway_public_key}}),
      gatekeeper_(grants_, verifier_, clock_),
      executor_("backend", 4, 64, metrics_) {}

Backend::~Backend() {
  Stop();
}

void Backend::Start() {
  auto server = rpc::Server::Start({}, {methods, executor_, gatekeeper_, clock_, clock_, log::Silent(), metrics_, {}});
  ASSERT_TRUE(server.has_value()) << server.error().message;
  server_ = *std::move(server);
}

void Backend::Stop() {
  if (server_) server_->Shutdown(std::chrono::seconds(1));
}

void HouseTest::SetUp() {
  ServerTest::SetUp();
  if (HasFatalFailure()) return;
  client_ = testing::UniqueName("client");
  snapshot_.set_version(1);
  auto& credential = *snapshot_.add_credentials();
  credential.set_credential_id(key_.key_id);
  credential.set_client_id(client_);
  credential.set_secret_sha256(auth::ApiKeySecretHash(key_.secret));
  for (const char* institution : {"school-1", "iksd"}) {
    auto& grant = *snapshot_.add_grants();
    grant.set_client_id(client_);
    grant.set_institution_id(institution);
    grant.add_operations("*");
  }
  snapshot_.add_operator_institution_ids("iksd");

  intake_ = std::make_unique<Backend>("case-intake", signing_key_.public_key(), snapshot_);
  notification_ = std::make_unique<Backend>("notification", signing_key_.public_key(), snapshot_);
  BindIntake();
  BindNotification();
  BindStatus(*intake_, "case-intake");
  BindStatus(*notification_, "notification");
  intake_->Start();
  notification_->Start();
  if (HasFatalFailure()) return;
  StartFront(Options(), {.requests_per_second = 1000, .burst = 1000}, servers().Redis());
}

void HouseTest::TearDown() {
  http_.reset();
  front_.reset();
  upstream_.reset();
  intake_.reset();
  notification_.reset();
  ServerTest::TearDown();
}

FrontOptions HouseTest::Options() {
  FrontOptions options;
  options.call_threads = 4;
  options.limits.wait_places = 2;
  options.server.max_body_bytes = 64 * 1024;
  options.limits.upstream_timeout = std::chrono::seconds(5);
  return options;
}

void HouseTest::StartFront(const FrontOptions& options, RateLimits limits, const redis::RedisOptions& redis) {
  front_.reset();
  request_log_.reset();
  signer_ = std::make_unique<auth::PrincipalSigner>("gateway", signing_key_);
  credentials_ = std::make_unique<auth::SigningCredentials>(*signer_, clock_);
  grants_ = std::make_unique<auth::GrantDirectory>(auth::GrantDirectoryOptions{}, Always(snapshot_));
  upstream_ = std::make_unique<Upstream>(
      std::map<std::string, std::string>{{"case-intake", intake_->target()}, {"notification", notification_->target()}},
      *credentials_);
  routes_ = std::make_unique<RouteTable>(*RouteTable::Build(wire::LinkedContracts()));
  redis_ = std::make_unique<redis::Redis>(redis);
  metrics_ = std::make_unique<metrics::Registry>();
  limiter_ = std::make_unique<RateLimiter>(*redis_, limits, *metrics_);
  log_ = std::make_unique<log::Logger>("gateway", "0", log::Level::kDebug, clock_, [this](std::string_view line) {
    const std::lock_guard lock(log_mutex_);
    log_lines_.emplace_back(line);
  });
  request_log_ = std::make_unique<RequestLog>(*log_, *metrics_, routes_->routes());
  front_ = std::make_unique<Front>(
      options, FrontParts{*routes_, *grants_, *upstream_, *limiter_, *request_log_, clock_, *metrics_,
                          [this] { return ready_; }, OpenApiDocument(routes_->routes(), "0.0.0")});
  const auto started = front_->Start();
  ASSERT_TRUE(started.has_value()) << started.error().message;
  http::ClientOptions client;
  client.allow_private_networks = true;
  http_ = std::make_unique<http::HttpClient>(client);
}

HouseTest::Answer HouseTest::Send(const std::string& method, const std::string& path, const std::string& body,
                                  http::Headers headers) {
  if (!body.empty()) headers.Add("Content-Type", "application/json");
  return SendWithType(method, path, body, std::move(headers));
}

HouseTest::Answer HouseTest::SendWithType(const std::string& method, const std::string& path, const std::string& body,
                                          http::Headers headers) {
  http::HttpRequest request;
  request.method = method;
  request.url = "http://127.0.0.1:" + std::to_string(front_->port()) + path;
  request.headers = std::move(headers);
  request.body = body;
  auto answer = http_->SendAndWait(std::move(request));
  EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().message);
  return answer ? Answer{answer->status, answer->headers, answer->body} : Answer{};
}

http::Headers HouseTest::SchoolHeaders() const {
  return {{"Authorization", "Bearer " + auth::FormatApiKey(key_)}, {"Tilts-Institution", "school-1"}};
}

HouseTest::Answer HouseTest::AsSchool(const std::string& method, const std::string& path, const std::string& body,
                                      http::Headers more) {
  http::Headers headers = SchoolHeaders();
  for (const auto& [name, value] : more.all()) headers.Add(name, value);
  return Send(method, path, body, std::move(headers));
}

HouseTest::Answer HouseTest::AsOperator(const std::string& method, const std::string& path) {
  return Send(method, path, "",
              {{"Authorization", "Bearer " + auth::FormatApiKey(key_)}, {"Tilts-Institution", "iksd"}});
}

std::vector<std::string> HouseTest::LogLines() {
  const std::lock_guard lock(log_mutex_);
  return log_lines_;
}

void HouseTest::BindIntake() {
  using namespace intake::v1;
  rpc::MethodTable& methods = intake_->methods;
  const std::string prefix = std::string(kIntake) + '/';
  methods.Bind<ReportConcernRequest, ReportConcernResponse>(
      prefix + "ReportConcern", [this](const rpc::CallContext& call, const ReportConcernRequest& request) {
        return report_ ? report_(call, request) : core::Result<ReportConcernResponse>(ReportConcernResponse());
      });
  methods.Bind<GetCaseRequest, GetCaseResponse>(
      prefix + "GetCase", [this](const rpc::CallContext& call, const GetCaseRequest& request) {
        return get_case_ ? get_case_(call, request) : core::Result<GetCaseResponse>(GetCaseResponse());
      });
  methods.Bind<CloseCaseRequest, CloseCaseResponse>(
      prefix + "CloseCase", [this](const rpc::CallContext& call, const CloseCaseRequest& request) {
        return close_case_ ? close_case_(call, request) : core::Result<CloseCaseResponse>(CloseCaseResponse());
      });
  BindTheRest(methods, kIntake);
  methods.Bind<PushFactsRequest, PushFactsResponse>(
      std::string(kFacts) + "/PushFacts", [this](const rpc::CallContext& call, const PushFactsRequest& request) {
        return push_facts_ ? push_facts_(call, request) : core::Result<PushFactsResponse>(PushFactsResponse());
      });
  BindTheRest(methods, kFacts);
}

void HouseTest::BindNotification() {
  using namespace notification::v1;
  rpc::MethodTable& methods = notification_->methods;
  const std::string prefix = std::string(kNotification) + '/';
  methods.Bind<ReadFeedRequest, ReadFeedResponse>(
      prefix + "ReadFeed", [this](const rpc::CallContext& call, const ReadFeedRequest& request) {
        return read_feed_ ? read_feed_(call, request) : core::Result<ReadFeedResponse>(ReadFeedResponse());
      });
  BindTheRest(methods, kNotification);
}

void HouseTest::BindStatus(Backend& backend, const std::string& name) {
  using namespace operations::v1;
  backend.methods.Bind<GetStatusRequest, GetStatusResponse>(
      std::string(kOperations) + "/GetStatus",
      [name](const rpc::CallContext& call, const GetStatusRequest&) -> core::Result<GetStatusResponse> {
        GetStatusResponse status;
        status.set_service(name);
        status.set_version(call.principal.service);  // lets a test see who asked
        status.set_ready(true);
        status.set_at_rest(true);
        return status;
      });
  BindTheRest(backend.methods, kOperations);
}

}  // namespace tilts::gateway
