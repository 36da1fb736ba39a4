#pragma once

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "core/result.hpp"

namespace tilts::case_intake {

// Requests this process is working on: the same key again meanwhile is told so at once, also while the vault is being
// asked and no transaction is open. Other processes are kept apart by the transaction's lock.
class KeysInHand {
 public:
  class Hold {
   public:
    Hold(KeysInHand& owner, std::string key) : owner_(&owner), key_(std::move(key)) {}
    Hold(Hold&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), key_(std::move(other.key_)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (owner_ == nullptr) return;
      const std::lock_guard lock(owner_->mutex_);
      owner_->keys_.erase(key_);
    }

   private:
    KeysInHand* owner_;
    std::string key_;
  };

  // kConflict with reason IDEMPOTENCY_IN_FLIGHT.
  core::Result<Hold> Take(const std::string& institution_id, const std::string& request_id) {
    std::string key = institution_id + "\n" + request_id;
    const std::lock_guard lock(mutex_);
    if (keys_.insert(key).second) return Hold(*this, std::move(key));
    core::Error error{core::Errc::kConflict,
                      "the same request is being worked on: ask again for its answer",
                      "IDEMPOTENCY_IN_FLIGHT",
                      {},
                      1};
    return core::Fail(std::move(error));
  }

 private:
  std::mutex mutex_;
  std::set<std::string> keys_;
};

}  // namespace tilts::case_intake
