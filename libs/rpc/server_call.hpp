#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metrics/metrics.hpp"
#include "rpc/call.hpp"
#include "rpc/method_table.hpp"
#include "rpc/replier.hpp"
#include "rpc/server.hpp"

namespace tilts::rpc::internal {

class ServerCall;
class ServerStream;

// What the transport does with an answer; implemented by the gRPC reactor.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void Answer(const core::Result<std::string>& answer) = 0;
};

// Latency per method and code; children are made when first seen, both sets are closed.
class CallMetrics {
 public:
  CallMetrics(metrics::Registry& registry, const MethodTable& methods);
  metrics::Histogram Duration(const std::string& method, std::string_view code);

  metrics::Gauge open_calls;
  metrics::Gauge open_streams;
  metrics::Counter refused_while_stopping;

 private:
  metrics::Registry& registry_;
  std::mutex mutex_;
  std::unordered_map<std::string, metrics::Histogram> children_;
};

// The server without its transport: which calls are open, who runs them, what is told about them.
class CallBook {
 public:
  explicit CallBook(ServerParts parts);

  // Takes a call whose request has arrived; everything else happens on the executor.
  void Accept(std::shared_ptr<ServerCall> call);
  void Close(ServerCall& call, const core::Result<std::string>& answer);

  // A stream from its opening to its end. Refused while stopping, and when too many are open.
  core::Status Open(std::shared_ptr<ServerStream> stream, std::size_t most);
  void Close(const ServerStream& stream);

  // Answers every open call that is past its deadline, ends every stream that was idle for too long.
  void ExpireCalls(Deadline now);
  // Streams end once the messages in hand are answered.
  void RefuseNewCalls();
  bool WaitUntilEmpty(std::chrono::milliseconds patience);
  void AnswerAll(const core::Error& error);
  std::size_t open_calls() const;
  std::size_t audited_handlers() const { return audited_handlers_; }
  const ServerParts& parts() const { return parts_; }

 private:
  void Run(const std::shared_ptr<ServerCall>& call);
  void Forget(ServerCall& call);
  void Admitted(const std::shared_ptr<ServerCall>& call, CallContext context);
  std::vector<std::shared_ptr<ServerStream>> Streams() const;

  const ServerParts parts_;
  CallMetrics metrics_;
  std::atomic<bool> accepting_{true};
  std::atomic<std::size_t> audited_handlers_{0};
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::unordered_map<ServerCall*, std::shared_ptr<ServerCall>> open_;
  std::unordered_map<const ServerStream*, std::shared_ptr<ServerStream>> streams_;
};

// One call from the arrival of its request to its one answer.
class ServerCall final : public CallHandle {
 public:
  ServerCall(std::shared_ptr<CallBook> book, Transport& transport, const MethodTable::Method& served);

  // The book has it. False: it ended before, and the book may forget it again.
  bool Begin();
  // First answer wins; the transport is not touched afterwards.
  void Finish(core::Result<std::string> answer) override;
  void Cancel();

  const MethodTable::Method& method;
  std::string request;
  Metadata metadata;
  Deadline deadline{};
  Deadline arrived{};
  core::CityTime started{};
  std::string incoming_traceparent;
  std::string traceparent;
  std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);

 private:
  const std::shared_ptr<CallBook> book_;
  std::mutex mutex_;
  Transport* transport_;
  bool begun_ = false;
};

}  // namespace tilts::rpc::internal
