#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/record.hpp"

namespace google::protobuf {
class Message;
}

namespace tilts::registry {

// One transaction: everything asked of it happens together or not at all.
class Session {
 public:
  virtual ~Session() = default;

  // The stored answer of the same request, if it was seen; see libs/postgres/idempotency.hpp for refusals.
  virtual core::Result<std::optional<std::string>> BeginOnce(const std::string& owner, const std::string& request_id,
                                                             const google::protobuf::Message& request) = 0;
  virtual core::Status CompleteOnce(const std::string& owner, const std::string& request_id,
                                    const google::protobuf::Message& request, std::string_view answer,
                                    core::CityTime now) = 0;
  virtual core::Status Emit(const events::Draft& draft) = 0;
};

}  // namespace tilts::registry
