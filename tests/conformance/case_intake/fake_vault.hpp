#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "case_intake/adapters/vault.hpp"
#include "crypto/secret_key.hpp"

namespace tilts::case_intake::testing {

// A vault in this process, as strict as the real one: persons by identifier, keys of their own, erasure for good.
class FakeVault final : public Vault {
 public:
  core::Result<registry::v1::ResolvePersonsResponse> Resolve(const registry::v1::ResolvePersonsRequest& request,
                                                             const VaultCall& call) override;
  core::Result<registry::v1::DescribePersonsResponse> Describe(const registry::v1::DescribePersonsRequest& request,
                                                               const VaultCall& call) override;
  core::Result<std::vector<std::string>> Wrap(const core::PersonId& person, const std::vector<std::string>& keys,
                                              const VaultCall& call) override;
  core::Result<std::vector<std::string>> Unwrap(const core::PersonId& person, const std::vector<std::string>& wrapped,
                                                const VaultCall& call) override;

  void SetDown(bool down);
  void SetWrapDown(bool down);
  void Erase(const std::string& person_id);
  // The next Resolve waits until Release.
  void HoldResolve();
  void AwaitHeld();
  void Release();
  // Whose identifier it is; empty: nobody's.
  std::string WhoHas(const std::string& institution_id, const std::string& value) const;
  std::size_t persons() const;
  std::size_t resolves() const;

 private:
  struct Entry {
    crypto::SecretKey key = crypto::SecretKey::Random();
    intake::v1::ReportedPerson details;
    bool erased = false;
  };
  core::Status CheckUp() const;
  std::string FindOrCreate(const intake::v1::ReportedPerson& person);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool down_ = false;
  bool wrap_down_ = false;
  bool hold_ = false;
  bool held_ = false;
  std::size_t resolves_ = 0;
  std::map<std::string, Entry> persons_;
  std::map<std::string, std::string> by_identifier_;
  std::map<std::string, std::pair<std::string, registry::v1::ResolvePersonsResponse>> answered_;
};

}  // namespace tilts::case_intake::testing
