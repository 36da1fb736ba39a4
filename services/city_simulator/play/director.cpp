#include "city_simulator/play/director.hpp"

#include <algorithm>

#include "city_simulator/city/dice.hpp"
#include "city_simulator/law/report_picture.hpp"
#include "city_simulator/play/school_life.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: moves in the contracts' words

constexpr std::chrono::seconds kRestLimit{180};

}  // namespace

bool Director::Play(const std::vector<PlannedReport>& reports) {
  for (const PlannedReport& report : reports) {
    reports_[report.number] = &report;
    agenda_.Put(report.at, [this, &report](Instant at) { Report(report, at); });
  }
  if (schools_ != nullptr) schools_->Plan(agenda_);
  const Instant last_report = reports.back().at;
  if (!Settle()) return false;
  while (true) {
    std::optional<Instant> next = agenda_.next();
    if (const auto due = NextDue(); due && (!next || *due < *next)) next = due;
    if (!next) break;
    // When nothing is planned any more but reminders of those who never answer, it is time to end; a trial of a few
    // reports ends sooner.
    const std::chrono::days patience{reports.size() >= Situations().size() ? 21 : 4};
    if (agenda_.empty() && stage_.clock.now() > last_report + patience) break;
    if (!StepTo(*next)) return false;
  }
  return WindUp();
}

std::optional<Instant> Director::NextDue() const {
  std::optional<Instant> due = stage_.world.NextDue();
  const std::optional<Instant> close = schools_ == nullptr ? std::nullopt : schools_->NextDue();
  return due && (!close || *due < *close) ? due : close;
}

bool Director::StepTo(Instant at) {
  while (true) {
    const Instant now = stage_.clock.now();
    // Retries of deliveries and the ends of school days lie between the city's own moments: it stops at each of them.
    Instant stop = at;
    for (const auto& due : {rest_.next_due, schools_ == nullptr ? std::nullopt : schools_->NextDue()}) {
      if (due && *due > now && *due < stop) stop = *due;
    }
    const bool between = stop < at;
    stage_.clock.StepTo(stop);
    stage_.inbox.SetTime(stop);
    const auto due = NextDue();
    const bool something_is_due = (due && *due <= stop) || (rest_.next_due && *rest_.next_due <= stop);
    stage_.world.Pass(stop);
    if (schools_ != nullptr) schools_->Pass(stop);
    if (something_is_due && !Settle()) return false;
    if (!between) break;
  }
  if (agenda_.next() && *agenda_.next() <= at) {
    agenda_.Run(at);
    if (!Settle()) return false;
  }
  ShowProgress(at);
  return true;
}

void Director::ShowProgress(Instant at) {
  const auto days = SchoolDays(stage_.options.first_day, stage_.options.school_days);
  const auto passed = std::count_if(days.begin(), days.end(), [&](Day day) { return day <= InRiga(at).day; });
  const auto count = [&](Kind kind) { return stage_.ledger.expected(kind); };
  stage_.progress.Show(
      at, "school day " + std::to_string(passed) + "/" + std::to_string(days.size()) + "  reports " +
              std::to_string(count(Kind::kReport)) + "  cases " + std::to_string(stage_.world.cases().size()) +
              "  referrals " + std::to_string(stage_.world.referrals().size()) + "  answers " +
              std::to_string(count(Kind::kAnswer)) + "  escalations " +
              std::to_string(stage_.world.escalations().size()) + "  deliveries " +
              std::to_string(stage_.ledger.seen(Kind::kDelivery)) + "/" + std::to_string(count(Kind::kDelivery)) +
              (schools_ == nullptr ? std::string() : "  " + schools_->Figures()));
}

// Until nothing moves and every letter is opened; opening one moves things again.
bool Director::Settle() {
  do {
    rest_ = AwaitRest(stage_.api, stage_.operator_caller, stage_.clock.now(), kRestLimit);
    if (!rest_.reached) {
      stage_.ledger.Complain("no rest at " + ForPeople(stage_.clock.now()) + ": " + rest_.trouble);
      return false;
    }
    unopened_ = stage_.inbox.TakeNew();
    std::erase_if(unopened_, [&](const Letter& letter) { return stage_.witness.ignores(letter.notice.referral_id()); });
    OpenLetters();
  } while (!unopened_.empty());
  return true;
}

void Director::OpenLetters() {
  // Coordinators first: they know which case a referral belongs to.
  for (const Letter& letter : unopened_) OpenAsCoordinator(letter);
  for (const Letter& letter : unopened_) OpenAsRecipient(letter);
  for (const Letter& letter : unopened_) stage_.witness.SeeLetter(letter);
  if (schools_ == nullptr) return;
  for (const Letter& letter : unopened_) schools_->SeeLetter(letter);
}

