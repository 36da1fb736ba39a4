// VaultApp::ResolvePersons: the people of one report become random ids.
#include <algorithm>
#include <set>

#include "registry/app/command.hpp"
#include "registry/app/vault_app.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

using core::Result;

constexpr int kMostPeople = 500;

struct Entry {
  PersonDetails details;
  std::vector<Identifier> identifiers;
};

Entry ReadEntry(const intake::v1::ReportedPerson& person, const std::string& reporting_institution) {
  Entry entry;
  entry.details = {person.given_name(), person.family_name(), person.birth_date(),
                   person.age_years(),  person.school_id(),   person.residence_municipality(),
                   person.contact()};
  for (const auto& given : person.identifiers()) {
    auto identifier = ReadIdentifier(given.system(), given.value(), given.institution_id(), reporting_institution);
    if (identifier) entry.identifiers.push_back(*std::move(identifier));
  }
  return entry;
}

struct Resolved {
  std::string person_id;
  bool created = false;
  bool conflicting = false;
};

// The people of one call: everything is read first, decided in memory, entry by entry, and written last, so that a
// roster costs as many statements as a single person.
class Resolution {
 public:
  Resolution(VaultSession& session, core::CityTime at, core::CityTime now, bool enrolment)
      : session_(session), at_(at), now_(now), enrolment_(enrolment) {}

  core::Status Read(const std::vector<Entry>& entries);
  Resolved Decide(const Entry& entry);
  core::Status Write(const std::string& institution_id);

  const KnownPerson& Known(const std::string& person_id) const { return known_.at(person_id); }

 private:
  std::string HolderOf(const FoundIdentifier& found) const;
  std::string Remember(const Entry& entry, const MatchDecision& decision);
  void Add(const std::string& person_id, const Identifier& identifier, const FoundIdentifier& found);
  std::vector<PersonToSave> Saved(const std::set<std::string>& ids) const;

  VaultSession& session_;
  const core::CityTime at_;
  const core::CityTime now_;
  const bool enrolment_;
  std::vector<FoundIdentifier> found_;  // of all entries, one after the other
  std::size_t next_ = 0;                // the next entry's first
  std::map<std::string, KnownPerson> known_;
  std::map<std::string, std::string> given_;  // number to person, within this call
  std::set<std::string> created_;
  std::set<std::string> changed_;
  std::set<std::string> seen_;
  std::vector<IdentifierToAdd> added_;
  std::vector<std::int64_t> lowered_;
};

core::Status Resolution::Read(const std::vector<Entry>& entries) {
  std::vector<Identifier> identifiers;
  for (const Entry& entry : entries) {
    identifiers.insert(identifiers.end(), entry.identifiers.begin(), entry.identifiers.end());
  }
  TILTS_CHECK(session_.LockIdentifiers(identifiers));
  TILTS_ASSIGN(found_, session_.FindHoldings(identifiers));
  std::set<std::string> roots;
  for (const FoundIdentifier& found : found_) {
    if (const Holding* holder = HolderAt(found.holdings, at_)) roots.insert(holder->person_id);
  }
  TILTS_ASSIGN(known_, session_.ReadPersons({roots.begin(), roots.end()}));
  return {};
}

std::string Resolution::HolderOf(const FoundIdentifier& found) const {
  if (const auto given = given_.find(found.number); given != given_.end()) return given->second;
  const Holding* holder = HolderAt(found.holdings, at_);
  return holder == nullptr ? std::string() : holder->person_id;
}

std::string Resolution::Remember(const Entry& entry, const MatchDecision& decision) {
  if (decision.person_id.empty()) {
    std::string person_id = session_.NewPersonId();
    known_[person_id].details = entry.details;
    created_.insert(person_id);
    return person_id;
  }
  KnownPerson& known = known_.at(decision.person_id);
  PersonDetails merged = Merge(known.details, entry.details);
  if (merged != known.details && !created_.contains(decision.person_id)) changed_.insert(decision.person_id);
  known.details = std::move(merged);
  return decision.person_id;
}

// A number that this very call gave to somebody stays theirs.
void Resolution::Add(const std::string& person_id, const Identifier& identifier, const FoundIdentifier& found) {
  if (!given_.emplace(found.number, person_id).second) return;
  added_.push_back({person_id, identifier, DecideClaim(found.holdings, at_)});
  KnownPerson& known = known_.at(person_id);
  known.identified = true;
  if (identifier.system == IdentifierSystem::kNationalCode) known.has_national_code = true;
}

