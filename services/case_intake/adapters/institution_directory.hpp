#pragma once

#include <functional>
#include <memory>
#include <string>

#include "case_intake/adapters/rules_book.hpp"
#include "core/result.hpp"
#include "service/refresher.hpp"

namespace tilts::registry::v1 {
class ListInstitutionsRequest;
class ListInstitutionsResponse;
}  // namespace tilts::registry::v1

namespace tilts::case_intake {

struct DirectoryOptions {
  std::string cache_file;  // empty: memory only
  service::RefreshPace pace{};
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

  // Called once, when reports find their school (a list came from the cache file or the registry) or the grace is
  // over. Before Start.
  void OnReady(std::function<void()> listener);
  void Start();
  void Stop();
  // A failure keeps what is known.
  core::Status Refresh();

 private:
  struct State;
  std::unique_ptr<State> state_;
  service::Refresher refresher_;
};

}  // namespace tilts::case_intake
