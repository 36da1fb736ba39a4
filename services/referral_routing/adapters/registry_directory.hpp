#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "core/result.hpp"
#include "log/log.hpp"
#include "referral_routing/adapters/peers.hpp"
#include "referral_routing/app/directory.hpp"

namespace tilts::referrals::v1 {
class StoredDirectory;
}

namespace tilts::referral_routing {

// Keeps the holder's directory as the registry has it. What was seen last is kept in a file, so that routing starts and
// goes on while the registry is down.
class RegistryDirectory {
 public:
  struct Options {
    std::string cache_file;  // empty: memory only
    std::chrono::milliseconds refresh{5'000};
  };

  // Reads the cache file into the holder at once.
  RegistryDirectory(Options options, Peer& registry, DirectoryHolder& holder, const log::Logger& log);
  ~RegistryDirectory() { Stop(); }
  RegistryDirectory(const RegistryDirectory&) = delete;
  RegistryDirectory& operator=(const RegistryDirectory&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();
  // Asks now; a failure keeps what is known.
  core::Status Refresh();

 private:
  core::Result<referrals::v1::StoredDirectory> Fetch() const;
  core::Status Use(const referrals::v1::StoredDirectory& stored);

  const Options options_;
  Peer& registry_;
  DirectoryHolder& holder_;
  const log::Logger& log_;
  std::string known_;  // versions of what the holder has
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::referral_routing