Resolved Resolution::Decide(const Entry& entry) {
  const std::size_t first = next_;
  next_ += entry.identifiers.size();
  std::vector<Match> matches;
  for (std::size_t i = 0; i < entry.identifiers.size(); ++i) {
    const std::string holder = HolderOf(found_[first + i]);
    matches.push_back({entry.identifiers[i], holder, !holder.empty() && known_.at(holder).has_national_code});
  }
  const MatchDecision decision = DecideMatch(matches, enrolment_);
  Resolved resolved{Remember(entry, decision), decision.person_id.empty(), decision.conflicting};
  seen_.insert(resolved.person_id);
  for (std::size_t i = 0; i < entry.identifiers.size(); ++i) {
    const FoundIdentifier& found = found_[first + i];
    if (std::ranges::find(decision.to_add, entry.identifiers[i]) != decision.to_add.end()) {
      Add(resolved.person_id, entry.identifiers[i], found);
    } else if (const Holding* holder = HolderAt(found.holdings, at_);
               enrolment_ && holder != nullptr && holder->person_id == resolved.person_id && holder->claimed > at_) {
      lowered_.push_back(holder->row);
    }
  }
  return resolved;
}

std::vector<PersonToSave> Resolution::Saved(const std::set<std::string>& ids) const {
  std::vector<PersonToSave> persons;
  for (const std::string& id : ids) persons.push_back({id, known_.at(id).details});
  return persons;
}

core::Status Resolution::Write(const std::string& institution_id) {
  if (!created_.empty()) TILTS_CHECK(session_.CreatePersons(Saved(created_), now_));
  if (!changed_.empty()) TILTS_CHECK(session_.SaveDetails(Saved(changed_)));
  if (!lowered_.empty()) TILTS_CHECK(session_.LowerClaims(lowered_, at_));
  if (!added_.empty()) TILTS_CHECK(session_.AddIdentifiers(added_, at_));
  if (institution_id.empty()) return {};
  return session_.AddSources({seen_.begin(), seen_.end()}, institution_id);
}

void Describe(const Resolved& resolved, const KnownPerson& known, core::CityTime at, v1::ResolvedPerson& out) {
  out.set_person_id(resolved.person_id);
  out.set_created(resolved.created);
  out.set_identified(known.identified);
  out.set_conflicting(resolved.conflicting);
  out.set_school_id(known.details.school_id);
  out.set_residence_municipality(known.details.residence_municipality);
  out.set_age_years(AgeAt(known.details, at));
}

}  // namespace

Result<v1::ResolvePersonsResponse> VaultApp::ResolvePersons(const rpc::CallContext& call,
                                                            const v1::ResolvePersonsRequest& request) {
  if (request.people_size() == 0 || request.people_size() > kMostPeople) {
    return core::Fail(core::Errc::kInvalid, "name 1 to 500 people", "PEOPLE_COUNT");
  }
  core::CityTime occurred_at = call.now;
  if (request.has_occurred_at()) {
    TILTS_ASSIGN(occurred_at, wire::FromTimestamp(request.occurred_at()));
  }
  return Once<v1::ResolvePersonsResponse>(
      store_, call, request, [&](VaultSession& session) -> Result<v1::ResolvePersonsResponse> {
        std::vector<Entry> entries;
        for (const auto& person : request.people()) entries.push_back(ReadEntry(person, request.institution_id()));
        Resolution resolution(session, occurred_at, call.now, request.enrolment());
        TILTS_CHECK(resolution.Read(entries));
        v1::ResolvePersonsResponse response;
        std::vector<std::string> objects;
        for (const Entry& entry : entries) {
          const Resolved resolved = resolution.Decide(entry);
          Describe(resolved, resolution.Known(resolved.person_id), occurred_at, *response.add_people());
          objects.push_back("person/" + resolved.person_id);
        }
        TILTS_CHECK(resolution.Write(request.institution_id()));
        TILTS_CHECK(
            LeaveAudit(session, call, Written(kPersonsChain, std::move(objects), "REPORT"), request.institution_id()));
        return response;
      });
}

}  // namespace tilts::registry
