#include "ingest_load.hpp"

#include <tilts/intake/v1/fact_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>

#include "attendance.hpp"
#include "core/city_time.hpp"
#include "wire/time.hpp"

namespace tilts::bench {
namespace {

constexpr char kPushFacts[] = "tilts.intake.v1.FactService/PushFacts";
constexpr int kAttempts = 100;

template <typename Response>
Response Ask(rpc::Channel& channel, const char* method, const google::protobuf::Message& request,
             rpc::CallOptions options) {
  options.timeout = std::chrono::seconds(60);
  auto answer = channel.Call<Response>(method, request, options);
  if (!answer)
    throw std::runtime_error(std::string(method) + ": " + answer.error().reason + " " + answer.error().message);
  return *std::move(answer);
}

std::string SchoolName(int n) {
  const std::string number = std::to_string(n + 1);
  return "riga-school-" + std::string(3 - number.size(), '0') + number;
}

std::string PupilNumber(int pupil) {
  return "PN-" + std::to_string(100'000 + pupil);
}

Vendor MakeVendor(const PrivateRun& run, int schools) {
  rpc::Channel registry(run.Address("registry"));
  const rpc::CallOptions as_operator = Vendor{run.OperatorKey(), {}}.As("tilts-operator");
  registry::v1::CreateClientRequest client;
  client.set_request_id("bench-client");
  client.set_client_id("bench");
  client.set_name("bench");
  Ask<registry::v1::CreateClientResponse>(registry, "tilts.registry.v1.RegistryService/CreateClient", client,
                                          as_operator);
  Vendor vendor;
  for (int i = 0; i < schools; ++i) {
    registry::v1::GrantInstitutionRequest grant;
    grant.set_request_id("bench-grant-" + std::to_string(i));
    grant.set_client_id("bench");
    grant.set_institution_id(SchoolName(i));
    grant.add_operations("fact.write");
    Ask<registry::v1::GrantInstitutionResponse>(registry, "tilts.registry.v1.RegistryService/GrantInstitution", grant,
                                                as_operator);
    vendor.schools.push_back(SchoolName(i));
  }
  registry::v1::IssueCredentialRequest credential;
  credential.set_request_id("bench-key");
  credential.set_client_id("bench");
  *credential.mutable_expires_at() =
      wire::ToTimestamp(core::CityTime(std::chrono::hours(24) * (SchoolDay(kDaysPushed) + 200)));
  vendor.api_key = Ask<registry::v1::IssueCredentialResponse>(
                       registry, "tilts.registry.v1.RegistryService/IssueCredential", credential, as_operator)
                       .api_key();
  return vendor;
}

intake::v1::PushRosterRequest RosterOf(const std::string& school, int pupils) {
  intake::v1::PushRosterRequest roster;
  roster.set_request_id("bench-roster-" + school);
  roster.set_day(Iso(SchoolDay(kDaysPushed - 1)));
  for (int i = 0; i < pupils; ++i) {
    intake::v1::RosterEntry& entry = *roster.add_pupils();
    entry.set_pupil_number(PupilNumber(i));
    entry.set_from(Iso(SchoolDay(0)));
    entry.set_grade(1 + static_cast<std::uint32_t>(i) % 9);
    intake::v1::ReportedPerson& person = *entry.mutable_person();
    auto& identifier = *person.add_identifiers();
    identifier.set_system(codes::v1::IDENTIFIER_SYSTEM_NATIONAL_CODE);
    identifier.set_value(school + "-" + std::to_string(i));
    person.set_given_name("Synthetic");
    person.set_family_name("Learner");
  }
  return roster;
}

std::string RequestOf(int first_pupil, int pupils, int day, std::uint32_t revision) {
  intake::v1::PushFactsRequest request;
  for (int pupil = first_pupil; pupil < first_pupil + pupils; ++pupil) {
    // A correction says something else.
    const Lessons lessons = LessonsOf(pupil + static_cast<int>(revision) * 1'000'000, day);
    intake::v1::Fact& fact = *request.add_facts();
    fact.set_pupil_number(PupilNumber(pupil));
    fact.set_revision(revision);
    intake::v1::AttendanceDay& attendance = *fact.mutable_attendance();
    attendance.set_day(Iso(SchoolDay(day)));
    attendance.set_lessons_offered(lessons.offered);
    attendance.set_late(lessons.late);
    attendance.set_absent_unknown(lessons.unknown);
    attendance.set_absent_excused(lessons.excused);
    attendance.set_absent_unexcused(lessons.unexcused);
  }
  return request.SerializeAsString();
}

void Count(const core::Result<std::string>& answer, bool echo, std::size_t sent, Answers& answers) {
  intake::v1::PushFactsResponse response;
  if (answer && echo && answer->size() == sent) {
    answers.accepted += kFactsOfACall;
    return;
  }
  if (answer && !echo && response.ParseFromString(*answer)) {
    answers.accepted += response.accepted();
    answers.held += response.held();
    answers.refused += response.refused();
    return;
  }
  ++answers.failed_calls;
  if (answers.first_failure.empty()) answers.first_failure = answer ? "ANSWER_UNREADABLE" : answer.error().reason;
}

void Add(Answers&& part, Answers& all) {
  all.accepted += part.accepted;
  all.held += part.held;
  all.refused += part.refused;
  all.failed_calls += part.failed_calls;
  if (all.first_failure.empty()) all.first_failure = part.first_failure;
  std::move(part.milliseconds.begin(), part.milliseconds.end(), std::back_inserter(all.milliseconds));
}

}  // namespace

rpc::CallOptions Vendor::As(const std::string& school) const {
  rpc::CallOptions options;
  options.timeout = std::chrono::seconds(30);
  options.metadata.emplace("authorization", "Bearer " + api_key);
  options.metadata.emplace("tilts-institution", school);
  return options;
}

Vendor Enrol(const PrivateRun& run, int schools, int pupils, std::uint64_t& started) {
  Vendor vendor = MakeVendor(run, schools);
  rpc::Channel door(run.Address("case-intake"));
  for (const std::string& school : vendor.schools) {
    const intake::v1::PushRosterRequest roster = RosterOf(school, pupils);
    core::Result<intake::v1::PushRosterResponse> answer;
    // The door learns of a new grant within a refresh interval.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      rpc::CallOptions options = vendor.As(school);
      options.timeout = std::chrono::seconds(60);
      answer = door.Call<intake::v1::PushRosterResponse>("tilts.intake.v1.FactService/PushRoster", roster, options);
      if (answer || answer.error().code == core::Errc::kInvalid) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    if (!answer) throw std::runtime_error("roster of " + school + ": " + answer.error().reason);
    started += answer->started();
  }
  return vendor;
}

std::vector<Call> CallsOf(const Vendor& vendor, int pupils, std::uint32_t first_revision, std::uint32_t revisions) {
  std::vector<Call> calls;
  for (std::uint32_t revision = first_revision; revision < first_revision + revisions; ++revision) {
    for (int day = 0; day < kDaysPushed; ++day) {
      for (int pupil = 0; pupil + kFactsOfACall <= pupils; pupil += kFactsOfACall) {
        const std::string request = RequestOf(pupil, kFactsOfACall, day, revision);
        for (std::size_t school = 0; school < vendor.schools.size(); ++school) calls.push_back({school, request});
      }
    }
  }
  return calls;
}

Pusher::Pusher(std::string address, const Vendor& vendor, int connections)
    : address_(std::move(address)), vendor_(vendor), connections_(connections) {}

Answers Pusher::Push(const std::vector<Call>& calls, double seconds) {
  return Run(calls, seconds, false);
}
Answers Pusher::Echo(const std::vector<Call>& calls, double seconds) {
  return Run(calls, seconds, true);
}

Answers Pusher::Run(const std::vector<Call>& calls, double seconds, bool echo) {
  Answers all;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  std::vector<std::thread> threads;
  for (int i = 0; i < connections_; ++i) {
    threads.emplace_back([&] {
      rpc::Channel channel(address_);
      Answers own;
      for (std::size_t at = next++; at < calls.size() && Clock::now() < end; at = next++) {
        const Call& call = calls[at];
        const auto sent = Clock::now();
        const auto answer = channel.CallRaw(kPushFacts, call.request, vendor_.As(vendor_.schools[call.school]));
        own.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - sent).count());
        Count(answer, echo, call.request.size(), own);
      }
      const std::lock_guard lock(mutex);
      Add(std::move(own), all);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return all;
}

}  // namespace tilts::bench
