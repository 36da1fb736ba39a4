#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/signed_principal.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::auth {

struct KeyRecord {
  std::string key_id;
  std::string client_id;
  std::string secret_hash;  // ApiKeySecretHash
  core::CityTime valid_from{};
  core::CityTime valid_to{};  // exclusive; zero = open
  bool operator==(const KeyRecord&) const = default;
};

struct ClientRecord {
  std::string client_id;
  bool is_operator = false;
  std::vector<std::string> operator_operations;  // what an operator client may do
  bool operator==(const ClientRecord&) const = default;
};

struct GrantRecord {
  std::string client_id;
  std::string institution_id;
  std::vector<std::string> operations;
  core::CityTime valid_from{};
  core::CityTime valid_to{};  // exclusive; zero = open
  bool operator==(const GrantRecord&) const = default;
};

struct GrantSnapshot {
  std::string version;
  std::vector<ClientRecord> clients;
  std::vector<KeyRecord> keys;
  std::vector<GrantRecord> grants;
  bool operator==(const GrantSnapshot&) const = default;
};

struct GrantDirectoryOptions {
  std::string cache_file;  // empty: memory only (registry itself, tests)
  std::chrono::seconds refresh_interval{30};
  std::chrono::seconds unknown_key_backoff{5};  // an unknown key asks the registry at most this often
};

// Who may act for whom. Holds the last snapshot in memory and in a file, so that calls are still
// authenticated while the registry is down or this process restarts meanwhile. Key and grant
// validity follow the city clock; refresh pacing follows the steady clock. Thread-safe.
class GrantDirectory {
 public:
  using Fetch = std::function<core::Result<GrantSnapshot>()>;

  // Loads the cache file if there is one (a broken one is ignored and counted as absent).
  GrantDirectory(GrantDirectoryOptions options, Fetch fetch);
  ~GrantDirectory();
  GrantDirectory(const GrantDirectory&) = delete;
  GrantDirectory& operator=(const GrantDirectory&) = delete;

  // Fetches now. The owner calls it from a background job every refresh_interval; a failure keeps
  // what is known.
  core::Status Refresh();
  bool has_snapshot() const;
  std::string version() const;

  // The client behind a key: kUnauthenticated with KEY_UNKNOWN or KEY_EXPIRED; kUnavailable while
  // no snapshot was ever seen. A wrong secret is KEY_UNKNOWN.
  core::Result<ClientRecord> Authenticate(std::string_view api_key, core::CityTime now);

  // kDenied with GRANT_MISSING, GRANT_EXPIRED or OPERATION_NOT_GRANTED. Operators pass institution "".
  core::Status CheckOperation(const std::string& client_id, const std::string& institution_id,
                              std::string_view operation, core::CityTime now) const;
  // Same without an operation: may the client act for the institution at all?
  core::Status CheckGrant(const std::string& client_id, const std::string& institution_id, core::CityTime now) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tilts::auth
