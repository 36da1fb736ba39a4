#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/riga_time.hpp"
#include "case_intake/domain/facts.hpp"
#include "case_intake/domain/rules.hpp"
#include "case_intake/domain/warnings.hpp"
#include "core/strong_id.hpp"

namespace tilts::case_intake {

// A person of a report without anything that tells who it is: that is in the vault, under `person`.
struct Person {
  Role role = Role::kUnspecified;
  core::PersonId person{};   // empty: not in the vault yet (held), or never named
  bool identified = false;   // by at least one identifier
  bool conflicting = false;  // the identifiers belong to several persons; the vault took the strongest
  std::optional<calendar::LocalDate> birth_date{};
  std::uint32_t age_years = 0;
  std::string school_id{};
  std::string residence_municipality{};
  bool in_out_of_family_care = false;
  bool school_staff = false;

  bool operator==(const Person&) const = default;
};

// One report in codes, as it stands: sent, or sent and completed.
struct Report {
  core::ReportId id{};
  core::InstitutionId reporter{};
  Stream stream = Stream::kUnspecified;
  std::set<Concern> concerns{};
  Relation relation = Relation::kUnspecified;
  Place place = Place::kUnspecified;
  std::set<Aggravating> aggravating{};
  std::uint32_t level = 0;
  std::vector<Person> people{};
  std::optional<core::CityTime> occurred_at{};
  std::string place_institution_id{};
  std::string place_municipality{};
  bool people_held = false;  // the vault was not reached: nobody is identified yet
  // What was noticed while reading the report, before anything was judged (codes, texts, identifiers).
  std::vector<Warning> reading_warnings{};
};

// What one report says, judged by the rules.
struct Assessment {
  CaseFacts facts{};
  core::PersonId child{};  // the case's subject; empty while unknown
  std::vector<Warning> warnings{};
};

// Never refuses: what is missing or doubtful becomes a warning and stays out of the facts. Institution and
// municipality codes leave here only when they are known codes, so that no free text can travel on in them.
Assessment Assess(const Rules& rules, const Report& report, core::CityTime now);

// In full years on that day in Riga; from the date of birth when it is known. 0: unknown.
std::uint32_t AgeOf(const Person& person, core::CityTime now);

// Position of the child the report is about: the first SUBJECT of a PMP report, VICTIM of another, else whichever
// of the two is there.
std::optional<std::size_t> ChildOf(const Report& report, Stream stream);

// "LV-RIX": ISO 3166-2, which is what municipality codes are.
bool IsMunicipalityCode(std::string_view text);

}  // namespace tilts::case_intake
