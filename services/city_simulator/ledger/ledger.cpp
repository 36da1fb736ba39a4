#include "city_simulator/ledger/ledger.hpp"

namespace tilts::city_simulator {

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kReport: return "reports";
    case Kind::kCase: return "cases";
    case Kind::kReferral: return "referrals";
    case Kind::kDelivery: return "deliveries";
    case Kind::kAnswer: return "answers";
    case Kind::kEscalation: return "escalations";
    case Kind::kLimit: return "limits";
    case Kind::kProposal: return "proposals";
    case Kind::kConflict: return "conflicts";
    case Kind::kStale: return "stale";
  }
  return {};
}

void Ledger::Expect(Kind kind, const std::string& entry, Instant not_before) {
  const std::lock_guard lock(mutex_);
  if (!side(kind).expected.emplace(entry, not_before).second)
    complaints_.push_back("expected twice, so counted wrongly: " + entry);
}

void Ledger::See(Kind kind, const std::string& entry, Instant at) {
  const std::lock_guard lock(mutex_);
  side(kind).seen.emplace(entry, at);
}

void Ledger::SeeAgain(Kind kind, const std::string& entry) {
  const std::lock_guard lock(mutex_);
  side(kind).doubled.push_back(entry);
}

void Ledger::Complain(const std::string& what) {
  const std::lock_guard lock(mutex_);
  complaints_.push_back(what);
}

void Ledger::SetIndicators(std::uint64_t compared, std::uint64_t equal, std::uint64_t nonzero) {
  indicators_ = {compared, equal};
  nonzero_ = nonzero;
}

std::uint64_t Ledger::expected(Kind kind) const {
  const std::lock_guard lock(mutex_);
  return side(kind).expected.size();
}

std::uint64_t Ledger::seen(Kind kind) const {
  const std::lock_guard lock(mutex_);
  return side(kind).seen.size();
}

bool Ledger::Sabotage(std::string_view what) {
  const std::lock_guard lock(mutex_);
  if (what == "audit") return audit_seen_ > 0 && audit_seen_-- > 0;
  const auto lose_one = [&](Kind kind) {
    auto& seen = side(kind).seen;
    if (seen.empty()) return false;
    seen.erase(seen.begin());
    return true;
  };
  if (what == "receipt") return lose_one(Kind::kReport);
  if (what == "delivery") return lose_one(Kind::kDelivery);
  if (what == "deadline") {
    // An entry of a referral ends with its deadlines: one that ends otherwise is another entry.
    auto& seen = side(Kind::kReferral).seen;
    if (seen.empty()) return false;
    auto spoiled = seen.extract(seen.begin());
    spoiled.key() += " one minute off";
    seen.insert(std::move(spoiled));
    return true;
  }
  return false;
}

Ledger::Verdict Ledger::Close(std::uint64_t seed) const {
  const std::lock_guard lock(mutex_);
  Verdict verdict;
  std::uint64_t lost = 0, doubled = 0, early = 0, unexpected = 0;
  std::map<Kind, std::string> counts;
  // First: they say why the rest is missing.
  for (const std::string& complaint : complaints_) verdict.differences.push_back(complaint);
  for (const Kind kind : kKinds) {
    const Side& now = side(kind);
    const std::string name(NameOf(kind));
    for (const auto& [entry, not_before] : now.expected) {
      const auto seen = now.seen.find(entry);
      if (seen == now.seen.end()) {
        ++lost;
        verdict.differences.push_back(name + ": expected, not seen: " + entry);
      } else if (seen->second < not_before) {
        ++early;
        verdict.differences.push_back(name + ": too early at " + ForPeople(seen->second) + ": " + entry);
      }
    }
    for (const auto& [entry, at] : now.seen) {
      if (now.expected.contains(entry)) continue;
      ++unexpected;
      verdict.differences.push_back(name + ": seen at " + ForPeople(at) + ", not expected: " + entry);
    }
    doubled += now.doubled.size();
    for (const std::string& entry : now.doubled) verdict.differences.push_back(name + ": twice: " + entry);
    counts[kind] = " " + name + "=" + std::to_string(now.expected.size()) + "/" + std::to_string(now.seen.size());
  }
  const auto equal = [&](const char* what, const std::pair<std::uint64_t, std::uint64_t>& figure) {
    if (figure.first != figure.second) verdict.differences.push_back(std::string(what) + ": the two sides differ");
    return " " + std::string(what) + "=" + std::to_string(figure.first) + "/" + std::to_string(figure.second);
  };
  const std::string facts = equal("facts", facts_), indicators = equal("indicators", indicators_);
  if (audit_expected_ != audit_seen_) verdict.differences.push_back("audit: records and calls differ");
  verdict.balanced = lost == 0 && doubled == 0 && early == 0 && unexpected == 0 && leaked_ == 0 &&
                     complaints_.empty() && audit_expected_ == audit_seen_ && facts_.first == facts_.second &&
                     indicators_.first == indicators_.second && expected_anything();
  verdict.last_line = std::string("main job: ") + (verdict.balanced ? "balanced" : "NOT BALANCED");
  for (const Kind kind : kAlways) verdict.last_line += counts[kind];
  verdict.last_line += " audit=" + std::to_string(audit_expected_) + "/" + std::to_string(audit_seen_) + facts +
                       counts[Kind::kLimit] + counts[Kind::kProposal] + counts[Kind::kConflict] + counts[Kind::kStale] +
                       indicators + " nonzero=" + std::to_string(nonzero_) + " lost=" + std::to_string(lost) +
                       " doubled=" + std::to_string(doubled) + " early=" + std::to_string(early) +
                       " leaked=" + std::to_string(leaked_) + " seed=" + std::to_string(seed);
  return verdict;
}

bool Ledger::expected_anything() const {
  for (const Kind kind : kAlways) {
    if (side(kind).expected.empty()) return false;
  }
  return audit_expected_ > 0;
}

}  // namespace tilts::city_simulator
