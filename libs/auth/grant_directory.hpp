#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry::v1 {
class GetGrantSnapshotResponse;
}

namespace tilts::auth {

struct GrantDirectoryOptions {
  std::string cache_file;  // empty: memory only
  std::chrono::milliseconds refresh_interval{5'000};
  // What an unknown key or grant may cost: it asks the registry at most this often.
  std::chrono::milliseconds unknown_backoff{1'000};
};

// Who may act for whom. Holds the registry's last snapshot in memory and in a file, so that callers
// are admitted while the registry is down, also after a restart. Validity follows the city clock that
// is passed in; the pace of asking follows the steady clock. Thread-safe.
class GrantDirectory {
 public:
  using Snapshot = registry::v1::GetGrantSnapshotResponse;
  // Asks the registry (or, in the registry, its own database); bounded by its own timeout. With an
  // unchanged version the answer may hold the version only.
  using Fetch = std::function<core::Result<Snapshot>(std::uint64_t known_version)>;

  // Reads the cache file; a broken one counts as absent.
  GrantDirectory(GrantDirectoryOptions options, Fetch fetch);
  ~GrantDirectory();
  GrantDirectory(const GrantDirectory&) = delete;
  GrantDirectory& operator=(const GrantDirectory&) = delete;

  // Called once when callers can be admitted: at once if the cache file knew some. Before Start.
  void OnFirstSnapshot(std::function<void()> listener);

  // A thread that refreshes at every interval, the first time at once.
  void Start();
  void Stop();

  // A failure keeps what is known.
  core::Status Refresh();
  bool has_snapshot() const;
  std::uint64_t version() const;

  // The client behind an API key. kUnauthenticated with KEY_UNKNOWN (also for a wrong secret) or
  // KEY_EXPIRED; kUnavailable with GRANTS_UNKNOWN while no snapshot was ever seen.
  core::Result<std::string> Authenticate(std::string_view api_key, core::CityTime now);

  // May the client do this for the institution now? The kind it acts as, or kDenied with
  // GRANT_MISSING, GRANT_EXPIRED or OPERATION_NOT_GRANTED. A grant of "*" covers every operation but
  // those of operators, which an operator's "*" covers too. `seen_version`: a version another service
  // is known to hold; with an older one the registry is asked before refusing, and while it does
  // not answer the refusal is kUnavailable with GRANTS_UNKNOWN.
  core::Result<Principal::Kind> CheckOperation(const std::string& client_id, const std::string& institution_id,
                                               std::string_view operation, core::CityTime now,
                                               std::uint64_t seen_version = 0);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tilts::auth
