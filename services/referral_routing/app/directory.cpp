#include "referral_routing/app/directory.hpp"

#include <utility>

#include "calendar/open_time.hpp"
#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;

constexpr char kMunicipalCalendar[] = "municipal";

Result<Institution> InstitutionOf(const registry::v1::Institution& proto) {
  Institution institution;
  institution.id = core::InstitutionId(proto.institution_id());
  institution.kind = static_cast<InstitutionKind>(static_cast<int>(proto.kind()));
  institution.municipality = proto.municipality();
  institution.territory = {proto.territory().begin(), proto.territory().end()};
  institution.calendar_id = proto.calendar_id();
  institution.at_capacity = proto.at_capacity();
  institution.round_the_clock = proto.round_the_clock();
  if (proto.has_valid_from()) {
    TILTS_ASSIGN(institution.valid_from, wire::FromTimestamp(proto.valid_from()));
  }
  if (proto.has_valid_to()) {
    TILTS_ASSIGN(institution.valid_to, wire::FromTimestamp(proto.valid_to()));
  }
  institution.successor = core::InstitutionId(proto.successor_id());
  institution.supervisor = core::InstitutionId(proto.supervisor_id());
  institution.preference = proto.preference();
  return institution;
}

calendar::DutyHours HoursOf(const registry::v1::Institution& proto) {
  calendar::DutyHours hours;
  for (const auto& entry : proto.duty_hours()) {
    if (entry.weekday() < 1 || entry.weekday() > 7) continue;
    hours.week.at(entry.weekday() - 1)
        .push_back({std::chrono::minutes{entry.from_minute()}, std::chrono::minutes{entry.to_minute()}});
  }
  return hours;
}

}  // namespace

Result<Directory> Directory::Make(const registry::v1::ListInstitutionsResponse& institutions,
                                  const registry::v1::ListCalendarsResponse& calendars) {
  Directory directory;
  std::vector<std::string> files;
  for (const auto& calendar : calendars.calendars()) files.push_back(calendar.json());
  TILTS_ASSIGN(directory.calendars_, calendar::CalendarSet::Parse(files));
  // Without it nobody's deadline could be counted.
  TILTS_CHECK(directory.calendars_.Find(kMunicipalCalendar));
  for (const auto& proto : institutions.institutions()) {
    TILTS_ASSIGN(Institution institution, InstitutionOf(proto));
    directory.hours_[institution.id] = HoursOf(proto);
    directory.institutions_.push_back(std::move(institution));
  }
  return directory;
}

Result<calendar::Calendar> Directory::CalendarOf(const core::InstitutionId& id) const {
  const Institution* institution = Find(id);
  const std::string wanted = institution == nullptr ? kMunicipalCalendar : institution->calendar_id;
  auto found = calendars_.Find(wanted);
  if (!found || found->kind() != calendar::CalendarKind::kWorkingDays) found = calendars_.Find(kMunicipalCalendar);
  if (!found || institution == nullptr) return found;
  calendar::DutyHours hours = hours_.at(id);
  if (hours.empty()) hours = found->hours();
  hours.round_the_clock = institution->round_the_clock;
  return found->WithHours(std::move(hours));
}

Result<Situation> Directory::SituationOf(const CaseFacts& facts, core::CityTime at) const {
  Situation situation{facts, {}, false, at};
  const Institution* home = Find(facts.school);
  if (home == nullptr) home = Find(facts.coordinator);
  if (home != nullptr) situation.home = home->municipality;
  TILTS_ASSIGN(const calendar::Calendar municipal, calendars_.Find(kMunicipalCalendar));
  TILTS_ASSIGN(const bool open, calendar::IsOpen(at, municipal));
  situation.night = !open;
  return situation;
}

core::InstitutionId Directory::DutyBody(const std::string& municipality, core::CityTime at) const {
  const RecipientQuery query{{InstitutionKind::kStatePolice}, Duty::kExclusive, municipality, {}, {}, {}, at};
  const Institution* found = ChooseRecipient(institutions_, query);
  return found != nullptr && found->round_the_clock ? found->id : core::InstitutionId();
}

core::InstitutionId Directory::GroupOf(const std::string& municipality, core::CityTime at) const {
  const RecipientQuery query{{InstitutionKind::kCooperationGroup}, Duty::kExclusive, municipality, {}, {}, {}, at};
  const Institution* found = ChooseRecipient(institutions_, query);
  return found != nullptr && found->kind == InstitutionKind::kCooperationGroup ? found->id : core::InstitutionId();
}

Result<std::shared_ptr<const Directory>> DirectoryHolder::Get() const {
  const std::lock_guard lock(mutex_);
  if (directory_) return directory_;
  return core::Fail(core::Errc::kUnavailable, "the registry has not answered yet; try again later",
                    "DIRECTORY_UNKNOWN");
}

void DirectoryHolder::Set(std::shared_ptr<const Directory> directory) {
  const std::lock_guard lock(mutex_);
  directory_ = std::move(directory);
}

}  // namespace tilts::referral_routing
