#pragma once

#include <string>

#include "crypto/key_ring.hpp"
#include "postgres/database.hpp"
#include "referral_routing/app/store.hpp"
#include "referral_routing/app/vault.hpp"

namespace tilts::referral_routing {

// Texts of the parties: sealed under a key of their own, which the vault wraps under the child's key. While the child
// is unknown or the vault is down the service's holding key wraps it, and Rewrap hands it over later.
class Notes {
 public:
  Notes(crypto::KeyRing holding, Vault& vault) : holding_(std::move(holding)), vault_(vault) {}

  SealedNote Seal(const std::string& text, const core::PersonId& person, const PeerCall& call) const;

  struct Row {
    std::string note_id;
    core::PersonId person;
    std::string sealed;
    std::string wrapped_key;
  };
  // Empty text: the child was erased, nothing can be read any more.
  core::Result<std::string> Open(const Row& row, const PeerCall& call) const;

  // Hands at most `limit` held keys of known children to the vault; how many.
  core::Result<std::size_t> Rewrap(postgres::Database& database, int limit, const PeerCall& call) const;

 private:
  crypto::KeyRing holding_;
  Vault& vault_;
};

}  // namespace tilts::referral_routing
