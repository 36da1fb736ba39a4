#include "registry/app/pupil_app.hpp"

#include "calendar/school_year.hpp"
#include "registry/app/command.hpp"

namespace tilts::registry {
namespace {

using calendar::LocalDate;
using core::Errc;
using core::Fail;
using core::Result;

constexpr int kMostNumbers = 1'000;
// 2000-01-01 to 2099-12-31: every year asked about gets a key.
constexpr int kFirstDay = 10'957;
constexpr int kLastDay = 47'481;

core::Status Check(const v1::LookUpPupilNumbersRequest& request) {
  const auto wrong = [](const char* field, const char* code, const char* message) {
    return Fail({Errc::kInvalid, message, code, {{field, code, message}}, 0});
  };
  if (request.pupil_numbers_size() == 0 || request.pupil_numbers_size() > kMostNumbers) {
    return wrong("pupil_numbers", "PUPIL_NUMBER_COUNT", "name 1 to 1,000 pupil numbers");
  }
  if (request.institution_id().empty()) return wrong("institution_id", "INSTITUTION_ID", "name the institution");
  if (request.day() < kFirstDay || request.day() > kLastDay) {
    return wrong("day", "DAY", "give a day of this century, in days since 1970-01-01");
  }
  return {};
}

// The numbers that say something, with their place in the request.
struct Asked {
  std::vector<Identifier> numbers;
  std::vector<int> places;
};

Asked Read(const v1::LookUpPupilNumbersRequest& request) {
  Asked asked;
  for (int i = 0; i < request.pupil_numbers_size(); ++i) {
    auto number = ReadIdentifier(static_cast<int>(IdentifierSystem::kPupilNumber), request.pupil_numbers(i),
                                 request.institution_id(), {});
    if (!number) continue;
    asked.numbers.push_back(*std::move(number));
    asked.places.push_back(i);
  }
  return asked;
}

int DayNumber(LocalDate day) {
  return static_cast<int>(day.time_since_epoch().count());
}

}  // namespace

Result<v1::LookUpPupilNumbersResponse> PupilApp::LookUpPupilNumbers(const rpc::CallContext& call,
                                                                    const v1::LookUpPupilNumbersRequest& request) {
  TILTS_CHECK(Check(request));
  const Asked asked = Read(request);
  const LocalDate day{std::chrono::days(request.day())};
  v1::LookUpPupilNumbersResponse response;
  TILTS_CHECK(store_.Transact([&](VaultSession& session) -> core::Status {
    response.Clear();
    response.set_school_year(calendar::SchoolYearOf(calendar::StartOfDay(day)));
    for (int i = 0; i < request.pupil_numbers_size(); ++i) response.add_pupils();
    TILTS_ASSIGN(const auto holdings, session.FindPupils(asked.numbers));
    std::vector<v1::PupilNumberEntry*> found;
    std::vector<std::string> persons;
    for (std::size_t i = 0; i < holdings.size(); ++i) {
      HolderOnDay holder = FindHolder(holdings[i], day);
      if (holder.person_id.empty()) continue;
      v1::PupilNumberEntry& entry = *response.mutable_pupils(asked.places[i]);
      entry.set_person_id(holder.person_id);
      entry.set_valid_from_day(DayNumber(holder.days.from));
      entry.set_valid_to_day(DayNumber(holder.days.to));
      found.push_back(&entry);
      persons.push_back(std::move(holder.person_id));
    }
    if (persons.empty()) return {};
    TILTS_ASSIGN(auto ids, session.StatisticsIds(response.school_year(), persons, call.now));
    for (std::size_t i = 0; i < ids.size(); ++i) found[i]->set_statistics_id(std::move(ids[i]));
    return {};
  }));
  return response;
}

Result<v1::DestroyStatisticsKeyResponse> PupilApp::DestroyStatisticsKey(
    const rpc::CallContext& call, const v1::DestroyStatisticsKeyRequest& request) {
  TILTS_CHECK(CheckSchoolYearOver(request.school_year(), call.now));
  return Once<v1::DestroyStatisticsKeyResponse>(
      store_, call, request, [&](VaultSession& session) -> Result<v1::DestroyStatisticsKeyResponse> {
        TILTS_CHECK(session.DestroyStatisticsKey(request.school_year(), call.now));
        TILTS_CHECK(
            LeaveAudit(session, call, Written(kPersonsChain, {"statistics-key/" + request.school_year()}, "OPERATOR")));
        return v1::DestroyStatisticsKeyResponse{};
      });
}

}  // namespace tilts::registry
