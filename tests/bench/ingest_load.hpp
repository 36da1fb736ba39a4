#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "measure.hpp"
#include "rpc/channel.hpp"

namespace tilts::bench {

// A vendor that speaks for some schools: one key, one grant a school.
struct Vendor {
  std::string api_key;
  std::vector<std::string> schools;

  rpc::CallOptions As(const std::string& school) const;
};

// Makes the vendor with the operator's key and pushes a roster of so many pupils for each school. Returns when the
// door knows the grants and the enrolments were answered. Failures are thrown.
Vendor Enrol(const PrivateRun& run, int schools, int pupils, std::uint64_t& started);

inline constexpr int kFactsOfACall = 100;
inline constexpr int kDaysPushed = 35;

// One PushFacts request on its way: bytes, and for whom.
struct Call {
  std::size_t school = 0;
  std::string request;
};

// Every pupil's attendance on each of the days, 100 pupils of a school a call; later revisions correct the earlier.
std::vector<Call> CallsOf(const Vendor& vendor, int pupils, std::uint32_t first_revision, std::uint32_t revisions);

struct Answers {
  std::uint64_t accepted = 0;
  std::uint64_t held = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed_calls = 0;
  std::string first_failure;
  std::vector<double> milliseconds;
};

// Pushes calls from several connections at once, one in flight on each, until all are answered or the time is over.
class Pusher {
 public:
  Pusher(std::string address, const Vendor& vendor, int connections);

  // To the door for facts; answers are read and counted.
  Answers Push(const std::vector<Call>& calls, double seconds);
  // To a server that gives everything back.
  Answers Echo(const std::vector<Call>& calls, double seconds);

 private:
  Answers Run(const std::vector<Call>& calls, double seconds, bool echo);

  const std::string address_;
  const Vendor& vendor_;
  const int connections_;
};

}  // namespace tilts::bench
