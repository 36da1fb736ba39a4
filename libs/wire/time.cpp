#include "wire/time.hpp"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

namespace tilts::wire {
namespace {

using google::protobuf::util::TimeUtil;
using std::chrono::duration_cast;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int32_t kNanosPerSecond = 1'000'000'000;

}  // namespace

google::protobuf::Timestamp ToTimestamp(core::CityTime time) {
  const auto whole = floor<seconds>(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(whole.time_since_epoch().count());
  timestamp.set_nanos(static_cast<std::int32_t>(nanoseconds(time - whole).count()));
  return timestamp;
}

core::Result<core::CityTime> FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() < TimeUtil::kTimestampMinSeconds || timestamp.seconds() > TimeUtil::kTimestampMaxSeconds ||
      timestamp.nanos() < 0 || timestamp.nanos() >= kNanosPerSecond) {
    return core::Fail(core::Errc::kInvalid, "Send a time between years 0001 and 9999.", "TIME_RANGE");
  }
  return core::CityTime(seconds(timestamp.seconds()) + duration_cast<microseconds>(nanoseconds(timestamp.nanos())));
}

google::protobuf::Duration ToDuration(microseconds duration) {
  const auto whole = duration_cast<seconds>(duration);
  google::protobuf::Duration result;
  result.set_seconds(whole.count());
  result.set_nanos(static_cast<std::int32_t>(nanoseconds(duration - whole).count()));
  return result;
}

core::Result<microseconds> FromDuration(const google::protobuf::Duration& duration) {
  const bool signs_differ =
      (duration.seconds() > 0 && duration.nanos() < 0) || (duration.seconds() < 0 && duration.nanos() > 0);
  if (duration.seconds() < TimeUtil::kDurationMinSeconds || duration.seconds() > TimeUtil::kDurationMaxSeconds ||
      duration.nanos() <= -kNanosPerSecond || duration.nanos() >= kNanosPerSecond || signs_differ) {
    return core::Fail(core::Errc::kInvalid, "Send a duration of at most 10,000 years.", "DURATION_RANGE");
  }
  return seconds(duration.seconds()) + duration_cast<microseconds>(nanoseconds(duration.nanos()));
}

}  // namespace tilts::wire
