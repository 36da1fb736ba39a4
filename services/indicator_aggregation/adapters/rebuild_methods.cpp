#include "indicator_aggregation/adapters/rebuild_methods.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include "backbone/audit.hpp"
#include "events/draft.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"
#include "rpc/long_poll.hpp"

namespace tilts::indicator_aggregation {
namespace {

using namespace operations::v1;  // NOLINT(google-build-using-namespace): the contract's messages

void Show(const RebuildResult& result, GetRebuildResponse& answer) {
  answer.set_records_read(result.records_read);
  answer.set_records_total(result.records_total);
  answer.set_compared(result.comparison.compared);
  answer.set_difference_count(result.comparison.differences);
  answer.set_live_digest(result.comparison.live_digest);
  answer.set_rebuilt_digest(result.comparison.rebuilt_digest);
  answer.clear_differences();
  for (const Found& found : result.comparison.found) {
    Difference& difference = *answer.add_differences();
    difference.set_object_id(found.object_id);
    difference.set_what(found.what);
  }
}

}  // namespace

struct RebuildMethods::State {
  State(postgres::Database& a_database, Rebuild a_rebuild, postgres::Idempotency an_idempotency)
      : database(a_database), rebuild(std::move(a_rebuild)), idempotency(std::move(an_idempotency)) {}

  void Run(RebuildMode mode) {
    const Rebuild::Progress progress = [this](const RebuildResult& result) -> core::Status {
      if (stopping) return core::Fail(core::Errc::kUnavailable, "the service stops", "STOPPED");
      const std::lock_guard lock(mutex);
      Show(result, answer);
      return {};
    };
    const auto result = mode == REBUILD_MODE_APPLY ? rebuild.Apply(progress) : rebuild.Verify(progress);
    {
      const std::lock_guard lock(mutex);
      if (result) Show(*result, answer);
      if (!result) answer.set_failure(result.error().reason.empty() ? result.error().message : result.error().reason);
      answer.set_done(true);
    }
    ends.Wake();
  }

  postgres::Database& database;
  const Rebuild rebuild;
  const postgres::Idempotency idempotency;
  mutable std::mutex mutex;
  std::string rebuild_id;     // guarded by mutex
  GetRebuildResponse answer;  // guarded by mutex
  std::atomic<bool> stopping = false;
  std::mutex starting;  // one Start at a time; guards thread
  std::thread thread;
  rpc::LongPoll ends;
};

RebuildMethods::RebuildMethods(postgres::Database& database, Rebuild rebuild, postgres::Idempotency idempotency)
    : state_(std::make_unique<State>(database, std::move(rebuild), std::move(idempotency))) {}

RebuildMethods::~RebuildMethods() {
  Stop();
}

void RebuildMethods::Stop() {
  state_->stopping = true;
  state_->ends.Stop();
  const std::lock_guard lock(state_->starting);
  if (state_->thread.joinable()) state_->thread.join();
}

void RebuildMethods::Bind(rpc::MethodTable& methods) {
  const std::string service = "tilts.operations.v1.RebuildService/";
  methods.Bind<StartRebuildRequest, StartRebuildResponse>(
      service + "StartRebuild",
      [this](const rpc::CallContext& call, const auto& request) { return Start(call, request); });
  methods.BindDeferred<GetRebuildRequest, GetRebuildResponse>(
      service + "GetRebuild",
      [this](const rpc::CallContext& call, const GetRebuildRequest& request, rpc::Replier<GetRebuildResponse> reply) {
        AwaitEnd(request, rpc::WaitOf(call, request.wait_seconds()), std::move(reply));
      });
}

core::Result<StartRebuildResponse> RebuildMethods::Start(const rpc::CallContext& call,
                                                         const StartRebuildRequest& request) {
  if (request.mode() != REBUILD_MODE_VERIFY && request.mode() != REBUILD_MODE_APPLY) {
    return core::Fail(core::Error{core::Errc::kInvalid,
                                  "say whether to verify or to apply",
                                  "REQUEST",
                                  {{"mode", "MODE", "use REBUILD_MODE_VERIFY or REBUILD_MODE_APPLY"}},
                                  0});
  }
  const std::lock_guard lock(state_->starting);
  const std::string& caller = call.principal.institution_id;
  const std::string id = events::DerivedId(caller + "/" + request.request_id(), "rebuild", 0);
  TILTS_ASSIGN(const bool fresh, state_->database.Transact([&](postgres::UnitOfWork& unit) -> core::Result<bool> {
    TILTS_ASSIGN(const auto draft, backbone::AuditOfCall(call, kGroup,
                                                         {std::string(kGroup) + ".operations",
                                                          auth::Touch::kWrite,
                                                          {"rebuild/" + id},
                                                          auth::AccessDecision::Allow("OPERATOR"),
                                                          {}}));
    TILTS_CHECK(unit.Emit(draft));
    TILTS_ASSIGN(const auto seen, state_->idempotency.Begin(unit, caller, request.request_id(), request));
    if (seen) return false;
    {
      const std::lock_guard running(state_->mutex);
      if (!state_->rebuild_id.empty() && !state_->answer.done()) {
        return core::Fail(core::Errc::kRefused, "a rebuild is running: wait for its end", "REBUILD_RUNNING");
      }
    }
    TILTS_CHECK(state_->idempotency.Complete(unit, caller, request.request_id(), request, id, call.now));
    return true;
  }));
  if (fresh) {
    if (state_->thread.joinable()) state_->thread.join();
    {
      const std::lock_guard running(state_->mutex);
      state_->rebuild_id = id;
      state_->answer.Clear();
    }
    state_->thread = std::thread([state = state_.get(), mode = request.mode()] { state->Run(mode); });
  }
  StartRebuildResponse response;
  response.set_rebuild_id(id);
  return response;
}

core::Result<GetRebuildResponse> RebuildMethods::Get(const GetRebuildRequest& request) const {
  const std::lock_guard lock(state_->mutex);
  if (request.rebuild_id().empty() || request.rebuild_id() != state_->rebuild_id) {
    return core::Fail(core::Errc::kNotFound, "there is no such rebuild any more: start another", "REBUILD");
  }
  return state_->answer;
}

void RebuildMethods::AwaitEnd(const GetRebuildRequest& request, rpc::Deadline until,
                              rpc::Replier<GetRebuildResponse> reply) {
  // Kept by whoever answers; a function that is copied cannot hold what only moves.
  const auto kept = std::make_shared<rpc::Replier<GetRebuildResponse>>(std::move(reply));
  state_->ends.Wait(
      until,
      [this, request] {
        const auto progress = Get(request);
        return !progress || progress->done();
      },
      [this, request, kept] { kept->Send(Get(request)); });
}

}  // namespace tilts::indicator_aggregation
