#pragma once

#include <string>

#include "core/result.hpp"
#include "crypto/blind_index.hpp"
#include "crypto/key_ring.hpp"
#include "registry/domain/person.hpp"

namespace tilts::registry {

struct IndexValue {
  std::string key_id;
  std::string bytes;
};

// Binds a school year's wrapped key to its year.
std::string StatisticsContext(const std::string& school_year);

// What the vault does with keys; knows no table. `master` wraps persons' keys, `index` finds identifiers:
// the newest index key writes, all of them are asked.
class VaultKeys {
 public:
  VaultKeys(crypto::KeyRing master, crypto::KeyRing index);

  const crypto::KeyRing& master() const { return master_; }
  const std::string& newest_index_key() const { return index_ids_.front(); }

  IndexValue Index(const Identifier& identifier) const;
  std::vector<std::string> IndexesToAsk(const Identifier& identifier) const;

  // Contexts bind every sealed value to its row.
  static std::string SealDetails(const crypto::PersonKey& key, const std::string& person_id,
                                 const PersonDetails& details);
  static core::Result<PersonDetails> OpenDetails(const crypto::PersonKey& key, const std::string& person_id,
                                                 const std::string& sealed);
  static std::string SealIdentifier(const crypto::PersonKey& key, const std::string& person_id,
                                    const Identifier& identifier);
  static core::Result<Identifier> OpenIdentifier(const crypto::PersonKey& key, const std::string& person_id,
                                                 IdentifierSystem system, const std::string& institution_id,
                                                 const std::string& sealed);
  static std::string WrapKey(const crypto::PersonKey& key, const std::string& person_id, const std::string& bytes);
  static core::Result<std::string> UnwrapKey(const crypto::PersonKey& key, const std::string& person_id,
                                             const std::string& wrapped);

  // 32 hex digits; without the year's key nobody can tell whose they are, nor compare years.
  static std::string StatisticsId(const crypto::SecretKey& year_key, const std::string& person_id);

 private:
  crypto::KeyRing master_;
  std::vector<std::string> index_ids_;
  std::vector<crypto::BlindIndex> indexes_;
};

}  // namespace tilts::registry
