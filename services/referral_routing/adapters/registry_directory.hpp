#pragma once

#include <functional>
#include <string>

#include "core/result.hpp"
#include "log/log.hpp"
#include "referral_routing/adapters/peers.hpp"
#include "referral_routing/app/directory.hpp"
#include "service/refresher.hpp"

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
    service::RefreshPace pace{};
  };

  // Reads the cache file into the holder at once.
  RegistryDirectory(Options options, Peer& registry, DirectoryHolder& holder, const log::Logger& log);
  ~RegistryDirectory() { Stop(); }
  RegistryDirectory(const RegistryDirectory&) = delete;
  RegistryDirectory& operator=(const RegistryDirectory&) = delete;

  // Called once, when routing knows whom it may ask (from the cache file or the registry) or the grace is over. Before
  // Start.
  void OnReady(std::function<void()> listener) { refresher_.OnReady(std::move(listener)); }
  void Start();
  void RequestStop() { refresher_.RequestStop(); }
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
  bool failing_ = false;
  service::Refresher refresher_;  // last: its thread uses the others
};

}  // namespace tilts::referral_routing
