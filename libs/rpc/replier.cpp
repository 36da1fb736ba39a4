#include "rpc/replier.hpp"

#include <google/protobuf/message.h>

namespace tilts::rpc {

RawReplier::~RawReplier() {
  if (handle_)
    handle_->Finish(core::Fail(core::Errc::kInternal, "the call was dropped without an answer", "NO_ANSWER"));
}

void RawReplier::Send(core::Result<std::string> answer) {
  if (const auto handle = std::exchange(handle_, nullptr)) handle->Finish(std::move(answer));
}

core::Result<std::string> SerializeAnswer(const google::protobuf::Message& message) {
  std::string bytes;
  if (!message.SerializeToString(&bytes)) {
    return core::Fail(core::Errc::kInternal, "the answer could not be written", "SERIALIZE");
  }
  return bytes;
}

}  // namespace tilts::rpc
