#include "auth/grant_directory.hpp"

#include <tilts/registry/v1/registry_service.pb.h>

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "auth/api_key.hpp"
#include "auth/snapshot_cache.hpp"
#include "auth/snapshot_index.hpp"

namespace tilts::auth {
namespace {

using Steady = std::chrono::steady_clock;

tl::unexpected<core::Error> KeyUnknown() {
  return core::Fail(core::Errc::kUnauthenticated, "The API key is not known: check it or ask for a new one.",
                    "KEY_UNKNOWN");
}

tl::unexpected<core::Error> Unchecked() {
  return core::Fail(core::Errc::kUnavailable, "Grants cannot be checked yet: retry in a moment.", "GRANTS_UNKNOWN");
}

}  // namespace

struct GrantDirectory::State {
  GrantDirectoryOptions options;
  Fetch fetch;

  mutable std::mutex index_mutex;
  std::shared_ptr<const SnapshotIndex> index;
  std::function<void()> on_first;  // guarded by index_mutex; taken when called

  std::timed_mutex fetch_mutex;       // one question to the registry at a time
  Steady::time_point last_unknown{};  // guarded by fetch_mutex
  bool asked_for_unknown = false;     // guarded by fetch_mutex

  std::mutex thread_mutex;
  std::condition_variable_any wake;
  std::jthread thread;

  std::shared_ptr<const SnapshotIndex> Index() const {
    const std::lock_guard lock(index_mutex);
    return index;
  }

  void Install(const Snapshot& snapshot) {
    auto fresh = std::make_shared<const SnapshotIndex>(snapshot);
    std::function<void()> listener;
    {
      const std::lock_guard lock(index_mutex);
      index = std::move(fresh);
      listener = std::exchange(on_first, nullptr);
    }
    if (listener) listener();
  }

  core::Status FetchLocked() {
    const auto known = Index();
    TILTS_ASSIGN(const Snapshot snapshot, fetch(known ? known->version() : 0));
    if (known && snapshot.version() == known->version()) return {};
    Install(snapshot);
    if (options.cache_file.empty()) return {};
    return WriteSnapshotCache(options.cache_file, snapshot);
  }

  // Somebody shows a key or a grant we do not know: it may be newer than our snapshot. A flood of
  // wrong ones costs one question per backoff, and nobody waits behind a registry that hangs.
  // What another service is known to hold is worth asking for at once.
  bool RefreshForUnknown(const std::shared_ptr<const SnapshotIndex>& seen, std::uint64_t seen_version = 0) {
    const std::unique_lock lock(fetch_mutex, std::chrono::milliseconds(250));
    if (!lock.owns_lock()) return false;
    if (Index() != seen) return true;
    const auto now = Steady::now();
    const bool outdated = seen && seen->version() < seen_version;
    if (!outdated && asked_for_unknown && now - last_unknown < options.unknown_backoff) return false;
    asked_for_unknown = true;
    last_unknown = now;
    const core::Status status = FetchLocked();
    return (status || status.error().reason == "CACHE_WRITE") && Index() != seen;
  }
};

GrantDirectory::GrantDirectory(GrantDirectoryOptions options, Fetch fetch) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  state_->fetch = std::move(fetch);
  if (const auto cached = ReadSnapshotCache(state_->options.cache_file)) state_->Install(*cached);
}

GrantDirectory::~GrantDirectory() {
  Stop();
}

void GrantDirectory::OnFirstSnapshot(std::function<void()> listener) {
  {
    const std::lock_guard lock(state_->index_mutex);
    if (!state_->index) {
      state_->on_first = std::move(listener);
      return;
    }
  }
  listener();
}

void GrantDirectory::Start() {
  state_->thread = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(Refresh());  // what failed is tried again at the next interval
      std::unique_lock lock(state_->thread_mutex);
      state_->wake.wait_for(lock, stop, state_->options.refresh_interval, [] { return false; });
    }
  });
}

void GrantDirectory::Stop() {
  if (!state_->thread.joinable()) return;
  state_->thread.request_stop();
  state_->thread.join();
}

core::Status GrantDirectory::Refresh() {
  const std::lock_guard lock(state_->fetch_mutex);
  return state_->FetchLocked();
}

bool GrantDirectory::has_snapshot() const {
  return state_->Index() != nullptr;
}

std::uint64_t GrantDirectory::version() const {
  const auto index = state_->Index();
  return index ? index->version() : 0;
}

core::Result<std::string> GrantDirectory::Authenticate(std::string_view api_key, core::CityTime now) {
  const auto key = ParseApiKey(api_key);
  if (!key) return KeyUnknown();
  auto index = state_->Index();
  const SnapshotIndex::Credential* found = index ? index->FindCredential(key->key_id) : nullptr;
  if (found == nullptr && state_->RefreshForUnknown(index)) {
    index = state_->Index();
    found = index ? index->FindCredential(key->key_id) : nullptr;
  }
  if (!index) {
    return core::Fail(core::Errc::kUnavailable, "Callers cannot be checked yet: retry in a moment.", "GRANTS_UNKNOWN");
  }
  if (found == nullptr || !ApiKeyMatches(*key, found->secret_sha256)) return KeyUnknown();
  if (found->expires_at && now >= *found->expires_at) {
    return core::Fail(core::Errc::kUnauthenticated, "The API key has expired: use its successor.", "KEY_EXPIRED");
  }
  return found->client_id;
}

core::Result<Principal::Kind> GrantDirectory::CheckOperation(const std::string& client_id,
                                                             const std::string& institution_id,
                                                             std::string_view operation, core::CityTime now,
                                                             std::uint64_t seen_version) {
  auto index = state_->Index();
  if (index) {
    auto answer = index->CheckOperation(client_id, institution_id, operation, now);
    if (answer) return answer;
    if (!state_->RefreshForUnknown(index, seen_version)) {
      // Who is known to hold a newer list has admitted the caller: not ours to deny by an old one.
      if (index->version() < seen_version) return Unchecked();
      return answer;
    }
  } else if (!state_->RefreshForUnknown(index)) {
    return Unchecked();
  }
  return state_->Index()->CheckOperation(client_id, institution_id, operation, now);
}

}  // namespace tilts::auth
