#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "case_intake/adapters/rules_book.hpp"
#include "core/result.hpp"

namespace tilts::registry::v1 {
class ListInstitutionsRequest;
class ListInstitutionsResponse;
}  // namespace tilts::registry::v1

namespace tilts::case_intake {

struct DirectoryOptions {
  std::string cache_file;  // empty: memory only
  std::chrono::milliseconds refresh_interval{5'000};
};

// Keeps the institutions of the rules book as the registry has them. What was seen last is kept in a file, so that
// reports find their coordinator while the registry is down, also after a restart.
class InstitutionDirectory {
 public:
  // Asks for one page; bounded by its own timeout.
  using Fetch =
      std::function<core::Result<registry::v1::ListInstitutionsResponse>(const registry::v1::ListInstitutionsRequest&)>;

  // Reads the cache file into the book at once.
  InstitutionDirectory(DirectoryOptions options, Fetch fetch, RulesBook& book);
  ~InstitutionDirectory();
  InstitutionDirectory(const InstitutionDirectory&) = delete;
  InstitutionDirectory& operator=(const InstitutionDirectory&) = delete;

  // A thread that refreshes at every interval, the first time at once.
  void Start();
  void Stop();
  // A failure keeps what is known.
  core::Status Refresh();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tilts::case_intake
