#pragma once

#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "registry/adapters/vault_keys.hpp"
#include "registry/app/vault_store.hpp"

namespace tilts::registry {

class SqlVault : public VaultStore {
 public:
  // All must outlive it.
  SqlVault(postgres::Database& database, const postgres::Idempotency& idempotency, const VaultKeys& keys)
      : database_(database), idempotency_(idempotency), keys_(keys) {}

  core::Status Transact(const std::function<core::Status(VaultSession&)>& work) override;

 private:
  postgres::Database& database_;
  const postgres::Idempotency& idempotency_;
  const VaultKeys& keys_;
};

struct RotationOutcome {
  std::size_t rewrapped = 0;  // keys of persons and of school years
  std::size_t reindexed = 0;  // identifiers
};

// Brings everything to the newest keys, in small transactions, beside a running service. After it the
// older keys may leave the key files.
core::Result<RotationOutcome> RotateVaultKeys(postgres::Database& database, const VaultKeys& keys);

}  // namespace tilts::registry
