#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/riga_time.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry {

// Numbers of the contract's IdentifierSystem, in the order of how much they prove.
enum class IdentifierSystem : int { kNationalCode = 1, kPupilNumber = 2, kPassport = 3, kTemporary = 4 };

struct Identifier {
  IdentifierSystem system = IdentifierSystem::kNationalCode;
  std::string institution_id;  // whose pupil number; empty otherwise
  std::string value;

  bool operator==(const Identifier&) const = default;
};

// The identifier as given, or nothing when it says nothing: a report is never refused for it.
std::optional<Identifier> ReadIdentifier(int system, std::string_view value, std::string_view institution_id,
                                         std::string_view reporting_institution_id);

// Whom each identifier of one entry found; empty: nobody yet.
struct Match {
  Identifier identifier;
  std::string person_id;
  bool has_national_code = false;  // the person found
};

struct MatchDecision {
  std::string person_id;           // empty: a new person
  std::vector<Identifier> to_add;  // identifiers the person gains; with an enrolment also somebody else's pupil number
  bool conflicting = false;        // identifiers point at several persons: the strongest won, a person should look
};

// A pupil number never leads to somebody with another national code than the entry's: it was given to a new pupil.
// `enrolment`: the institution says that from now on its number is this person's, whoever had it before.
MatchDecision DecideMatch(const std::vector<Match>& matches, bool enrolment = false);

// What the vault keeps of a person, sealed as a whole.
struct PersonDetails {
  std::string given_name;
  std::string family_name;
  std::string birth_date;  // ISO date or empty
  unsigned age_years = 0;
  std::string school_id;
  std::string residence_municipality;
  std::string contact;

  bool operator==(const PersonDetails&) const = default;
};

// The newer report speaks; what it does not say stays as it was.
PersonDetails Merge(PersonDetails known, const PersonDetails& reported);

// From the birth date, as of that day in Riga; else the age last reported; 0: unknown.
unsigned AgeAt(const PersonDetails& details, core::CityTime at);

}  // namespace tilts::registry
