#pragma once

#include <chrono>

#include "core/city_time.hpp"

namespace google::protobuf {
class Timestamp;
class Duration;
}  // namespace google::protobuf

namespace tilts::wire {

google::protobuf::Timestamp ToTimestamp(core::CityTime time);

// kInvalid outside years 0001 to 9999 or with nanos outside [0, 999'999'999]. Nanoseconds below one
// microsecond are cut off.
core::Result<core::CityTime> FromTimestamp(const google::protobuf::Timestamp& timestamp);

google::protobuf::Duration ToDuration(std::chrono::microseconds duration);
core::Result<std::chrono::microseconds> FromDuration(const google::protobuf::Duration& duration);

}  // namespace tilts::wire
