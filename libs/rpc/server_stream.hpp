#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "rpc/server_call.hpp"

namespace tilts::rpc::internal {

// What a stream does on the wire; implemented by the gRPC reactor. None of these calls back before it returns.
class StreamTransport {
 public:
  virtual ~StreamTransport() = default;
  virtual void Read() = 0;
  virtual void Write(const std::string& message) = 0;
  // The last call.
  virtual void Finish(const core::Status& status) = 0;
};

struct StreamLimits {
  std::size_t messages_at_once = 4;
  std::size_t most_streams = 256;
  std::chrono::milliseconds idle{60'000};
  std::chrono::milliseconds default_deadline{30'000};
};

// One stream of the caller's messages. Each is a ServerCall of its own, so that nothing a unary call is asked or leaves
// behind is missing here; this class puts the answers back into the caller's order and decides when the next is read.
class ServerStream final : public std::enable_shared_from_this<ServerStream> {
 public:
  ServerStream(std::shared_ptr<CallBook> book, StreamTransport& transport, const MethodTable::Method& method,
               StreamLimits limits);

  void Open();

  // What happened on the wire.
  void Arrived(std::string message);
  void SendersEnd();
  void Written(bool ok);
  void Cancelled();

  // Nothing more is read; `reason` is the stream's end once what is in hand has been answered.
  void Drain(core::Error reason);
  void EndIfIdle(Deadline now);

  Metadata metadata;
  // Of the whole stream; none: each message has the default one.
  std::optional<Deadline> deadline;

 private:
  // A message in hand and its answer.
  class Message;

  void Answered(Message& message, const core::Result<std::string>& answer);
  // What may be done now is done, under the lock: a read, a write and the end must not overtake each other.
  void Advance();

  const std::shared_ptr<CallBook> book_;
  const MethodTable::Method& method_;
  const StreamLimits limits_;
  std::mutex mutex_;
  StreamTransport* transport_;  // null once finished
  std::deque<std::shared_ptr<Message>> in_hand_;
  std::size_t unanswered_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool senders_end_ = false;
  bool left_out_ = false;  // a message arrived that nobody will answer
  Deadline idle_since_{};
  std::optional<core::Error> draining_;  // said after the last answer
  std::optional<core::Error> failed_;    // said instead of further answers
};

}  // namespace tilts::rpc::internal
