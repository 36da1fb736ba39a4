#include "rpc/server_stream.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tilts::rpc::internal {
namespace {

core::Error Gone() {
  return {core::Errc::kTimeout, "the caller no longer waits", "CANCELLED", {}, 0};
}

}  // namespace

class ServerStream::Message final : public Transport {
 public:
  explicit Message(std::shared_ptr<ServerStream> stream) : stream_(std::move(stream)) {}

  void Answer(const core::Result<std::string>& given) override {
    const std::shared_ptr<ServerStream> stream = stream_;  // this message may be gone once it is answered
    stream->Answered(*this, given);
  }

  std::shared_ptr<ServerCall> call;
  std::optional<core::Result<std::string>> answer;

 private:
  const std::shared_ptr<ServerStream> stream_;
};

ServerStream::ServerStream(std::shared_ptr<CallBook> book, StreamTransport& transport,
                           const MethodTable::Method& method, StreamLimits limits)
    : book_(std::move(book)), method_(method), limits_(limits), transport_(&transport) {}

void ServerStream::Open() {
  auto opened = book_->Open(shared_from_this(), limits_.most_streams);
  const std::lock_guard lock(mutex_);
  idle_since_ = std::chrono::steady_clock::now();
  if (!opened) failed_ = std::move(opened).error();
  Advance();
}

void ServerStream::Arrived(std::string message) {
  const Deadline own = std::chrono::steady_clock::now() + limits_.default_deadline;
  auto taken = std::make_shared<Message>(shared_from_this());
  taken->call = std::make_shared<ServerCall>(book_, *taken, method_);
  taken->call->request = std::move(message);
  taken->call->metadata = metadata;
  taken->call->deadline = deadline ? std::min(*deadline, own) : own;
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (draining_ || failed_) {
      left_out_ = true;
      return Advance();
    }
    in_hand_.push_back(taken);
    ++unanswered_;
  }
  book_->Accept(taken->call);
  const std::lock_guard lock(mutex_);
  Advance();
}

void ServerStream::SendersEnd() {
  const std::lock_guard lock(mutex_);
  reading_ = false;
  senders_end_ = true;
  Advance();
}

void ServerStream::Written(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (!ok && !failed_) failed_ = Gone();
  idle_since_ = std::chrono::steady_clock::now();
  Advance();
}

void ServerStream::Cancelled() {
  std::vector<std::shared_ptr<ServerCall>> calls;
  {
    const std::lock_guard lock(mutex_);
    if (!failed_) failed_ = Gone();
    for (const auto& message : in_hand_) calls.push_back(message->call);
  }
  for (const auto& call : calls) call->Cancel();
  const std::lock_guard lock(mutex_);
  Advance();
}

void ServerStream::Drain(core::Error reason) {
  const std::lock_guard lock(mutex_);
  if (!draining_) draining_ = std::move(reason);
  Advance();
}

void ServerStream::EndIfIdle(Deadline now) {
  const std::lock_guard lock(mutex_);
  if (!in_hand_.empty() || writing_ || now - idle_since_ < limits_.idle) return;
  if (!draining_) {
    draining_ =
        core::Error{core::Errc::kTimeout, "nothing was sent for too long: open another stream", "STREAM_IDLE", {}, 0};
  }
  Advance();
}

void ServerStream::Answered(Message& message, const core::Result<std::string>& answer) {
  const std::lock_guard lock(mutex_);
  message.answer = answer;
  --unanswered_;
  Advance();
}

void ServerStream::Advance() {
  if (transport_ == nullptr) return;
  if (!failed_ && !writing_ && !in_hand_.empty() && in_hand_.front()->answer) {
    const core::Result<std::string> answer = *std::move(in_hand_.front()->answer);
    in_hand_.pop_front();
    if (answer) {
      writing_ = true;
      transport_->Write(*answer);
    } else {
      failed_ = answer.error();
    }
  }
  const bool may_read = !reading_ && !senders_end_ && !draining_ && !failed_;
  if (may_read && in_hand_.size() + (writing_ ? 1 : 0) < limits_.messages_at_once) {
    reading_ = true;
    transport_->Read();
  }
  // Never before every message has its answer: a handler still holds the way back here.
  if (writing_ || unanswered_ > 0) return;
  const bool drained = in_hand_.empty() && (senders_end_ || draining_);
  if (!failed_ && !drained) return;
  core::Status end;
  if (failed_) {
    end = core::Fail(*failed_);
  } else if (draining_ && (!senders_end_ || left_out_)) {
    end = core::Fail(*draining_);
  }
  std::exchange(transport_, nullptr)->Finish(end);
  in_hand_.clear();
  book_->Close(*this);
}

}  // namespace tilts::rpc::internal
