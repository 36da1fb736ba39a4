#include "tiltsctl/app/rebuild_command.hpp"

#include <tilts/operations/v1/rebuild_service.pb.h>

#include <map>
#include <ostream>

#include "core/concat.hpp"
#include "crypto/random.hpp"
#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/progress.hpp"
#include "tiltsctl/app/table.hpp"

namespace tilts::tiltsctl {
namespace {

using operations::v1::GetRebuildRequest;
using operations::v1::GetRebuildResponse;
using operations::v1::StartRebuildRequest;
using operations::v1::StartRebuildResponse;

// How often progress is told.
constexpr std::uint32_t kWaitSeconds = 1;

const std::map<std::string, std::string>& Services() {
  static const std::map<std::string, std::string> kServices = {{"risk", "risk-scoring"},
                                                               {"indicators", "indicator-aggregation"}};
  return kServices;
}

core::Result<GetRebuildResponse> WaitForEnd(Session& session, const std::string& service,
                                            const std::string& rebuild_id) {
  GetRebuildRequest request;
  request.set_rebuild_id(rebuild_id);
  request.set_wait_seconds(kWaitSeconds);
  Progress progress(session, "replaying record");
  while (true) {
    TILTS_ASSIGN(auto report, session.connection.Call<GetRebuildResponse>(
                                  service, "tilts.operations.v1.RebuildService/GetRebuild", request));
    if (report.done()) return report;
    progress.Show(report.records_read(), report.records_total());
  }
}

void Print(const GetRebuildResponse& report, bool applied, std::ostream& out) {
  if (report.difference_count() > 0) {
    Table table({"OBJECT", "WHAT"});
    for (const auto& difference : report.differences()) table.Add({difference.object_id(), difference.what()});
    table.Print(out);
  }
  out << report.records_read() << " records replayed, " << report.compared() << " objects compared, "
      << report.difference_count() << " differences\n";
  if (!report.failure().empty()) {
    out << "rebuild: FAILED, " << report.failure() << "\n";
    return;
  }
  out << "live     " << report.live_digest() << "\nrebuilt  " << report.rebuilt_digest() << "\n";
  if (applied) {
    out << "rebuild: applied, the rebuilt state is in use\n";
  } else {
    out << (report.difference_count() == 0 ? "rebuild: equal\n" : "rebuild: NOT EQUAL\n");
  }
}

}  // namespace

core::Result<int> Rebuild(Session& session, const RebuildOptions& options) {
  const auto service = Services().find(options.what);
  if (service == Services().end()) {
    return core::Fail(core::Errc::kInvalid, "rebuild risk or indicators", "ARGUMENTS");
  }
  StartRebuildRequest request;
  request.set_request_id(crypto::RandomId());
  request.set_mode(options.apply ? operations::v1::REBUILD_MODE_APPLY : operations::v1::REBUILD_MODE_VERIFY);
  TILTS_ASSIGN(const auto started, session.connection.Call<StartRebuildResponse>(
                                       service->second, "tilts.operations.v1.RebuildService/StartRebuild", request));
  TILTS_ASSIGN(const auto report, WaitForEnd(session, service->second, started.rebuild_id()));
  TILTS_CHECK(Show(session, report, [&] { Print(report, options.apply, session.out); }));
  const bool fine = report.failure().empty() && (options.apply || report.difference_count() == 0);
  return fine ? kDone : kRefused;
}

}  // namespace tilts::tiltsctl
