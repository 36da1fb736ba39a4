#include "fake_vault.hpp"

#include "crypto/random.hpp"
#include "crypto/seal.hpp"

namespace tilts::case_intake::testing {

core::Status FakeVault::CheckUp() const {
  if (down_) return core::Fail(core::Errc::kUnavailable, "the vault is down", "DOWN");
  return {};
}

std::string FakeVault::FindOrCreate(const intake::v1::ReportedPerson& person) {
  std::string id;
  for (const intake::v1::PersonIdentifier& identifier : person.identifiers()) {
    const auto found = by_identifier_.find(identifier.institution_id() + "/" + identifier.value());
    if (found != by_identifier_.end()) id = found->second;
  }
  if (id.empty()) id = crypto::RandomId();
  Entry& entry = persons_[id];
  entry.details.MergeFrom(person);
  for (const intake::v1::PersonIdentifier& identifier : person.identifiers()) {
    by_identifier_[identifier.institution_id() + "/" + identifier.value()] = id;
  }
  return id;
}

std::string FakeVault::WhoHas(const std::string& institution_id, const std::string& value) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_identifier_.find(institution_id + "/" + value);
  return found == by_identifier_.end() ? std::string() : found->second;
}

core::Result<registry::v1::ResolvePersonsResponse> FakeVault::Resolve(
    const registry::v1::ResolvePersonsRequest& request, const VaultCall&) {
  std::unique_lock lock(mutex_);
  ++resolves_;
  if (hold_) {
    held_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hold_; });
  }
  TILTS_CHECK(CheckUp());
  const std::string body = request.SerializeAsString();
  auto& [asked, answer] = answered_[request.request_id()];
  if (!asked.empty() && asked != body)
    return core::Fail(core::Errc::kAlreadyExists, "another body", "IDEMPOTENCY_BODY");
  if (!asked.empty()) return answer;
  asked = body;
  for (const intake::v1::ReportedPerson& person : request.people()) {
    registry::v1::ResolvedPerson& resolved = *answer.add_people();
    resolved.set_person_id(FindOrCreate(person));
    resolved.set_identified(person.identifiers_size() > 0);
  }
  return answer;
}

core::Result<registry::v1::DescribePersonsResponse> FakeVault::Describe(
    const registry::v1::DescribePersonsRequest& request, const VaultCall&) {
  const std::lock_guard lock(mutex_);
  TILTS_CHECK(CheckUp());
  registry::v1::DescribePersonsResponse answer;
  for (const std::string& id : request.person_ids()) {
    const auto found = persons_.find(id);
    if (found == persons_.end()) continue;
    registry::v1::DescribedPerson& person = *answer.add_people();
    person.set_person_id(id);
    person.set_erased(found->second.erased);
    if (found->second.erased) continue;
    person.set_given_name(found->second.details.given_name());
    person.set_family_name(found->second.details.family_name());
    person.set_contact(found->second.details.contact());
  }
  return answer;
}

core::Result<std::vector<std::string>> FakeVault::Wrap(const core::PersonId& person,
                                                       const std::vector<std::string>& keys, const VaultCall&) {
  const std::lock_guard lock(mutex_);
  TILTS_CHECK(CheckUp());
  if (persons_.at(person.value()).erased)
    return core::Fail(core::Errc::kNotFound, "the person was erased", kPersonErased);
  std::vector<std::string> wrapped;
  if (wrap_down_) return core::Fail(core::Errc::kUnavailable, "no key can be wrapped", "DOWN");
  for (const std::string& key : keys) wrapped.push_back(crypto::Seal(persons_.at(person.value()).key, key, "wrap"));
  return wrapped;
}

core::Result<std::vector<std::string>> FakeVault::Unwrap(const core::PersonId& person,
                                                         const std::vector<std::string>& wrapped, const VaultCall&) {
  const std::lock_guard lock(mutex_);
  TILTS_CHECK(CheckUp());
  const Entry& entry = persons_.at(person.value());
  if (entry.erased) return core::Fail(core::Errc::kNotFound, "the person was erased", kPersonErased);
  std::vector<std::string> keys;
  for (const std::string& bytes : wrapped) {
    TILTS_ASSIGN(std::string key, crypto::Open(entry.key, bytes, "wrap"));
    keys.push_back(std::move(key));
  }
  return keys;
}

void FakeVault::SetDown(bool down) {
  const std::lock_guard lock(mutex_);
  down_ = down;
}

void FakeVault::SetWrapDown(bool down) {
  const std::lock_guard lock(mutex_);
  wrap_down_ = down;
}

void FakeVault::Erase(const std::string& person_id) {
  const std::lock_guard lock(mutex_);
  Entry& entry = persons_.at(person_id);
  entry.erased = true;
  entry.details.Clear();
  entry.key = crypto::SecretKey::Random();
}

void FakeVault::HoldResolve() {
  const std::lock_guard lock(mutex_);
  hold_ = true;
}

void FakeVault::AwaitHeld() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return held_; });
}

void FakeVault::Release() {
  const std::lock_guard lock(mutex_);
  hold_ = false;
  changed_.notify_all();
}

std::size_t FakeVault::persons() const {
  const std::lock_guard lock(mutex_);
  return persons_.size();
}

std::size_t FakeVault::resolves() const {
  const std::lock_guard lock(mutex_);
  return resolves_;
}

}  // namespace tilts::case_intake::testing
