#include "referral_routing/adapters/registry_directory.hpp"

#include <tilts/referrals/v1/stored_directory.pb.h>

#include "wire/message_file.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;
using core::Status;

constexpr std::chrono::milliseconds kTimeout{3'000};
// More pages than this is a registry that repeats itself.
constexpr int kMostPages = 1'000;

std::string VersionsOf(const referrals::v1::StoredDirectory& stored) {
  std::string versions = std::to_string(stored.institutions().registry_version());
  for (const auto& calendar : stored.calendars().calendars()) {
    versions += " " + calendar.calendar_id() + "=" + calendar.version();
  }
  return versions;
}

}  // namespace

RegistryDirectory::RegistryDirectory(Options options, Peer& registry, DirectoryHolder& holder, const log::Logger& log)
    : options_(std::move(options)), registry_(registry), holder_(holder), log_(log), refresher_(options_.pace, [this] {
        auto refreshed = Refresh();
        if (!refreshed && !failing_) {
          log_.Warning("The registry could not be asked; what is known is kept",
                       {{"reason", refreshed.error().reason}});
        }
        failing_ = !refreshed;
        return refreshed;
      }) {
  referrals::v1::StoredDirectory stored;
  if (!wire::ReadMessageFile(options_.cache_file, stored)) return;
  if (const auto used = Use(stored); !used) {
    log_.Warning("The directory kept on disk is not used", {{"reason", used.error().reason}});
  }
}

Status RegistryDirectory::Use(const referrals::v1::StoredDirectory& stored) {
  TILTS_ASSIGN(Directory directory, Directory::Make(stored.institutions(), stored.calendars()));
  holder_.Set(std::make_shared<const Directory>(std::move(directory)));
  return {};
}

Result<referrals::v1::StoredDirectory> RegistryDirectory::Fetch() const {
  const PeerCall call{"directory", {}, std::chrono::steady_clock::now() + kTimeout};
  referrals::v1::StoredDirectory stored;
  registry::v1::ListInstitutionsRequest request;
  auto& all = *stored.mutable_institutions();
  for (int page = 0; page < kMostPages; ++page) {
    TILTS_ASSIGN(const auto answer, registry_.Ask<registry::v1::ListInstitutionsResponse>(
                                        "tilts.registry.v1.RegistryService/ListInstitutions", request, call));
    all.mutable_institutions()->MergeFrom(answer.institutions());
    all.set_registry_version(answer.registry_version());
    if (answer.next_page_token().empty()) break;
    request.set_page_token(answer.next_page_token());
  }
  TILTS_ASSIGN(*stored.mutable_calendars(),
               registry_.Ask<registry::v1::ListCalendarsResponse>("tilts.registry.v1.RegistryService/ListCalendars",
                                                                  registry::v1::ListCalendarsRequest(), call));
  if (all.institutions().empty()) {
    return core::Fail(core::Errc::kCorrupt, "the registry knows no institution; what is known is kept",
                      "REGISTRY_EMPTY");
  }
  return stored;
}

Status RegistryDirectory::Refresh() {
  TILTS_ASSIGN(const auto stored, Fetch());
  const std::string versions = VersionsOf(stored);
  if (versions == known_) return {};
  TILTS_CHECK(Use(stored));
  known_ = versions;
  return options_.cache_file.empty() ? Status() : wire::WriteMessageFile(options_.cache_file, stored);
}

void RegistryDirectory::Start() {
  refresher_.Start(holder_.Get().has_value());
}

void RegistryDirectory::Stop() {
  refresher_.Stop();
}

}  // namespace tilts::referral_routing
