#include "registry/adapters/vault_keys.hpp"

#include <tilts/intake/v1/intake_service.pb.h>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/seal.hpp"

namespace tilts::registry {
namespace {

using core::Result;
using crypto::PersonKey;

// The same number at two institutions is two identifiers.
std::string IndexSystem(const Identifier& identifier) {
  return std::to_string(static_cast<int>(identifier.system)) + "/" + identifier.institution_id;
}

std::string DetailsContext(const std::string& person_id) {
  return "person/" + person_id + "/details";
}

std::string IdentifierContext(const std::string& person_id, IdentifierSystem system,
                              const std::string& institution_id) {
  return "person/" + person_id + "/identifier/" + std::to_string(static_cast<int>(system)) + "/" + institution_id;
}

std::string KeyContext(const std::string& person_id) {
  return "person/" + person_id + "/key";
}

}  // namespace

std::string StatisticsContext(const std::string& school_year) {
  return "statistics/" + school_year;
}

VaultKeys::VaultKeys(crypto::KeyRing master, crypto::KeyRing index) : master_(std::move(master)) {
  for (const crypto::KeyRing::Entry& entry : index.entries()) {
    index_ids_.push_back(entry.id);
    indexes_.emplace_back(entry.key);
  }
}

IndexValue VaultKeys::Index(const Identifier& identifier) const {
  return {index_ids_.front(), indexes_.front().Of(IndexSystem(identifier), identifier.value)};
}

std::vector<std::string> VaultKeys::IndexesToAsk(const Identifier& identifier) const {
  std::vector<std::string> values;
  for (const crypto::BlindIndex& index : indexes_)
    values.push_back(index.Of(IndexSystem(identifier), identifier.value));
  return values;
}

// Kept in the contract's own message: fields may be added, older programs skip them.
std::string VaultKeys::SealDetails(const PersonKey& key, const std::string& person_id, const PersonDetails& details) {
  intake::v1::ReportedPerson kept;
  kept.set_given_name(details.given_name);
  kept.set_family_name(details.family_name);
  kept.set_birth_date(details.birth_date);
  kept.set_age_years(details.age_years);
  kept.set_school_id(details.school_id);
  kept.set_residence_municipality(details.residence_municipality);
  kept.set_contact(details.contact);
  return crypto::Seal(key, kept.SerializeAsString(), DetailsContext(person_id));
}

Result<PersonDetails> VaultKeys::OpenDetails(const PersonKey& key, const std::string& person_id,
                                             const std::string& sealed) {
  TILTS_ASSIGN(const std::string bytes, crypto::Open(key, sealed, DetailsContext(person_id)));
  intake::v1::ReportedPerson kept;
  if (!kept.ParseFromString(bytes)) {
    return core::Fail(core::Errc::kCorrupt, "a person's details cannot be read", "PERSON_DETAILS");
  }
  return PersonDetails{kept.given_name(), kept.family_name(), kept.birth_date(),
                       kept.age_years(),  kept.school_id(),   kept.residence_municipality(),
                       kept.contact()};
}

std::string VaultKeys::SealIdentifier(const PersonKey& key, const std::string& person_id,
                                      const Identifier& identifier) {
  return crypto::Seal(key, identifier.value,
                      IdentifierContext(person_id, identifier.system, identifier.institution_id));
}

Result<Identifier> VaultKeys::OpenIdentifier(const PersonKey& key, const std::string& person_id,
                                             IdentifierSystem system, const std::string& institution_id,
                                             const std::string& sealed) {
  TILTS_ASSIGN(std::string value, crypto::Open(key, sealed, IdentifierContext(person_id, system, institution_id)));
  return Identifier{system, institution_id, std::move(value)};
}

std::string VaultKeys::WrapKey(const PersonKey& key, const std::string& person_id, const std::string& bytes) {
  return crypto::Seal(key, bytes, KeyContext(person_id));
}

Result<std::string> VaultKeys::UnwrapKey(const PersonKey& key, const std::string& person_id,
                                         const std::string& wrapped) {
  return crypto::Open(key, wrapped, KeyContext(person_id));
}

std::string VaultKeys::StatisticsId(const crypto::SecretKey& year_key, const std::string& person_id) {
  constexpr std::size_t kBytes = 16;
  return crypto::ToHex(crypto::HmacSha256(year_key.bytes(), "statistics-id/" + person_id).substr(0, kBytes));
}

}  // namespace tilts::registry
