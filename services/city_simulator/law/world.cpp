#include "city_simulator/law/world.hpp"

#include <algorithm>

namespace tilts::city_simulator {

using namespace tilts::codes::v1;  // NOLINT: the law in the contracts' words

namespace {

constexpr const char* kTaskPrefix = "TASK_";
constexpr const char* kTaskPolicy = "task";
constexpr const char* kCity = "LV-RIX";

const char* TypeOf(ReferralMove move) {
  switch (move) {
    case REFERRAL_MOVE_SEND: return "tilts.referral.requested";
    case REFERRAL_MOVE_ACKNOWLEDGE: return "tilts.referral.received";
    case REFERRAL_MOVE_ACCEPT: return "tilts.referral.accepted";
    case REFERRAL_MOVE_REJECT: return "tilts.referral.rejected";
    case REFERRAL_MOVE_START: return "tilts.referral.started";
    case REFERRAL_MOVE_HOLD: return "tilts.referral.held";
    case REFERRAL_MOVE_RESUME: return "tilts.referral.resumed";
    case REFERRAL_MOVE_COMPLETE: return "tilts.referral.completed";
    case REFERRAL_MOVE_FAIL: return "tilts.referral.failed";
    case REFERRAL_MOVE_CANCEL: return "tilts.referral.cancelled";
    case REFERRAL_MOVE_EXPIRE: return "tilts.referral.expired";
    default: return "tilts.referral.changed";
  }
}

std::string TerritoryOf(const std::string& key, const Occasion& occasion) {
  const Picture& picture = occasion.picture;
  if (key == "TERRITORY_KEY_PLACE_OF_EVENT" && !picture.event_municipality.empty()) return picture.event_municipality;
  if (key == "TERRITORY_KEY_DECLARED_RESIDENCE" && !picture.residence.empty()) return picture.residence;
  return occasion.home;
}

}  // namespace

World::World(const Books& books, const Directory& directory, Tell tell)
    : books_(books), directory_(directory), tell_(std::move(tell)) {}

Occasion World::OccasionOf(const CaseModel& file, Instant at) const {
  Occasion occasion{file.picture, {}, !IsOffice(at, Follows::kMunicipal), at};
  const auto* school = directory_.Find(file.picture.school);
  const auto* coordinator = directory_.Find(file.picture.coordinator);
  if (school != nullptr) {
    occasion.home = school->municipality();
  } else if (coordinator != nullptr) {
    occasion.home = coordinator->municipality();
  }
  return occasion;
}

Urgency World::UrgencyOf(Picture picture) const {
  books_.levels.Raise(picture);
  return picture.urgency;
}

std::size_t World::Report(unsigned number, const std::string& child, const std::string& reporter, Picture picture,
                          Instant at) {
  const std::size_t index = OpenOrJoin(child, std::move(picture), at);
  cases_[index].reports.push_back(number);
  cases_[index].reporters.push_back(reporter);
  Route(index, at);
  return index;
}

std::size_t World::OpenOrJoin(const std::string& child, Picture picture, Instant at) {
  const std::string matter = child + "/" + Stream_Name(picture.stream);
  const auto open = open_cases_.find(matter);
  std::size_t index = cases_.size();
  if (open != open_cases_.end()) {
    index = open->second;
    picture = Join(cases_[index].picture, picture);
  } else {
    cases_.push_back({});
    cases_[index].key = matter + "." + std::to_string(++episodes_[matter]);
    cases_[index].child = child;
    cases_[index].opened = at;
    open_cases_[matter] = index;
  }
  books_.levels.Raise(picture);
  picture.coordinator = directory_.Coordinator(picture, at);
  if (cases_[index].municipality.empty()) {
    cases_[index].municipality = !picture.residence.empty()            ? picture.residence
                                 : !picture.event_municipality.empty() ? picture.event_municipality
                                                                       : kCity;
  }
  HandOver(cases_[index], picture, at);
  cases_[index].picture = std::move(picture);
  return index;
}

// Who takes the case over takes over what is asked in its name. Who gives it away hears it, unless it is because of its
// own staff.
void World::HandOver(const CaseModel& file, const Picture& now, Instant at) {
  const std::string& before = file.picture.coordinator;
  if (before == now.coordinator) return;
  const bool barred = now.staff_alleged && before == now.staff_institution;
  for (const std::size_t each : file.referrals) {
    ReferralModel& referral = referrals_[each];
    if (!referral.is_open() || referral.requester != before) continue;
    referral.requester = now.coordinator;
    ++referral.sequence;
    std::map<std::string, bool> pushed{{referral.recipient, false}};
    pushed[now.coordinator] = true;
    if (!barred) pushed[before] = true;
    const std::string text = "tilts.referral.handed-over " + referral.key + " #" + std::to_string(referral.sequence);
    for (const auto& [institution, by_door] : pushed) {
      TellOne(institution, text, by_door, 1, referral.ask.urgency == URGENCY_IMMINENT, at);
    }
  }
}

std::string World::Choose(const CaseModel& file, const Ask& ask, const std::string& territory, bool staff_barred,
                          Instant at) const {
  Directory::Search search{ask.recipients, ask.duty == DUTY_REPLACEABLE, territory, file.picture.school, {}, at};
  for (const std::size_t index : file.referrals) {
    if (referrals_[index].ask.purpose == ask.purpose) search.passed_over.insert(referrals_[index].recipient);
  }
  if (staff_barred && !file.picture.staff_institution.empty())
    search.passed_over.insert(file.picture.staff_institution);
  return directory_.Choose(search);
}

// What was sent before it was known that it must not be, and nobody accepted.
void World::Withdraw(std::size_t case_index, const RuleBook::Judgement& judgement, Instant at) {
  const std::string& staff = cases_[case_index].picture.staff_institution;
  const std::vector<std::size_t> sent = cases_[case_index].referrals;
  for (const std::size_t index : sent) {
    const ReferralModel& referral = referrals_[index];
    if (!referral.is_open() || referral.is_accepted()) continue;
    const bool to_the_accused = judgement.staff_institution_barred && !staff.empty() && referral.recipient == staff;
    if (!to_the_accused && !(judgement.parents_barred && referral.ask.tells_parents)) continue;
    Move(index, {REFERRAL_MOVE_CANCEL, {}, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED, std::nullopt}, at);
  }
}

void World::Route(std::size_t case_index, Instant at) {
  const Occasion occasion = OccasionOf(cases_[case_index], at);
  const auto judgement = books_.rules.Judge(occasion);
  rules_matched_.insert(judgement.matched.begin(), judgement.matched.end());
  const bool had_none = cases_[case_index].referrals.empty();
  Withdraw(case_index, judgement, at);
  const Ask* unserved_notice = nullptr;
  bool sent = false;
  for (const Ask& ask : judgement.asks) {
    const std::string territory = TerritoryOf(ask.territory_key, occasion);
    // A purpose is asked once in the life of a case; a more urgent rule replaces what nobody accepted yet.
    const ReferralModel* earlier = nullptr;
    std::size_t earlier_index = 0;
    for (const std::size_t index : cases_[case_index].referrals) {
      const ReferralModel& referral = referrals_[index];
      if (referral.ask.purpose != ask.purpose) continue;
      if (earlier == nullptr || referral.is_open() || !earlier->is_open()) earlier = &referral, earlier_index = index;
    }
    if (earlier != nullptr) {
      if (!earlier->is_open() || earlier->is_accepted() || earlier->ask.urgency >= ask.urgency) continue;
      const std::string recipient = earlier->recipient;
      Move(earlier_index,
           {REFERRAL_MOVE_CANCEL, {}, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED, std::nullopt}, at);
      Send(case_index, ask, territory, recipient, at);
      sent = true;
      continue;
    }
    const std::string recipient = Choose(cases_[case_index], ask, territory, judgement.staff_institution_barred, at);
    if (!recipient.empty()) {
      Send(case_index, ask, territory, recipient, at);
      sent = true;
    } else if (ask.kind == REFERRAL_KIND_ACT) {
      SendTask(case_index, ask, territory, at);
      sent = true;
    } else if (unserved_notice == nullptr) {
      unserved_notice = &ask;
    }
  }
  if (!sent && had_none && unserved_notice != nullptr) {
    SendTask(case_index, *unserved_notice, TerritoryOf(unserved_notice->territory_key, occasion), at);
  }
}

void World::Reroute(std::size_t ended_index, Instant at) {
  const ReferralModel ended = referrals_[ended_index];
  const bool left_alone = ended.state == REFERRAL_STATE_REJECTED || ended.state == REFERRAL_STATE_EXPIRED;
  if (!left_alone || ended.is_notice() || ended.reject_reason == REJECT_REASON_DUPLICATE) return;
  const CaseModel& file = cases_[ended.case_index];
  for (const std::size_t index : file.referrals) {
    if (referrals_[index].ask.purpose == ended.ask.purpose && referrals_[index].is_open()) return;
  }
  const auto judgement = books_.rules.Judge(OccasionOf(file, at));
  const std::string recipient = Choose(file, ended.ask, ended.territory, judgement.staff_institution_barred, at);
  if (recipient.empty()) return SendTask(ended.case_index, ended.ask, ended.territory, at);
  ++reroutes_;
  referrals_[Send(ended.case_index, ended.ask, ended.territory, recipient, at)].stands_in = true;
}

std::size_t World::Send(std::size_t case_index, const Ask& ask, const std::string& territory,
                        const std::string& recipient, Instant at) {
  CaseModel& file = cases_[case_index];
  const auto before = std::count_if(file.referrals.begin(), file.referrals.end(),
                                    [&](std::size_t index) { return referrals_[index].ask.purpose == ask.purpose; });
  ReferralModel referral;
  referral.key = file.key + "/" + ask.purpose + "." + std::to_string(before + 1);
  referral.case_index = case_index;
  referral.ask = ask;
  referral.territory = territory;
  referral.requester = file.picture.coordinator;
  referral.recipient = recipient;
  referral.requested = at;
  SetDueTimes(referral, books_.deadlines, directory_.CalendarOf(recipient));
  referral.sequence = 1;
  file.referrals.push_back(referrals_.size());
  referrals_.push_back(std::move(referral));
  TellParties(referrals_.back(), TypeOf(REFERRAL_MOVE_SEND), {}, at);
  return referrals_.size() - 1;
}

void World::SendTask(std::size_t case_index, const Ask& unserved, const std::string& territory, Instant at) {
  Ask task = unserved;
  task.purpose = kTaskPrefix + unserved.purpose;
  task.kind = REFERRAL_KIND_INFORM;
  task.duty = DUTY_EXCLUSIVE;
  task.policy = kTaskPolicy;
  task.tells_parents = false;
  for (const std::size_t index : cases_[case_index].referrals) {
    if (referrals_[index].ask.purpose == task.purpose && referrals_[index].is_open()) return;
  }
  const std::string coordinator = cases_[case_index].picture.coordinator;
  const std::size_t sent = Send(case_index, task, territory, coordinator, at);
  // That nobody was left is said in the task's own sequence.
  ++referrals_[sent].sequence;
  TellOne(coordinator, "tilts.referral.exhausted " + cases_[case_index].key, true, 1, false, at);
}

bool World::Move(std::size_t index, const MoveModel& move, Instant at) {
  bool changed = false;
  ReferralModel& referral = referrals_[index];
  if (!Apply(referral, move, at, changed)) return false;
  if (!changed) return true;
  ++referral.sequence;
  if (move.move == REFERRAL_MOVE_HOLD || move.move == REFERRAL_MOVE_RESUME) {
    SetDueTimes(referral, books_.deadlines, directory_.CalendarOf(referral.recipient));
  }
  TellParties(referral, TypeOf(move.move), move.actor, at);
  if (move.move == REFERRAL_MOVE_REJECT || move.move == REFERRAL_MOVE_EXPIRE) Reroute(index, at);
  return true;
}

bool World::Close(std::size_t case_index, CaseOutcome outcome, Instant at) {
  CaseModel& file = cases_[case_index];
  const bool open = std::any_of(file.referrals.begin(), file.referrals.end(),
                                [&](std::size_t index) { return referrals_[index].is_open(); });
  if (file.is_notice || file.closed || open) return false;
  file.closed = true;
  file.outcome = outcome;
  open_cases_.erase(file.child + "/" + Stream_Name(file.picture.stream));
  for (std::size_t each = 0; each < file.reports.size(); ++each) {
    // What decisions filed has no number of its own: an institution hears of its first, its second …
    const bool filed = file.reports[each] == kFiledByDecision;
    const unsigned number = filed ? kFiledByDecision + ++filed_told_[file.reporters[each]] : file.reports[each];
    TellOne(file.reporters[each], "tilts.report.outcome report-" + std::to_string(number), true, 1, false, at);
  }
  return true;
}

std::optional<Instant> World::NextDue() const {
  std::optional<Instant> due;
  for (const ReferralModel& referral : referrals_) {
    if (!referral.is_open()) continue;
    const auto next = NextRungOf(referral, books_.deadlines, directory_.CalendarOf(referral.recipient));
    if (next && (!due || next->at < *due)) due = next->at;
  }
  return due;
}

void World::Pass(Instant at) {
  // Firing a rung may send a referral whose own rungs lie later, never earlier.
  for (std::size_t index = 0; index < referrals_.size(); ++index) {
    while (const auto next =
               NextRungOf(referrals_[index], books_.deadlines, directory_.CalendarOf(referrals_[index].recipient))) {
      if (next->at > at) break;
      Fire(index, *next, at);
    }
  }
}

void World::TellOne(const std::string& institution, const std::string& text, bool pushed, unsigned channel,
                    bool imminent, Instant at) {
  tell_({institution, text, pushed, channel, imminent, at});
}

void World::TellParties(const ReferralModel& referral, const std::string& type, const std::string& actor, Instant at) {
  const std::string text = type + " " + referral.key + " #" + std::to_string(referral.sequence);
  const bool imminent = referral.ask.urgency == URGENCY_IMMINENT;
  TellOne(referral.recipient, text, actor != referral.recipient, 1, imminent, at);
  if (referral.requester == referral.recipient) return;
  TellOne(referral.requester, text, actor != referral.requester, 1, imminent, at);
}

}  // namespace tilts::city_simulator
