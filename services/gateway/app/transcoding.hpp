#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "gateway/app/route_table.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::gateway {

// What of an HTTP request becomes the RPC's request message.
struct HttpInput {
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  std::string content_type;
  std::string body;
  std::string idempotency_key;  // fills `request_id` when the body has none
  std::string if_match;         // fills `etag` when the body has none
};

// kInvalid with the path of each fault: UNKNOWN_FIELD, VALUE_…, PATH_BODY_MISMATCH, QUERY_FORBIDDEN
// (personal data never stands in a URL), HEADER_BODY_MISMATCH …
core::Result<std::unique_ptr<google::protobuf::Message>> BuildRequest(const Route& route,
                                                                      const PathVariables& variables,
                                                                      const HttpInput& input);

struct HttpOutput {
  std::string json;
  std::string etag;  // with its quotes; empty: the answer has none
};

// From the callee's bytes. kCorrupt when they are not the message they should be.
core::Result<HttpOutput> BuildResponse(const Route& route, const std::string& bytes);

}  // namespace tilts::gateway
