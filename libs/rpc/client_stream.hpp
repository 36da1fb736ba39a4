#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/channel.hpp"

namespace tilts::rpc {

// The caller's end of a stream: one thread sends, one (the same or another) receives. Answers come in the order of the
// messages. A caller that sends far ahead of what it receives is held in Send until the server has room again.
class ClientStream {
 public:
  // Cancels what is not over.
  ~ClientStream();
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  // Blocks until the message is on its way. False: the stream is over, Receive says why.
  bool Send(const google::protobuf::Message& message);
  bool SendRaw(std::string_view message);
  // Nothing more will be sent; answers still come.
  void FinishSending();

  // Blocks until the next answer. None: the stream ended well, every message is answered. An error ends it: messages
  // without an answer are to be sent again, on another stream.
  template <typename Response>
  core::Result<std::optional<Response>> Receive() {
    TILTS_ASSIGN(const std::optional<std::string> bytes, ReceiveRaw());
    std::optional<Response> response;
    if (!bytes) return response;
    if (!response.emplace().ParseFromString(*bytes)) {
      return core::Fail(core::Errc::kCorrupt, "the peer's answer cannot be read: are both sides of one version?");
    }
    return response;
  }
  core::Result<std::optional<std::string>> ReceiveRaw();

 private:
  friend class Channel;
  class Reactor;
  explicit ClientStream(std::unique_ptr<Reactor> reactor);
  std::unique_ptr<Reactor> reactor_;
};

}  // namespace tilts::rpc
