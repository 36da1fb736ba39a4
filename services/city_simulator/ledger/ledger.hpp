#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// What is counted, in the order of the last line.
enum class Kind { kReport, kCase, kReferral, kDelivery, kAnswer, kEscalation, kLimit, kProposal, kConflict, kStale };
inline constexpr std::array<Kind, 10> kKinds = {Kind::kReport,   Kind::kCase,       Kind::kReferral, Kind::kDelivery,
                                                Kind::kAnswer,   Kind::kEscalation, Kind::kLimit,    Kind::kProposal,
                                                Kind::kConflict, Kind::kStale};
// Which every city has, however small: a run without one of them proves nothing.
inline constexpr std::array<Kind, 6> kAlways = {Kind::kReport,   Kind::kCase,   Kind::kReferral,
                                                Kind::kDelivery, Kind::kAnswer, Kind::kEscalation};
std::string_view NameOf(Kind kind);

// Double-entry book-keeping of a run: on one side what must come out by the simulator's own computation, on the other
// what was seen through receivers and API. An entry is a text that names the thing and everything that was computed of
// it (who, why, until when), so that a wrong deadline is a thing that is missing and another one nobody expected.
class Ledger {
 public:
  // `not_before`: seen earlier than that by the city clock, it came too early.
  void Expect(Kind kind, const std::string& entry, Instant not_before);
  void See(Kind kind, const std::string& entry, Instant at);
  // A thing that happened twice although it may happen once, such as two deliveries of one event to one endpoint.
  void SeeAgain(Kind kind, const std::string& entry);
  void ExpectAudit(std::uint64_t records) { audit_expected_ = records; }
  void SeeAudit(std::uint64_t records) { audit_seen_ = records; }
  // Records pushed and acknowledged, and those that reconciliation shows.
  void SetFacts(std::uint64_t expected, std::uint64_t seen) { facts_ = {expected, seen}; }
  // Values of indicators that were compared, those that were equal, and how many of these are not zero.
  void SetIndicators(std::uint64_t compared, std::uint64_t equal, std::uint64_t nonzero);
  void SeeLeaks(std::uint64_t leaks) { leaked_ = leaks; }
  // Anything else that must not be: a bad signature, a dead letter, an answer with a field that should be hidden.
  void Complain(const std::string& what);

  std::uint64_t expected(Kind kind) const;
  std::uint64_t seen(Kind kind) const;

  // A check of the check: spoils one entry of what was seen. False when there is nothing to spoil.
  bool Sabotage(std::string_view what);

  struct Verdict {
    bool balanced = false;
    std::string last_line;
    std::vector<std::string> differences;  // one line each, codes and random ids only
  };
  Verdict Close(std::uint64_t seed) const;

 private:
  struct Side {
    std::map<std::string, Instant> expected;
    std::map<std::string, Instant> seen;
    std::vector<std::string> doubled;
  };
  const Side& side(Kind kind) const { return sides_[static_cast<std::size_t>(kind)]; }
  Side& side(Kind kind) { return sides_[static_cast<std::size_t>(kind)]; }
  // A run in which a whole kind of thing never happened proves nothing of it.
  bool expected_anything() const;

  mutable std::mutex mutex_;
  std::array<Side, kKinds.size()> sides_;
  std::vector<std::string> complaints_;
  std::uint64_t audit_expected_ = 0;
  std::uint64_t audit_seen_ = 0;
  std::pair<std::uint64_t, std::uint64_t> facts_;
  std::pair<std::uint64_t, std::uint64_t> indicators_;
  std::uint64_t nonzero_ = 0;
  std::uint64_t leaked_ = 0;
};

}  // namespace tilts::city_simulator