void Director::OpenAsCoordinator(const Letter& letter) {
  if (letter.notice.case_id().empty() || stage_.witness.knows_case(letter.notice.case_id())) return;
  intake::v1::GetCaseRequest request;
  request.set_case_id(letter.notice.case_id());
  intake::v1::GetCaseResponse response;
  const Called called =
      stage_.api.Call(CallerOf(letter.institution), "tilts.intake.v1.IntakeService/GetCase", request, &response);
  if (!called.ok()) {
    stage_.ledger.Complain("the coordinator " + letter.institution + " could not read its case: " + called.problem);
  } else if (!stage_.witness.KnowCase(response.case_file())) {
    stage_.ledger.Complain("a case of " + letter.institution + " shows no report of this city");
  }
}

void Director::OpenAsRecipient(const Letter& letter) {
  if (letter.notice.type() != "tilts.referral.requested" || stage_.witness.knows_referral(letter.notice.referral_id()))
    return;
  referrals::v1::GetReferralRequest request;
  request.set_referral_id(letter.notice.referral_id());
  referrals::v1::GetReferralResponse response;
  const Called called = stage_.api.Call(CallerOf(letter.institution), "tilts.referrals.v1.ReferralService/GetReferral",
                                        request, &response, DoorFor("read " + letter.notice.referral_id()));
  if (!called.ok())
    return stage_.ledger.Complain(letter.institution + " could not read what it was asked: " + called.problem);
  if (!stage_.witness.KnowReferral(response.referral().facts())) {
    return stage_.ledger.Complain(letter.institution + " was asked " + response.referral().facts().purpose_code() +
                                  ", which nobody had to ask");
  }
  const std::size_t index = stage_.witness.ReferralOf(letter.notice.referral_id());
  if (letter.institution != stage_.world.referrals()[index].recipient) return;
  CheckView(response.referral(), index);
  if (schools_ != nullptr) schools_->CheckNotice(response.referral(), index);
  // A letter that came late came at a time that chance has a part in; what follows from it must not.
  const Instant asked = stage_.world.referrals()[index].requested;
  const Instant heard = letter.at == asked ? asked : std::chrono::ceil<std::chrono::hours>(letter.at);
  for (const PlannedMove& move : MovesOf(BearingOf(index), stage_.world.referrals()[index], heard)) {
    agenda_.Put(move.at, [this, index, move](Instant at) { Make(index, move, at); });
  }
}

Bearing Director::BearingOf(std::size_t index) const {
  const ReferralModel& referral = stage_.world.referrals()[index];
  const auto planned = stage_.world.cases()[referral.case_index].first_planned();
  const auto* recipient = stage_.directory.Find(referral.recipient);
  Bearing bearing;
  bearing.seed = stage_.options.seed;
  if (planned) {
    bearing.situation = reports_.at(*planned)->situation;
    bearing.is_staged = *planned < Situations().size();
  }
  bearing.sleeps = recipient == nullptr || !recipient->round_the_clock();
  bearing.follows = stage_.directory.CalendarOf(referral.recipient);
  return bearing;
}

std::string Director::RequestId(const std::string& what) {
  return stage_.options.run_name + "-" + what + "-" + std::to_string(++requests_);
}

Api::Door Director::DoorFor(const std::string& what) {
  return Dice(stage_.options.seed, what).Chance(30) ? Api::Door::kRpc : Api::Door::kHttp;
}

void Director::Report(const PlannedReport& report, Instant at) {
  intake::v1::ReportConcernResponse response;
  const Called called = stage_.api.Call(CallerOf(report.reporter), "tilts.intake.v1.IntakeService/ReportConcern",
                                        report.request, &response, report.door);
  const std::string entry = "report-" + std::to_string(report.number) + " by " + report.reporter;
  stage_.ledger.Expect(Kind::kReport, entry, at);
  // A report that a child is in danger is never refused.
  if (!called.ok()) return stage_.ledger.Complain(entry + " was refused: " + called.text);
  stage_.witness.KnowReport(response.report_id(), report.number);
  const Picture picture = PictureOfReport(report.request, stage_.directory);
  stage_.world.Report(report.number, report.child, report.reporter, picture, at);
  // By what this report says: what a file it joins may say is not the reporter's to learn.
  const bool imminent = stage_.world.UrgencyOf(picture) == URGENCY_IMMINENT;
  if (imminent && response.emergency_instruction().empty()) {
    stage_.ledger.Complain(entry + " got no instruction to call 112");
  }
  if (report.sent_twice) SendAgain(report, response.report_id());
}

void Director::SendAgain(const PlannedReport& report, const std::string& id) {
  intake::v1::ReportConcernResponse response;
  const Called called = stage_.api.Call(CallerOf(report.reporter), "tilts.intake.v1.IntakeService/ReportConcern",
                                        report.request, &response, report.door);
  if (!called.ok() || response.report_id() != id)
    stage_.ledger.SeeAgain(Kind::kReport, "report-" + std::to_string(report.number));
}

