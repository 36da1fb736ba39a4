#include "case_intake/adapters/institution_directory.hpp"

#include <tilts/registry/v1/registry_service.pb.h>

#include <mutex>

#include "case_intake/app/contract.hpp"
#include "wire/message_file.hpp"

namespace tilts::case_intake {
namespace {

// More pages than this is a registry that repeats itself.
constexpr int kMostPages = 100;

Institutions InstitutionsOf(const registry::v1::ListInstitutionsResponse& list) {
  std::vector<Institution> institutions;
  for (const registry::v1::Institution& institution : list.institutions()) {
    institutions.push_back(FromProto(institution));
  }
  return Institutions(std::move(institutions));
}

}  // namespace

struct InstitutionDirectory::State {
  DirectoryOptions options;
  Fetch fetch;
  RulesBook& book;
  std::mutex refreshing;  // one at a time
  std::uint64_t version = 0;

  core::Result<registry::v1::ListInstitutionsResponse> FetchAll() const {
    registry::v1::ListInstitutionsResponse all;
    registry::v1::ListInstitutionsRequest request;
    for (int page = 0; page < kMostPages; ++page) {
      TILTS_ASSIGN(registry::v1::ListInstitutionsResponse answer, fetch(request));
      all.mutable_institutions()->MergeFrom(answer.institutions());
      all.set_registry_version(answer.registry_version());
      if (answer.next_page_token().empty()) return all;
      request.set_page_token(answer.next_page_token());
    }
    return core::Fail(core::Errc::kCorrupt, "the registry's list of institutions has no end", "REGISTRY_ANSWER");
  }
};

InstitutionDirectory::InstitutionDirectory(DirectoryOptions options, Fetch fetch, RulesBook& book)
    : state_(new State{std::move(options), std::move(fetch), book, {}, 0}),
      refresher_(state_->options.pace, [this] { return Refresh(); }) {
  registry::v1::ListInstitutionsResponse cached;
  if (wire::ReadMessageFile(state_->options.cache_file, cached)) state_->book.UseInstitutions(InstitutionsOf(cached));
}

InstitutionDirectory::~InstitutionDirectory() {
  Stop();
}

void InstitutionDirectory::OnReady(std::function<void()> listener) {
  refresher_.OnReady(std::move(listener));
}

void InstitutionDirectory::Start() {
  refresher_.Start(!state_->book.Current()->institutions.empty());
}

void InstitutionDirectory::Stop() {
  refresher_.Stop();
}

core::Status InstitutionDirectory::Refresh() {
  const std::lock_guard lock(state_->refreshing);
  TILTS_ASSIGN(const registry::v1::ListInstitutionsResponse list, state_->FetchAll());
  if (list.institutions().empty()) {
    return core::Fail(core::Errc::kCorrupt, "the registry knows no institution; what is known is kept",
                      "REGISTRY_EMPTY");
  }
  if (list.registry_version() == state_->version && state_->version != 0) return {};
  state_->book.UseInstitutions(InstitutionsOf(list));
  state_->version = list.registry_version();
  if (state_->options.cache_file.empty()) return {};
  return wire::WriteMessageFile(state_->options.cache_file, list);
}

}  // namespace tilts::case_intake
