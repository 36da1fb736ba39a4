#include "rpc/server_call.hpp"

#include <google/protobuf/descriptor.h>
#include <tilts/options/v1/options.pb.h>

#include <exception>
#include <utility>
#include <vector>

#include "core/concat.hpp"
#include "log/log.hpp"
#include "rpc/executor.hpp"
#include "rpc/server_stream.hpp"
#include "rpc/trace_context.hpp"

namespace tilts::rpc::internal {
namespace {

constexpr std::string_view kCallId = "tilts-call-id";
constexpr std::string_view kTraceparent = "traceparent";

core::Error Stopping() {
  return {core::Errc::kUnavailable, "the service is stopping: try another replica", "STOPPING", {}, 1};
}

std::string_view CodeOf(const core::Result<std::string>& answer) {
  return answer ? std::string_view("OK") : core::ToString(answer.error().code);
}

bool IsAudited(const MethodTable::Method& method) {
  return method.descriptor->options().GetExtension(options::v1::access).audit() != options::v1::AUDIT_DUTY_NONE;
}

// Only an inner call, proved by a service's signature, may name the call it belongs to: the id goes to the audit log.
std::string CallIdFor(const auth::Principal& principal, const Metadata& metadata) {
  const std::string_view given = FirstOf(metadata, kCallId);
  const bool inner = principal.issuer != "api-key" && !principal.issuer.empty();
  return inner && !given.empty() && given.size() <= 64 ? std::string(given) : RandomHexId();
}

class CountWhile {
 public:
  CountWhile(std::atomic<std::size_t>& counter, bool counted) : counter_(counter), amount_(counted ? 1 : 0) {
    counter_ += amount_;
  }
  ~CountWhile() { counter_ -= amount_; }
  CountWhile(const CountWhile&) = delete;
  CountWhile& operator=(const CountWhile&) = delete;

 private:
  std::atomic<std::size_t>& counter_;
  const std::size_t amount_;
};

}  // namespace

CallMetrics::CallMetrics(metrics::Registry& registry, const MethodTable& methods)
    : open_calls(registry.AddGauge("tilts_rpc_server_open_calls", "Calls that are not answered yet.")),
      open_streams(registry.AddGauge("tilts_rpc_server_open_streams", "Streams that have not ended yet.")),
      refused_while_stopping(registry.AddCounter("tilts_rpc_server_refused_while_stopping_total",
                                                 "Calls refused because the process is stopping.")),
      registry_(registry) {
  for (const MethodTable::Method* method : methods.All()) Duration(method->name, "OK");
}

metrics::Histogram CallMetrics::Duration(const std::string& method, std::string_view code) {
  const std::lock_guard lock(mutex_);
  const auto [entry, fresh] = children_.try_emplace(core::Concat(method, " ", code));
  if (fresh) {
    entry->second =
        registry_.AddHistogram("tilts_rpc_server_duration_seconds", "From the request's arrival to the answer.",
                               {{"rpc", method}, {"code", std::string(code)}});
  }
  return entry->second;
}

CallBook::CallBook(ServerParts parts) : parts_(std::move(parts)), metrics_(parts_.metrics, parts_.methods) {}

void CallBook::Accept(std::shared_ptr<ServerCall> call) {
  call->arrived = std::chrono::steady_clock::now();
  call->started = parts_.machine_clock.Now();
  call->incoming_traceparent = FirstOf(call->metadata, kTraceparent);
  call->traceparent = NextTraceparent(call->incoming_traceparent);
  {
    const std::lock_guard lock(mutex_);
    open_.emplace(call.get(), call);
  }
  metrics_.open_calls.Add(1);
  if (!call->Begin()) return Forget(*call);
  if (!accepting_) {
    metrics_.refused_while_stopping.Add();
    call->Finish(core::Fail(Stopping()));
    return;
  }
  auto submitted = parts_.executor.Submit([this, call] { Run(call); });
  if (!submitted) call->Finish(tl::make_unexpected(std::move(submitted).error()));
}

void CallBook::Run(const std::shared_ptr<ServerCall>& call) {
  if (*call->cancelled)
    return call->Finish(core::Fail(core::Errc::kTimeout, "the caller no longer waits", "CANCELLED"));
  CallContext context;
  context.method = call->method.name;
  context.now = parts_.city_clock.Now();
  context.deadline = call->deadline;
  context.traceparent = call->traceparent;
  context.cancelled_flag = std::shared_ptr<const std::atomic<bool>>(call->cancelled);
  if (context.Remaining() == std::chrono::milliseconds(0)) {
    return call->Finish(
        core::Fail(core::Errc::kTimeout, "the deadline passed before the call was looked at", "DEADLINE"));
  }
  try {
    auto principal = parts_.gatekeeper.Admit(*call->method.descriptor, call->metadata, context.now);
    if (!principal) return call->Finish(tl::make_unexpected(std::move(principal).error()));
    context.principal = *std::move(principal);
    context.call_id = CallIdFor(context.principal, call->metadata);
    context.metadata = call->metadata;
    Admitted(call, std::move(context));
  } catch (const std::exception&) {  // its text may hold anything, so it is not logged
    parts_.log.Error("a handler threw", {{"rpc", call->method.name}});
    call->Finish(core::Fail(core::Errc::kInternal, "an internal error: the operators have been told", "EXCEPTION"));
  }
}

void CallBook::Admitted(const std::shared_ptr<ServerCall>& call, CallContext context) {
  const std::string trace_id(context.trace_id());
  const std::string call_id = context.call_id;
  const log::Scope scope({{}, {}, trace_id, call_id});
  const CountWhile counted(audited_handlers_, IsAudited(call->method));
  call->method.handler(context, call->request, RawReplier(call));
}

void CallBook::Close(ServerCall& call, const core::Result<std::string>& answer) {
  const auto duration =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - call.arrived);
  metrics_.Duration(call.method.name, CodeOf(answer)).Observe(std::chrono::duration<double>(duration).count());
  if (!answer && (answer.error().code == core::Errc::kInternal || answer.error().code == core::Errc::kCorrupt)) {
    parts_.log.Error("call failed", {{"rpc", call.method.name},
                                     {"code", core::ToString(answer.error().code)},
                                     {"reason", answer.error().reason},
                                     {"trace", TraceIdOf(call.traceparent)}});
  }
  if (parts_.report) {
    parts_.report(
        {call.method.name, call.traceparent, call.incoming_traceparent, CodeOf(answer), call.started, duration});
  }
  Forget(call);
}

