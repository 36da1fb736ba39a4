#include "city_simulator/play/witness.hpp"

#include <algorithm>

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: names of codes

Instant InstantOf(const google::protobuf::Timestamp& timestamp) {
  return Instant{std::chrono::seconds{timestamp.seconds()} + std::chrono::microseconds{timestamp.nanos() / 1000}};
}

bool Witness::KnowCase(const intake::v1::Case& file) {
  for (const auto& report : file.reports()) {
    const auto number = reports_.find(report.report_id());
    if (number == reports_.end()) continue;
    for (std::size_t index = 0; index < world_.cases().size(); ++index) {
      const auto& numbers = world_.cases()[index].reports;
      if (std::find(numbers.begin(), numbers.end(), number->second) == numbers.end()) continue;
      cases_[file.case_id()] = index;
      return true;
    }
  }
  return false;
}

bool Witness::KnowReferral(const referrals::v1::ReferralFacts& facts) {
  if (referrals_.contains(facts.referral_id())) return true;
  const auto file = cases_.find(facts.case_id());
  if (file == cases_.end()) return false;
  for (const std::size_t index : world_.cases()[file->second].referrals) {
    const ReferralModel& referral = world_.referrals()[index];
    if (referral.ask.purpose != facts.purpose_code() || referral.recipient != facts.recipient_id()) continue;
    if (!IdOfReferral(index).empty()) continue;
    referrals_[facts.referral_id()] = index;
    return true;
  }
  return false;
}

namespace {

template <typename Key, typename Value>
Key KeyOf(const std::map<Key, Value>& map, const Value& value) {
  const auto found = std::find_if(map.begin(), map.end(), [&](const auto& each) { return each.second == value; });
  return found == map.end() ? Key{} : found->first;
}

}  // namespace

std::string Witness::IdOfReferral(std::size_t index) const {
  return KeyOf(referrals_, index);
}
std::string Witness::IdOfCase(std::size_t index) const {
  return KeyOf(cases_, index);
}
std::string Witness::IdOfReport(unsigned number) const {
  return KeyOf(reports_, number);
}

unsigned Witness::NumberOfReport(const std::string& id, const std::string& institution) {
  if (const auto planned = reports_.find(id); planned != reports_.end()) return planned->second;
  auto& filed = filed_[institution];
  const auto next = static_cast<unsigned>(filed.size() + 1);
  return kFiledByDecision + filed.try_emplace(id, next).first->second;
}

std::string Witness::TextOf(const notification::v1::Notice& notice, const std::string& institution) {
  if (notice.type() == "tilts.report.outcome") {
    return notice.type() + " report-" + std::to_string(NumberOfReport(notice.report_id(), institution));
  }
  if (notice.type() == "tilts.referral.exhausted") {
    const auto file = cases_.find(notice.case_id());
    return notice.type() + " " + (file == cases_.end() ? "unknown case" : world_.cases()[file->second].key);
  }
  const auto referral = referrals_.find(notice.referral_id());
  std::string text = notice.type() + " " +
                     (referral == referrals_.end() ? "unknown referral " + notice.referral_id()
                                                   : world_.referrals()[referral->second].key) +
                     " #" + std::to_string(notice.referral_sequence());
  return notice.rung_id().empty() ? text : text + " " + notice.rung_id();
}

void Witness::SeeLetter(const Letter& letter) {
  ledger_.See(
      Kind::kDelivery,
      TextOf(letter.notice, letter.institution) + " -> " + letter.institution + "/" + std::to_string(letter.order),
      letter.at);
}

std::string Witness::EntryOf(const referrals::v1::Referral& seen) const {
  // The same form as the world's own entry, built from the answer of the API alone.
  const referrals::v1::ReferralFacts& facts = seen.facts();
  ReferralModel model;
  const auto known = referrals_.find(facts.referral_id());
  model.key =
      known == referrals_.end() ? "unknown referral " + facts.referral_id() : world_.referrals()[known->second].key;
  model.requester = facts.requester_id();
  model.recipient = facts.recipient_id();
  model.ask.rule = facts.rule_id();
  model.ask.rule_version = facts.rule_version();
  model.ask.kind = facts.kind();
  model.ask.duty = facts.duty();
  model.ask.urgency = facts.urgency();
  model.state = facts.state();
  model.overdue = facts.overdue();
  model.sequence = static_cast<unsigned>(facts.sequence());
  model.requested = InstantOf(seen.requested_at());
  if (seen.has_received_at()) model.received = InstantOf(seen.received_at());
  if (seen.has_answered_at()) model.answered = InstantOf(seen.answered_at());
  if (seen.has_ended_at()) model.ended = InstantOf(seen.ended_at());
  model.reject_reason = seen.reject_reason();
  model.outcome = seen.outcome();
  if (facts.has_acknowledge_due_at()) model.due[Clock::kAcknowledge] = InstantOf(facts.acknowledge_due_at());
  if (facts.has_answer_due_at()) model.due[Clock::kAnswer] = InstantOf(facts.answer_due_at());
  if (facts.has_outcome_due_at()) model.due[Clock::kOutcome] = InstantOf(facts.outcome_due_at());
  return world_.ReferralEntry(model);
}

std::string Witness::EntryOf(const intake::v1::Case& file) const {
  CaseModel model;
  const auto known = cases_.find(file.case_id());
  model.key = known == cases_.end() ? "unknown case " + file.case_id() : world_.cases()[known->second].key;
  model.opened = InstantOf(file.opened_at());
  model.closed = file.state() == CASE_STATE_CLOSED;
  model.outcome = file.outcome();
  for (const auto& report : file.reports()) {
    const auto number = reports_.find(report.report_id());
    model.reports.push_back(number == reports_.end() ? kFiledByDecision : number->second);
  }
  model.picture = PictureOf(file.facts());
  return world_.CaseEntry(model);
}

}  // namespace tilts::city_simulator
