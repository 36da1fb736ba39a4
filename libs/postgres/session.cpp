#include "postgres/session.hpp"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

namespace tilts::postgres {

core::Result<Rows> UnitOfWork::Session::Remember(core::Result<Rows> outcome) {
  if (!outcome && !broken_) broken_ = outcome.error();
  return outcome;
}

core::Result<Rows> UnitOfWork::Session::Exec(std::string_view sql, const Params& params) {
  if (broken_) return core::Fail(*broken_);
  return Remember(connection_.Exec(sql, params));
}

core::Status UnitOfWork::Session::Script(std::string_view sql) {
  if (broken_) return core::Fail(*broken_);
  auto outcome = Remember(connection_.Script(sql));
  if (!outcome) return core::Fail(std::move(outcome).error());
  return {};
}

Gathering& UnitOfWork::Session::Gathered(const void* owner, const std::function<std::unique_ptr<Gathering>()>& make) {
  std::unique_ptr<Gathering>& gathering = gathered_[owner];
  if (!gathering) gathering = make();
  return *gathering;
}

core::Status UnitOfWork::Session::WriteGathered() {
  UnitOfWork unit(*this);
  while (!gathered_.empty()) {
    const auto next = gathered_.extract(gathered_.begin());
    TILTS_CHECK(next.mapped()->Write(unit));
  }
  return {};
}

core::Status UnitOfWork::Session::Attempt(const std::function<core::Status()>& work) {
  TILTS_CHECK(WriteGathered());
  const std::string name = absl::StrCat("attempt_", ++depth_);
  const std::size_t emissions = emissions_.size();
  if (auto begun = Script(absl::StrCat("SAVEPOINT ", name)); !begun) {
    --depth_;
    return begun;
  }
  core::Status status = work();
  if (status) status = WriteGathered();
  if (status && broken_) status = core::Fail(*broken_);
  gathered_.clear();
  --depth_;
  if (status) return Script(absl::StrCat("RELEASE SAVEPOINT ", name));
  if (!connection_.usable()) return status;
  broken_.reset();
  emissions_.resize(emissions);
  TILTS_CHECK(Script(absl::StrCat("ROLLBACK TO SAVEPOINT ", name, "; RELEASE SAVEPOINT ", name)));
  return status;
}

core::Status UnitOfWork::Session::Emit(const events::Draft& draft) {
  if (draft.value.size() > events::kMaxRecordBytes) {
    return core::Fail(core::Errc::kInvalid, "the event is larger than a record may be", "RECORD_TOO_LARGE");
  }
  if (draft.topic.empty() || draft.event_id.empty()) {
    return core::Fail(core::Errc::kInvalid, "make the draft with MakeDraft", "DRAFT_INCOMPLETE");
  }
  emissions_.push_back(draft);
  return {};
}

core::Status UnitOfWork::Session::Flush() {
  TILTS_CHECK(WriteGathered());
  constexpr std::size_t kRowsPerStatement = 200;
  for (std::size_t from = 0; from < emissions_.size(); from += kRowsPerStatement) {
    const std::size_t to = std::min(emissions_.size(), from + kRowsPerStatement);
    std::string sql = "INSERT INTO outbox (topic, key, partition, event_id, body, headers) VALUES ";
    Params params;
    for (std::size_t i = from; i < to; ++i) {
      const std::size_t at = params.size();
      absl::StrAppend(&sql, i == from ? "" : ", ", "($", at + 1, ", $", at + 2, ", $", at + 3, ", $", at + 4, ", $",
                      at + 5, ", $", at + 6, ")");
      const events::Draft& draft = emissions_[i];
      std::vector<std::string> headers;
      for (const events::Header& header : draft.headers) {
        headers.push_back(header.name);
        headers.push_back(header.value);
      }
      params.insert(params.end(),
                    {draft.topic, draft.key, draft.partition, draft.event_id, Bytes{draft.value}, headers});
    }
    auto written = Exec(sql, params);
    if (!written) return core::Fail(std::move(written).error());
    emitted_ = true;
  }
  emissions_.clear();
  return {};
}

core::Result<Rows> UnitOfWork::Exec(std::string_view sql, const Params& params) {
  return session_.Exec(sql, params);
}
core::Status UnitOfWork::ExecScript(std::string_view sql) {
  return session_.Script(sql);
}
core::Status UnitOfWork::Attempt(const std::function<core::Status()>& work) {
  return session_.Attempt(work);
}
Gathering& UnitOfWork::Gathered(const void* owner, const std::function<std::unique_ptr<Gathering>()>& make) {
  return session_.Gathered(owner, make);
}
core::Status UnitOfWork::WriteGathered() {
  return session_.WriteGathered();
}
core::Status UnitOfWork::Emit(const events::Draft& draft) {
  return session_.Emit(draft);
}

core::Status UnitOfWork::Emit(const std::vector<events::Draft>& drafts) {
  for (const events::Draft& draft : drafts) TILTS_CHECK(session_.Emit(draft));
  return {};
}

core::Status UnitOfWork::Lock(std::string_view kind, std::string_view key) {
  TILTS_CHECK(Exec("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/' || $1 || '/' || $2, 0))",
                   {kind, key}));
  return {};
}

core::Result<bool> UnitOfWork::TryLock(std::string_view kind, std::string_view key) {
  TILTS_ASSIGN(const Rows rows, Exec("SELECT pg_try_advisory_xact_lock("
                                     "hashtextextended(current_schema() || '/' || $1 || '/' || $2, 0))",
                                     {kind, key}));
  return rows.front().Bool(0);
}

}  // namespace tilts::postgres
