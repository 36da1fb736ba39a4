// What the law asks beside the rules: notices of the absence line, and files that a person's decision on a score opens.
#include "city_simulator/law/world.hpp"

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: the law in the contracts' words

namespace {

constexpr const char* kToDepartment = "STATUTORY_ABSENCE_NOTICE";
constexpr const char* kToSchool = "ABSENCE_TASK";
constexpr const char* kDepartmentRetracted = "STATUTORY_ABSENCE_RETRACTED";
constexpr const char* kSchoolRetracted = "ABSENCE_TASK_RETRACTED";

Ask NoticeOf(const std::string& purpose) {
  Ask ask;
  ask.purpose = purpose;
  ask.kind = REFERRAL_KIND_INFORM;
  ask.urgency = URGENCY_ROUTINE;
  ask.duty = DUTY_EXCLUSIVE;
  ask.policy = "notice";
  ask.rule = "statutory-absence-limit";
  ask.rule_version = 1;
  return ask;
}

}  // namespace

std::size_t World::Notify(const std::string& key, const std::string& learner, const std::string& school, Instant at) {
  const auto* institution = directory_.Find(school);
  const std::string municipality = institution == nullptr ? std::string() : institution->municipality();
  const std::string department = FirstOf(INSTITUTION_KIND_IKSD, municipality, at);
  const std::size_t index = cases_.size();
  CaseModel notice;
  notice.key = key;
  notice.child = learner;
  notice.is_notice = true;
  notice.municipality = municipality;
  notice.opened = at;
  notice.picture.stream = STREAM_PMP;
  notice.picture.school = school;
  cases_.push_back(std::move(notice));
  SendNotice(index, kToDepartment, municipality, school, department, at);
  SendNotice(index, kToSchool, municipality, department, school, at);
  return index;
}

void World::SendNotice(std::size_t index, const std::string& purpose, const std::string& territory,
                       const std::string& requester, const std::string& recipient, Instant at) {
  // Each of the two parties asks in its own name.
  cases_[index].picture.coordinator = requester;
  Send(index, NoticeOf(purpose), territory, recipient, at);
}

void World::RetractNotice(std::size_t index, Instant at) {
  const std::vector<std::size_t> sent = cases_[index].referrals;
  for (const std::size_t each : sent) {
    const ReferralModel referral = referrals_[each];
    const bool to_school = referral.ask.purpose == kToSchool;
    if (!to_school && referral.ask.purpose != kToDepartment) continue;
    if (referral.state == REFERRAL_STATE_REQUESTED) {
      Move(each, {REFERRAL_MOVE_CANCEL, {}, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED, std::nullopt}, at);
    } else if (referral.state == REFERRAL_STATE_RECEIVED) {
      SendNotice(index, to_school ? kSchoolRetracted : kDepartmentRetracted, referral.territory, referral.requester,
                 referral.recipient, at);
    }
  }
}

std::size_t World::ConfirmTier(const std::string& child, const std::string& school, Picture picture, Instant at) {
  const std::size_t index = OpenOrJoin(child, std::move(picture), at);
  cases_[index].reports.push_back(kFiledByDecision);
  cases_[index].reporters.push_back(school);
  Route(index, at);
  return index;
}

}  // namespace tilts::city_simulator
