#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/result.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::rpc {

// The call's other end: answers once, later answers are ignored (the deadline or the shutdown was first).
class CallHandle {
 public:
  virtual ~CallHandle() = default;
  virtual void Finish(core::Result<std::string> answer) = 0;
};

// Move-only guard: a call whose replier is destroyed unanswered is answered kInternal, so that no call can be forgotten
// (a gRPC reactor that is never finished makes shutdown hang).
class RawReplier {
 public:
  explicit RawReplier(std::shared_ptr<CallHandle> handle) : handle_(std::move(handle)) {}
  RawReplier(RawReplier&&) noexcept = default;
  RawReplier& operator=(RawReplier&&) = delete;
  ~RawReplier();

  void Send(core::Result<std::string> answer);

 private:
  std::shared_ptr<CallHandle> handle_;
};

core::Result<std::string> SerializeAnswer(const google::protobuf::Message& message);

template <typename Response>
class Replier {
 public:
  explicit Replier(RawReplier raw) : raw_(std::move(raw)) {}

  void Send(const core::Result<Response>& answer) {
    if (answer) {
      raw_.Send(SerializeAnswer(*answer));
    } else {
      raw_.Send(tl::make_unexpected(answer.error()));
    }
  }

 private:
  RawReplier raw_;
};

}  // namespace tilts::rpc
