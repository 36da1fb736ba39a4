#include "registry/app/institution_mapping.hpp"

#include <algorithm>

#include "wire/time.hpp"

namespace tilts::registry {
namespace {

std::vector<std::string> Texts(const google::protobuf::RepeatedPtrField<std::string>& field) {
  return {field.begin(), field.end()};
}

void Set(google::protobuf::RepeatedPtrField<std::string>& field, const std::vector<std::string>& texts) {
  field.Assign(texts.begin(), texts.end());
}

}  // namespace

v1::Institution ToProto(const Institution& institution) {
  v1::Institution message;
  message.set_institution_id(institution.institution_id);
  message.set_kind(static_cast<codes::v1::InstitutionKind>(institution.kind));
  message.set_name_lv(institution.name_lv);
  message.set_name_en(institution.name_en);
  message.set_municipality(institution.municipality);
  Set(*message.mutable_territory(), institution.territory);
  for (const Unit& unit : institution.units) {
    v1::Unit& added = *message.add_units();
    added.set_unit_id(unit.unit_id);
    added.set_name(unit.name);
    Set(*added.mutable_territory(), unit.territory);
  }
  message.set_calendar_id(institution.calendar_id);
  for (const OfficeHours& hours : institution.duty_hours) {
    v1::DutyHours& added = *message.add_duty_hours();
    added.set_weekday(hours.weekday);
    added.set_from_minute(hours.from_minute);
    added.set_to_minute(hours.to_minute);
  }
  message.set_round_the_clock(institution.round_the_clock);
  message.set_at_capacity(institution.at_capacity);
  if (institution.valid_from) *message.mutable_valid_from() = wire::ToTimestamp(*institution.valid_from);
  if (institution.valid_to) *message.mutable_valid_to() = wire::ToTimestamp(*institution.valid_to);
  message.set_successor_id(institution.successor_id);
  message.set_supervisor_id(institution.supervisor_id);
  message.set_external(institution.external);
  message.set_version(institution.version);
  message.set_preference(institution.preference);
  return message;
}

core::Result<Institution> FromProto(const v1::Institution& message) {
  Institution institution;
  institution.institution_id = message.institution_id();
  institution.kind = static_cast<InstitutionKind>(message.kind());
  institution.name_lv = message.name_lv();
  institution.name_en = message.name_en();
  institution.municipality = message.municipality();
  institution.territory = Texts(message.territory());
  for (const v1::Unit& unit : message.units()) {
    institution.units.push_back({unit.unit_id(), unit.name(), Texts(unit.territory())});
  }
  institution.calendar_id = message.calendar_id();
  for (const v1::DutyHours& hours : message.duty_hours()) {
    institution.duty_hours.push_back({hours.weekday(), hours.from_minute(), hours.to_minute()});
  }
  std::ranges::stable_sort(institution.duty_hours, {}, &OfficeHours::weekday);
  institution.round_the_clock = message.round_the_clock();
  institution.at_capacity = message.at_capacity();
  TILTS_ASSIGN(institution.valid_from, OptionalTime(message.has_valid_from(), message.valid_from(), "valid_from"));
  TILTS_ASSIGN(institution.valid_to, OptionalTime(message.has_valid_to(), message.valid_to(), "valid_to"));
  institution.successor_id = message.successor_id();
  institution.supervisor_id = message.supervisor_id();
  institution.external = message.external();
  institution.preference = message.preference();
  institution.version = message.version();
  return institution;
}

v1::Grant ToProto(const Grant& grant) {
  v1::Grant message;
  message.set_grant_id(grant.grant_id);
  message.set_client_id(grant.client_id);
  message.set_institution_id(grant.institution_id);
  Set(*message.mutable_operations(), grant.operations);
  if (grant.valid_from) *message.mutable_valid_from() = wire::ToTimestamp(*grant.valid_from);
  if (grant.valid_to) *message.mutable_valid_to() = wire::ToTimestamp(*grant.valid_to);
  return message;
}

v1::CredentialEntry ToProto(const Credential& credential) {
  v1::CredentialEntry message;
  message.set_credential_id(credential.credential_id);
  message.set_client_id(credential.client_id);
  message.set_secret_sha256(credential.secret_sha256);
  if (credential.expires_at) *message.mutable_expires_at() = wire::ToTimestamp(*credential.expires_at);
  return message;
}

core::Result<std::optional<core::CityTime>> OptionalTime(bool given, const google::protobuf::Timestamp& timestamp,
                                                         const std::string& field) {
  if (!given) return std::nullopt;
  const auto time = wire::FromTimestamp(timestamp);
  if (time) return *time;
  core::Error error = time.error();
  error.violations = {{field, "TIME_RANGE", "give a time between the years 1 and 9999"}};
  return core::Fail(std::move(error));
}

}  // namespace tilts::registry