void CallBook::Forget(ServerCall& call) {
  metrics_.open_calls.Add(-1);
  const std::lock_guard lock(mutex_);
  open_.erase(&call);
  if (open_.empty() && streams_.empty()) emptied_.notify_all();
}

core::Status CallBook::Open(std::shared_ptr<ServerStream> stream, std::size_t most) {
  const std::lock_guard lock(mutex_);
  if (!accepting_) return core::Fail(Stopping());
  if (streams_.size() >= most) {
    core::Error error{core::Errc::kOverloaded, "too many streams are open: try again later", "STREAMS_OPEN", {}, 1};
    return core::Fail(std::move(error));
  }
  const ServerStream* key = stream.get();
  streams_.emplace(key, std::move(stream));
  metrics_.open_streams.Add(1);
  return {};
}

void CallBook::Close(const ServerStream& stream) {
  const std::lock_guard lock(mutex_);
  if (streams_.erase(&stream) == 0) return;
  metrics_.open_streams.Add(-1);
  if (open_.empty() && streams_.empty()) emptied_.notify_all();
}

std::vector<std::shared_ptr<ServerStream>> CallBook::Streams() const {
  std::vector<std::shared_ptr<ServerStream>> streams;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, stream] : streams_) streams.push_back(stream);
  return streams;
}

void CallBook::RefuseNewCalls() {
  {
    const std::lock_guard lock(mutex_);
    accepting_ = false;
  }
  for (const auto& stream : Streams()) stream->Drain(Stopping());
}

void CallBook::ExpireCalls(Deadline now) {
  std::vector<std::shared_ptr<ServerCall>> late;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, call] : open_) {
      if (call->deadline <= now) late.push_back(call);
    }
  }
  for (const auto& call : late) {
    call->Finish(core::Fail(core::Errc::kTimeout, "the deadline passed", "DEADLINE"));
  }
  for (const auto& stream : Streams()) stream->EndIfIdle(now);
}

bool CallBook::WaitUntilEmpty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, patience, [this] { return open_.empty() && streams_.empty(); });
}

void CallBook::AnswerAll(const core::Error& error) {
  std::vector<std::shared_ptr<ServerCall>> calls;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, call] : open_) calls.push_back(call);
  }
  for (const auto& call : calls) call->Finish(core::Fail(error));
}

std::size_t CallBook::open_calls() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

ServerCall::ServerCall(std::shared_ptr<CallBook> book, Transport& transport, const MethodTable::Method& served)
    : method(served), book_(std::move(book)), transport_(&transport) {}

bool ServerCall::Begin() {
  const std::lock_guard lock(mutex_);
  begun_ = transport_ != nullptr;
  return begun_;
}

void ServerCall::Finish(core::Result<std::string> answer) {
  Transport* transport = nullptr;
  bool in_the_book = false;
  {
    const std::lock_guard lock(mutex_);
    transport = std::exchange(transport_, nullptr);
    in_the_book = begun_;
  }
  if (transport == nullptr) return;
  if (in_the_book) book_->Close(*this, answer);
  transport->Answer(answer);  // the transport lives until it has answered
}

void ServerCall::Cancel() {
  *cancelled = true;
  Finish(core::Fail(core::Errc::kTimeout, "the caller no longer waits", "CANCELLED"));
}

}  // namespace tilts::rpc::internal
