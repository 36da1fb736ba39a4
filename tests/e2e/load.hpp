#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "city.hpp"
#include "receiver.hpp"

namespace tilts::e2e {

// A body for POST /v1/reports about one synthetic child: peer violence with a weapon, so that the police must hear.
Json DangerReport(City& city, const std::string& request_id, const std::string& school, const std::string& child_code);

// Steady work of one school and of the police, until stopped: reports are posted one after another, each repeated with
// the same request id until it is acknowledged; the police read their feed and accept what they were asked.
class Load {
 public:
  // `pause` between one report's answer and the next report.
  Load(City& city, Caller school, Caller police, std::chrono::milliseconds pause = {});
  ~Load() { Stop(); }

  // Stop ends when what was begun is answered; Start goes on from there.
  void Start();
  void Stop();
  // After so many more acknowledged reports the school is silent until Start: what piles up while a part is down is
  // then no matter of how long that takes.
  void AtMost(std::size_t more);
  // Blocks until so many more reports were acknowledged.
  bool MoreReports(std::size_t count, std::chrono::seconds limit = std::chrono::seconds(60));

  std::map<std::string, std::string> acknowledged() const;  // request id -> report id
  std::size_t children() const;
  std::set<std::string> accepted() const;   // referral ids whose acceptance was answered 2xx
  std::vector<std::string> faults() const;  // answers that must not happen
  // The longest time from a report's first attempt to its acknowledgement.
  std::chrono::milliseconds longest_wait() const { return std::chrono::milliseconds(longest_wait_); }

 private:
  void ReportLoop();
  void PoliceLoop();
  // Accepts what the notice asks for; false when it was not answered.
  bool Deal(const Json& notice);
  void Fault(std::string text);

  City& city_;
  Caller school_;
  Caller police_;
  const std::chrono::milliseconds pause_;
  std::atomic<std::int64_t> longest_wait_{0};  // milliseconds
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> most_{SIZE_MAX};
  std::uint64_t cursor_ = 0;  // of the police's feed: what they have dealt with
  mutable std::mutex mutex_;
  std::map<std::string, std::string> acknowledged_;
  std::set<std::string> accepted_;
  std::vector<std::string> faults_;
  std::thread reporter_;
  std::thread officer_;
};

// What is wrong after everything came to rest: lost reports, doubled cases or referrals, missing or doubled deliveries.
std::vector<std::string> CheckLedger(City& city, const Load& load, const Caller& school, const Caller& police,
                                     const Receiver& police_receiver);

// Every item of a feed, and faults of its cursors.
std::vector<Json> WholeFeed(City& city, const Caller& reader, std::vector<std::string>& faults);

// The first institution of a kind in the registry, e.g. "INSTITUTION_KIND_STATE_POLICE".
std::string InstitutionOf(City& city, const std::string& kind);

}  // namespace tilts::e2e
