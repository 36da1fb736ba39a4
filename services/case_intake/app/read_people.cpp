#include "case_intake/app/read_people.hpp"

#include <algorithm>

#include "wire/codes.hpp"

namespace tilts::case_intake {
namespace {

constexpr std::size_t kLongestIdentifier = 64;
constexpr std::size_t kLongestInstitutionCode = 64;

bool Usable(const intake::v1::PersonIdentifier& identifier) {
  return identifier.system() != codes::v1::IDENTIFIER_SYSTEM_UNSPECIFIED &&
         codes::v1::IdentifierSystem_IsValid(identifier.system()) && !identifier.value().empty() &&
         identifier.value().size() <= kLongestIdentifier;
}

// Keeps the usable identifiers; a pupil's number without an institution is the sender's own.
void CleanIdentifiers(const std::string& field, const core::InstitutionId& reporter,
                      intake::v1::ReportedPerson& cleaned, std::vector<Warning>& warnings) {
  google::protobuf::RepeatedPtrField<intake::v1::PersonIdentifier> usable;
  for (int i = 0; i < cleaned.identifiers_size(); ++i) {
    intake::v1::PersonIdentifier& identifier = *cleaned.mutable_identifiers(i);
    if (!Usable(identifier)) {
      warnings.push_back({field + ".identifiers[" + std::to_string(i) + "]", warning::kIdentifierIncomplete});
      continue;
    }
    if (identifier.system() == codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER && identifier.institution_id().empty()) {
      identifier.set_institution_id(reporter.value());
    }
    *usable.Add() = identifier;
  }
  cleaned.mutable_identifiers()->Swap(&usable);
}

}  // namespace

bool IsInstitutionCode(std::string_view text) {
  return !text.empty() && text.size() <= kLongestInstitutionCode && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Person ReadPerson(const intake::v1::ReportedPerson& sent, const std::string& field, const core::InstitutionId& reporter,
                  intake::v1::ReportedPerson& cleaned, std::vector<Warning>& warnings) {
  cleaned = sent;
  CleanIdentifiers(field, reporter, cleaned, warnings);
  Person person;
  if (codes::v1::PersonRole_IsValid(sent.role())) {
    person.role = wire::Code<Role>(sent.role());
  } else {
    cleaned.clear_role();
    warnings.push_back({field + ".role", warning::kCodeUnknown});
  }
  if (!sent.birth_date().empty()) {
    const core::Result<calendar::LocalDate> date = calendar::ParseDate(sent.birth_date());
    if (date) {
      person.birth_date = *date;
    } else {
      cleaned.clear_birth_date();
      warnings.push_back({field + ".birth_date", warning::kBirthDateInvalid});
    }
  }
  person.age_years = sent.age_years();
  if (IsInstitutionCode(sent.school_id())) person.school_id = sent.school_id();
  // A pupil's number says whose pupil it is.
  for (const intake::v1::PersonIdentifier& identifier : cleaned.identifiers()) {
    if (person.school_id.empty() && identifier.system() == codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER &&
        IsInstitutionCode(identifier.institution_id())) {
      person.school_id = identifier.institution_id();
    }
  }
  if (IsMunicipalityCode(sent.residence_municipality())) {
    person.residence_municipality = sent.residence_municipality();
  }
  person.in_out_of_family_care = sent.in_out_of_family_care();
  person.school_staff = sent.school_staff();
  return person;
}

}  // namespace tilts::case_intake
