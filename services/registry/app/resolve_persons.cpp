// VaultApp::ResolvePersons: the people of one report become random ids.
#include "registry/app/command.hpp"
#include "registry/app/vault_app.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

using core::Result;

constexpr int kMostPeople = 100;

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
  PersonDetails details;
  bool created = false;
  bool conflicting = false;
};

Result<Resolved> Update(VaultSession& session, const Entry& entry, const MatchDecision& decision) {
  TILTS_ASSIGN(const PersonDetails known, session.ReadDetails(decision.person_id));
  Resolved resolved{decision.person_id, Merge(known, entry.details), false, decision.conflicting};
  if (resolved.details != known) TILTS_CHECK(session.SaveDetails(decision.person_id, resolved.details));
  return resolved;
}

Result<Resolved> Resolve(VaultSession& session, const Entry& entry, core::CityTime occurred_at, core::CityTime now) {
  std::vector<Match> matches;
  for (const Identifier& identifier : entry.identifiers) {
    TILTS_ASSIGN(std::string person_id, session.FindPerson(identifier, occurred_at));
    matches.push_back({identifier, std::move(person_id)});
  }
  const MatchDecision decision = DecideMatch(matches);
  Resolved resolved;
  if (decision.person_id.empty()) {
    TILTS_ASSIGN(std::string created, session.CreatePerson(entry.details, now));
    resolved = {std::move(created), entry.details, true, false};
  } else {
    TILTS_ASSIGN(resolved, Update(session, entry, decision));
  }
  for (const Identifier& identifier : decision.to_add) {
    TILTS_CHECK(session.AddIdentifier(resolved.person_id, identifier, occurred_at));
  }
  return resolved;
}

core::Status Describe(VaultSession& session, const Resolved& resolved, core::CityTime at, v1::ResolvedPerson& out) {
  TILTS_ASSIGN(const bool identified, session.HasIdentifier(resolved.person_id));
  out.set_person_id(resolved.person_id);
  out.set_created(resolved.created);
  out.set_identified(identified);
  out.set_conflicting(resolved.conflicting);
  out.set_school_id(resolved.details.school_id);
  out.set_residence_municipality(resolved.details.residence_municipality);
  out.set_age_years(AgeAt(resolved.details, at));
  return {};
}

}  // namespace

Result<v1::ResolvePersonsResponse> VaultApp::ResolvePersons(const rpc::CallContext& call,
                                                            const v1::ResolvePersonsRequest& request) {
  if (request.people_size() == 0 || request.people_size() > kMostPeople) {
    return core::Fail(core::Errc::kInvalid, "name 1 to 100 people", "PEOPLE_COUNT");
  }
  core::CityTime occurred_at = call.now;
  if (request.has_occurred_at()) {
    TILTS_ASSIGN(occurred_at, wire::FromTimestamp(request.occurred_at()));
  }
  return Once<v1::ResolvePersonsResponse>(
      store_, call, request, [&](VaultSession& session) -> Result<v1::ResolvePersonsResponse> {
        std::vector<Entry> entries;
        std::vector<Identifier> identifiers;
        for (const auto& person : request.people()) {
          entries.push_back(ReadEntry(person, request.institution_id()));
          identifiers.insert(identifiers.end(), entries.back().identifiers.begin(), entries.back().identifiers.end());
        }
        TILTS_CHECK(session.LockIdentifiers(identifiers));
        v1::ResolvePersonsResponse response;
        std::vector<std::string> objects;
        for (const Entry& entry : entries) {
          TILTS_ASSIGN(const Resolved resolved, Resolve(session, entry, occurred_at, call.now));
          if (!request.institution_id().empty()) {
            TILTS_CHECK(session.AddSource(resolved.person_id, request.institution_id()));
          }
          TILTS_CHECK(Describe(session, resolved, occurred_at, *response.add_people()));
          objects.push_back("person/" + resolved.person_id);
        }
        TILTS_CHECK(
            LeaveAudit(session, call, Written(kPersonsChain, std::move(objects), "REPORT"), request.institution_id()));
        return response;
      });
}

}  // namespace tilts::registry
