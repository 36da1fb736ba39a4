#include "city_simulator/play/setup.hpp"

#include <tilts/notification/v1/notification_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace tilts::city_simulator {
namespace {

constexpr const char* kRegistry = "tilts.registry.v1.RegistryService/";
constexpr const char* kNotification = "tilts.notification.v1.NotificationService/";

class Setup {
 public:
  Setup(Api& api, const Caller& operator_caller, const SetupOptions& options, const WebhookServer& receivers)
      : api_(api), operator_(operator_caller), options_(options), receivers_(receivers) {}

  bool Institutions(Directory& directory) {
    std::vector<registry::v1::Institution> all;
    registry::v1::ListInstitutionsRequest request;
    request.set_page_size(1000);
    do {
      registry::v1::ListInstitutionsResponse response;
      if (!Do(operator_, std::string(kRegistry) + "ListInstitutions", request, &response)) return false;
      all.insert(all.end(), response.institutions().begin(), response.institutions().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    directory.Fill(std::move(all));
    return true;
  }

  // A client with a key and grants for all the institutions.
  bool Client(const std::string& name, const std::vector<std::string>& institutions, Parties& parties) {
    registry::v1::CreateClientRequest create;
    create.set_client_id(options_.run_name + "-" + name);
    create.set_name("Simulated system " + name);
    create.set_request_id(NextId());
    if (!Do(operator_, std::string(kRegistry) + "CreateClient", create, nullptr)) return false;
    registry::v1::IssueCredentialRequest issue;
    issue.set_client_id(create.client_id());
    issue.set_request_id(NextId());
    issue.mutable_expires_at()->set_seconds(
        std::chrono::floor<std::chrono::seconds>(options_.valid_until).time_since_epoch().count());
    registry::v1::IssueCredentialResponse key;
    if (!Do(operator_, std::string(kRegistry) + "IssueCredential", issue, &key)) return false;
    for (const std::string& institution : institutions) {
      registry::v1::GrantInstitutionRequest grant;
      grant.set_client_id(create.client_id());
      grant.set_request_id(NextId());
      grant.set_institution_id(institution);
      grant.add_operations("*");
      if (!Do(operator_, std::string(kRegistry) + "GrantInstitution", grant, nullptr)) return false;
      parties.callers[institution] = {key.api_key(), institution};
    }
    return true;
  }

  bool Door(const std::string& institution, unsigned order, Parties& parties) {
    notification::v1::PutEndpointRequest request;
    request.set_request_id(NextId());
    request.set_url(receivers_.Url("/hooks/" + institution + "/" + std::to_string(order)));
    request.set_order(order);
    notification::v1::PutEndpointResponse response;
    if (!Do(parties.callers.at(institution), std::string(kNotification) + "PutEndpoint", request, &response))
      return false;
    parties.secrets[institution][order] = response.secret();
    return true;
  }

  bool AllowHost(const std::string& institution) {
    notification::v1::PutAllowedHostsRequest request;
    request.set_institution_id(institution);
    request.add_hosts("127.0.0.1");
    return Do(operator_, std::string(kNotification) + "PutAllowedHosts", request, nullptr);
  }

  // Services learn of a new key and grant within their refresh interval.
  bool WaitUntilKnown(const Parties& parties) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (const auto& [institution, caller] : parties.callers) {
      while (true) {
        const Called called = Known(caller);
        if (called.ok()) break;
        if ((called.status != 401 && called.status != 403) || std::chrono::steady_clock::now() > limit) {
          failure_ = "the key of " + institution + " is not admitted: " + called.problem;
          return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    }
    return true;
  }

  const std::string& failure() const { return failure_; }

 private:
  std::string NextId() { return options_.run_name + "-setup-" + std::to_string(++requests_); }

  Called Known(const Caller& caller) {
    // Reads nobody's data: the institution's own doors and its own feed.
    notification::v1::ListEndpointsResponse endpoints;
    return api_.Call(caller, std::string(kNotification) + "ListEndpoints", notification::v1::ListEndpointsRequest{},
                     &endpoints);
  }

  bool Do(const Caller& caller, const std::string& method, const google::protobuf::Message& request,
          google::protobuf::Message* response) {
    const Called called = api_.Call(caller, method, request, response);
    if (!called.ok()) failure_ = method + " answered " + std::to_string(called.status) + " " + called.text;
    return called.ok();
  }

  Api& api_;
  const Caller& operator_;
  const SetupOptions& options_;
  const WebhookServer& receivers_;
  std::string failure_;
  unsigned requests_ = 0;
};

}  // namespace

std::string SetUp(Api& api, const Caller& operator_caller, const SetupOptions& options, const WebhookServer& receivers,
                  Instant now, Directory& directory, Parties& parties) {
  Setup setup(api, operator_caller, options, receivers);
  if (!setup.Institutions(directory)) return setup.failure();
  std::vector<std::string> taking_part;
  // One vendor's journal serves all schools with one key; every other institution has a system of its own.
  if (!setup.Client("school-journal", options.schools, parties)) return setup.failure();
  taking_part = options.schools;
  for (const auto& institution : directory.all()) {
    const bool apart = institution.kind() == codes::v1::INSTITUTION_KIND_SCHOOL ||
                       institution.kind() == codes::v1::INSTITUTION_KIND_OPERATOR ||
                       !directory.InForce(institution, now);
    if (apart) continue;
    if (!setup.Client(institution.institution_id(), {institution.institution_id()}, parties)) return setup.failure();
    taking_part.push_back(institution.institution_id());
  }
  for (const std::string& institution : taking_part) {
    if (!setup.AllowHost(institution)) return setup.failure();
  }
  if (!setup.WaitUntilKnown(parties)) return setup.failure();
  for (const std::string& institution : taking_part) {
    if (!setup.Door(institution, 1, parties)) return setup.failure();
    if (directory.Find(institution)->round_the_clock() && !setup.Door(institution, 2, parties)) return setup.failure();
  }
  return {};
}

}  // namespace tilts::city_simulator
