#pragma once

#include <string>
#include <string_view>

#include "case_intake/domain/fact_kinds.hpp"
#include "core/sha256.hpp"

namespace tilts::case_intake {

// Names records without saying whose they are: keyed hashes of natural keys. The same spelling rules as the vault's, so
// that "7-001" and "7001" are one pupil number here as there.
class FactKeys {
 public:
  // `secret`: of the index key that names records. It must stay for as long as facts are corrected.
  explicit FactKeys(std::string_view secret);

  // 16 bytes as 32 hex digits. `statistics_id` enters the ids of support facts in the pupil number's place: once the
  // year's key is gone nobody can compute them again. Empty for a support fact without one.
  std::string RecordId(const Fact& fact, std::string_view institution_id, std::string_view statistics_id) const;
  std::string EnrolmentRecordId(std::string_view institution_id, std::string_view pupil_number, Day from) const;
  // What a held fact is kept under: its record id, or for support facts a key that never leaves this service.
  std::string HeldId(const Fact& fact, std::string_view institution_id) const;
  // 32 bytes; finds what waits for a pupil number.
  std::string NumberIndex(std::string_view institution_id, std::string_view pupil_number) const;
  // The same content asks the vault with the same id.
  std::string VaultRequestId(std::string_view content) const;

 private:
  const core::HmacKey record_key_;
  const core::HmacKey held_key_;
  const core::HmacKey number_key_;
  const core::HmacKey vault_key_;
};

}  // namespace tilts::case_intake