void Director::ConsiderClosing(std::size_t case_index, Instant at) {
  const CaseModel& file = stage_.world.cases()[case_index];
  const bool done = std::none_of(file.referrals.begin(), file.referrals.end(),
                                 [&](std::size_t each) { return stage_.world.referrals()[each].is_open(); });
  if (winding_up_ || file.is_notice || !done || !Dice(stage_.options.seed, file.key).Chance(50) ||
      !closing_.insert(case_index).second)
    return;
  const Instant morning = OpeningAfter(at, 1, Follows::kMunicipal) + std::chrono::minutes{40};
  agenda_.Put(morning + std::chrono::microseconds{300'000 + case_index}, [this, case_index](Instant then) {
    closing_.erase(case_index);
    Close(case_index, then);
  });
}

void Director::Close(std::size_t case_index, Instant at) {
  const CaseModel& file = stage_.world.cases()[case_index];
  if (file.closed) return;
  const std::string coordinator = file.picture.coordinator;
  const CaseOutcome outcome =
      Dice(stage_.options.seed, "outcome " + file.key).Chance(70) ? CASE_OUTCOME_RESOLVED : CASE_OUTCOME_UNRESOLVED;
  intake::v1::GetCaseRequest look;
  look.set_case_id(stage_.witness.IdOfCase(case_index));
  intake::v1::GetCaseResponse seen;
  const Called looked = stage_.api.Call(CallerOf(coordinator), "tilts.intake.v1.IntakeService/GetCase", look, &seen);
  if (!looked.ok()) return stage_.ledger.Complain(coordinator + " could not read " + file.key + ": " + looked.problem);
  const bool possible = stage_.world.Close(case_index, outcome, at);
  intake::v1::CloseCaseRequest request;
  request.set_case_id(look.case_id());
  request.set_etag(seen.case_file().etag());
  request.set_request_id(RequestId("close"));
  request.set_outcome(outcome);
  intake::v1::CloseCaseResponse response;
  const Called called =
      stage_.api.Call(CallerOf(coordinator), "tilts.intake.v1.IntakeService/CloseCase", request, &response);
  if (called.ok() == possible) return;
  stage_.ledger.Complain("closing " + file.key + " answered " + std::to_string(called.status) + " " + called.problem +
                         (possible ? ", but nothing is open" : ", but something is open"));
}

bool Director::WindUp() {
  winding_up_ = true;
  if (!Settle()) return false;
  Instant at =
      std::max(stage_.clock.now(),
               FromRiga(NextWorkingDay(Follows::kMunicipal, InRiga(stage_.clock.now()).day), std::chrono::hours{9}));
  const auto soon = [&] { return at += std::chrono::seconds{7} + std::chrono::microseconds{123'457}; };
  // Answers may open new duties (a replacement, a task), so this goes on until nobody owes anything.
  for (bool open = true; open;) {
    open = false;
    for (std::size_t index = 0; index < stage_.world.referrals().size(); ++index) {
      const ReferralModel& referral = stage_.world.referrals()[index];
      if (!referral.is_open()) continue;
      open = true;
      if (!StepTo(soon())) return false;
      const auto answer = [&](ReferralMove move, ReferralOutcome outcome) {
        Make(index, {stage_.clock.now(), move, REJECT_REASON_UNSPECIFIED, outcome, std::nullopt}, stage_.clock.now());
        return Settle() && StepTo(soon());
      };
      const auto state = [&] { return stage_.world.referrals()[index].state; };
      if (stage_.world.referrals()[index].is_notice()) {
        if (state() == REFERRAL_STATE_REQUESTED && !answer(REFERRAL_MOVE_ACKNOWLEDGE, REFERRAL_OUTCOME_UNSPECIFIED))
          return false;
        continue;
      }
      if (state() == REFERRAL_STATE_ON_HOLD && !answer(REFERRAL_MOVE_RESUME, REFERRAL_OUTCOME_UNSPECIFIED))
        return false;
      if (stage_.world.referrals()[index].is_waiting() && !answer(REFERRAL_MOVE_ACCEPT, REFERRAL_OUTCOME_UNSPECIFIED))
        return false;
      if (stage_.world.referrals()[index].is_accepted() && !answer(REFERRAL_MOVE_COMPLETE, REFERRAL_OUTCOME_HELPED))
        return false;
    }
  }
  for (std::size_t index = 0; index < stage_.world.cases().size(); ++index) {
    if (stage_.world.cases()[index].closed || stage_.world.cases()[index].is_notice) continue;
    if (!StepTo(soon())) return false;
    Close(index, stage_.clock.now());
  }
  return Settle();
}

}  // namespace tilts::city_simulator
