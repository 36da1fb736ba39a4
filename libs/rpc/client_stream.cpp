#include "rpc/client_stream.hpp"

#include <google/protobuf/message.h>
#include <grpcpp/support/client_callback.h>

#include <condition_variable>
#include <utility>

#include "core/concat.hpp"
#include "rpc/channel_parts.hpp"
#include "rpc/grpc_status.hpp"

namespace tilts::rpc {

// Reads one answer at a time, so that a caller that does not take them slows the server down.
class ClientStream::Reactor final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Reactor(Channel::Parts& parts) : parts_(parts) {}

  core::Status Start(std::string_view method, const CallOptions& options) {
    TILTS_CHECK(internal::Prepare(context_, options));
    parts_.stub.PrepareBidiStreamingCall(&context_, core::Concat("/", method), grpc::StubOptions(), this);
    in_flight_.emplace(parts_, context_);
    AddHold();  // reads and writes begin on the caller's threads
    StartCall();
    return {};
  }

  bool Send(std::string_view message) {
    std::unique_lock lock(mutex_);
    if (over_ || failed_) return false;
    outgoing_ = internal::ToByteBuffer(message);
    writing_ = true;
    StartWrite(&outgoing_);
    changed_.wait(lock, [this] { return !writing_; });
    return !failed_;
  }

  void FinishSending() {
    const std::lock_guard lock(mutex_);
    if (!over_ && !std::exchange(sent_all_, true)) StartWritesDone();
  }

  core::Result<std::optional<std::string>> Receive() {
    std::unique_lock lock(mutex_);
    if (!over_) {
      reading_ = true;
      StartRead(&incoming_);
      changed_.wait(lock, [this] { return !reading_; });
      if (!over_) return std::optional<std::string>(internal::ToString(incoming_));
    }
    changed_.wait(lock, [this] { return done_; });
    if (status_.ok()) return std::optional<std::string>();
    return core::Fail(internal::ErrorOf(context_, status_, in_flight_->cancelled()));
  }

  void Close() {
    std::unique_lock lock(mutex_);
    if (!done_) context_.TryCancel();
    LetGo();
    changed_.wait(lock, [this] { return done_; });
  }

  void OnReadDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (!ok) LetGo();
    changed_.notify_all();
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) failed_ = true;
    changed_.notify_all();
  }
  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    status_ = status;
    done_ = true;
    changed_.notify_all();
  }

 private:
  // Nothing is begun any more: gRPC may end the stream.
  void LetGo() {
    if (!std::exchange(over_, true)) RemoveHold();
  }

  Channel::Parts& parts_;
  grpc::ClientContext context_;
  std::optional<Channel::InFlight> in_flight_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  grpc::Status status_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reading_ = false;
  bool writing_ = false;
  bool sent_all_ = false;
  bool failed_ = false;  // a message could not be sent
  bool over_ = false;    // the hold is gone
  bool done_ = false;
};

ClientStream::ClientStream(std::unique_ptr<Reactor> reactor) : reactor_(std::move(reactor)) {}

ClientStream::~ClientStream() {
  reactor_->Close();
}

bool ClientStream::Send(const google::protobuf::Message& message) {
  return SendRaw(message.SerializeAsString());
}
bool ClientStream::SendRaw(std::string_view message) {
  return reactor_->Send(message);
}
void ClientStream::FinishSending() {
  reactor_->FinishSending();
}
core::Result<std::optional<std::string>> ClientStream::ReceiveRaw() {
  return reactor_->Receive();
}

core::Result<std::unique_ptr<ClientStream>> Channel::OpenStream(std::string_view method, const CallOptions& options) {
  auto reactor = std::make_unique<ClientStream::Reactor>(*parts_);
  TILTS_CHECK(reactor->Start(method, options));
  return std::unique_ptr<ClientStream>(new ClientStream(std::move(reactor)));
}

}  // namespace tilts::rpc
