#include "city_simulator/play/school_life.hpp"

#include "city_simulator/city/dice.hpp"
#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: states in the contracts' words
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;

constexpr const char* kFacts = "tilts.intake.v1.FactService/";
constexpr std::size_t kNumbersAtOnce = 1000;
constexpr hours kSchoolDayCloses{20};  // Riga

// The id an institution can compute from the pupil, the semester and the crossing: first half of the SHA-256 of the
// parts, each with its length in front.
std::string NoticeId(const std::string& pupil, const LimitChange& change) {
  const std::string rule = "statutory-notice/" + change.school_year + "/" + std::to_string(change.semester);
  return Sha256Hex(std::to_string(pupil.size()) + ":" + pupil + ":" + std::to_string(rule.size()) + ":" + rule + ":" +
                   std::to_string(change.crossing))
      .substr(0, 32);
}

}  // namespace

SchoolLife::SchoolLife(Stage& stage, FactPlan plan, LearnerBook book)
    : stage_(stage),
      plan_(std::move(plan)),
      book_(std::move(book)),
      pusher_(stage.api, stage.parties, stage.ledger, stage.options.seed) {}

void SchoolLife::Plan(Agenda& agenda) {
  const auto& days = plan_.options().days;
  // Never on a full second, and never when something else of the city happens.
  agenda.Put(FromRiga(days.front(), hours{7} + minutes{30} + microseconds{11}), [this](Instant at) { Begin(at); });
  for (std::size_t index = 0; index < days.size(); ++index) {
    agenda.Put(FromRiga(days[index], hours{15} + minutes{40} + microseconds{13}),
               [this, index](Instant) { Post(index); });
    if (index == 0) continue;
    agenda.Put(FromRiga(days[index], hours{9} + minutes{10} + microseconds{17}), [this, index](Instant at) {
      DecideAll(at);
      if (index % 5 == 4) Nominate(index, at);
    });
  }
}

std::string SchoolLife::RequestId(const char* what) {
  return stage_.options.run_name + "-" + what + "-" + std::to_string(++requests_);
}

void SchoolLife::Begin(Instant at) {
  std::vector<SchoolPost> told;
  for (SchoolPost& post : plan_.Beginning()) {
    if (FactPlan::BeginsWithRoster(post.school)) {
      PushRoster(post, at);
    } else {
      told.push_back(std::move(post));
    }
  }
  Record(pusher_.Push(told, "beginning"));
  LookUp();
}

void SchoolLife::PushRoster(const SchoolPost& post, Instant at) {
  intake::v1::PushRosterRequest request;
  request.set_request_id(RequestId("roster"));
  request.set_day(WriteDay(InRiga(at).day));
  const std::string school = SchoolId(post.school);
  for (const PlannedFact& planned : post.enrolments) {
    auto& entry = *request.add_pupils();
    const auto& enrolment = planned.fact.enrolment();
    entry.set_pupil_number(planned.fact.pupil_number());
    entry.set_from(enrolment.from());
    entry.set_stage(enrolment.stage());
    entry.set_grade(enrolment.grade());
    *entry.mutable_person() = enrolment.person();
    book_.Take(planned.learner, planned.fact.pupil_number(), Plain(school, planned.fact), {});
    numbers_[school][planned.fact.pupil_number()] = planned.learner;
  }
  intake::v1::PushRosterResponse response;
  const Called called = stage_.api.Call(CallerOf(school), std::string(kFacts) + "PushRoster", request, &response);
  if (!called.ok()) return stage_.ledger.Complain("the roster of " + school + " was answered " + called.problem);
  if (response.started() != post.enrolments.size() || !response.violations().empty())
    stage_.ledger.Complain("the roster of " + school + " began " + std::to_string(response.started()) + " of " +
                           std::to_string(post.enrolments.size()) + " enrolments");
}

void SchoolLife::Post(std::size_t index) {
  const std::vector<SchoolPost> posts = plan_.DayPost(index);
  Record(pusher_.Push(posts, WriteDay(plan_.options().days[index])));
  LookUp();
}

std::string SchoolLife::Figures() const {
  return "learners " + std::to_string(plan_.learners().size()) + "  facts " + std::to_string(pushed_) + "  tiers " +
         std::to_string(tiers_.tiers().size()) + "  limits " + std::to_string(stage_.ledger.seen(Kind::kLimit)) + "/" +
         std::to_string(stage_.ledger.expected(Kind::kLimit));
}

void SchoolLife::Record(const std::vector<Pushed>& pushed) {
  pushed_ += pushed.size();
  for (const Pushed& each : pushed) {
    const intake::v1::Fact& fact = each.planned->fact;
    const std::string what = each.school + "'s fact of " + plan_.learners()[each.planned->learner].name();
    const auto status = each.result.status();
    if (!each.planned->refused_with.empty()) {
      const std::string code = each.result.violations().empty() ? "" : each.result.violations(0).code();
      if (status != intake::v1::FACT_STATUS_REFUSED || code != each.planned->refused_with)
        stage_.ledger.Complain(what + " had to be refused with " + each.planned->refused_with + ", not " +
                               intake::v1::FactStatus_Name(status) + " " + code);
      continue;
    }
    if (fact.has_enrolment() && fact.enrolment().to().empty())
      numbers_[each.school][fact.pupil_number()] = each.planned->learner;
    const auto fate =
        book_.Take(each.planned->learner, fact.pupil_number(), Plain(each.school, fact), each.result.record_id());
    const auto expected =
        fate == LearnerBook::Fate::kHeld ? intake::v1::FACT_STATUS_HELD : intake::v1::FACT_STATUS_ACCEPTED;
    if (status != expected)
      stage_.ledger.Complain(what + " of revision " + std::to_string(fact.revision()) + " became " +
                             intake::v1::FactStatus_Name(status) + ", not " + intake::v1::FactStatus_Name(expected) +
                             (each.result.violations().empty() ? "" : " " + each.result.violations(0).code()));
  }
}

// The random ids of those who came, by which everything else names them. A pupil keeps it at another school.
void SchoolLife::LookUp() {
  for (const auto& [school, numbers] : numbers_) {
    for (auto next = numbers.begin(); next != numbers.end();) {
      intake::v1::LookUpPupilsRequest request;
      std::vector<unsigned> asked;
      for (; next != numbers.end() && asked.size() < kNumbersAtOnce; ++next) {
        request.add_pupil_numbers(next->first);
        asked.push_back(next->second);
      }
      intake::v1::LookUpPupilsResponse response;
      const Called called = stage_.api.Call(CallerOf(school), std::string(kFacts) + "LookUpPupils", request, &response);
      if (!called.ok() || response.pupil_ids_size() != request.pupil_numbers_size()) {
        stage_.ledger.Complain(school + " could not look up its pupils: " + called.problem);
        continue;
      }
      for (std::size_t each = 0; each < asked.size(); ++each) {
        const std::string& id = response.pupil_ids(static_cast<int>(each));
        const std::string name = plan_.learners()[asked[each]].name();
        if (id.empty()) stage_.ledger.Complain(school + " does not find " + name);
        const auto [known, is_new] = ids_.emplace(asked[each], id);
        if (!is_new && known->second != id) stage_.ledger.Complain(name + " became another person at " + school);
        learners_by_id_[id] = asked[each];
      }
    }
  }
  numbers_.clear();
}

std::optional<Instant> SchoolLife::NextDue() const {
  const auto day = book_.next_close();
  return day ? std::optional(FromRiga(*day, kSchoolDayCloses)) : std::nullopt;
}

void SchoolLife::Pass(Instant at) {
  while (const auto due = NextDue()) {
    if (*due > at) return;
    Close(InRiga(*due).day, *due);
  }
}

void SchoolLife::Close(Day, Instant at) {
  for (const LearnerBook::Said& said : book_.CloseNext()) {
    for (const Proposal& proposal : said.what.proposals) tiers_.Propose(said.learner, proposal);
    for (const LimitChange& change : said.what.limits) ChangeLimit(said.learner, change, at);
  }
}

void SchoolLife::ChangeLimit(unsigned number, const LimitChange& change, Instant at) {
  const std::string semester =
      plan_.learners()[number].name() + "/" + change.school_year + "-" + std::to_string(change.semester);
  World& world = stage_.world;
  if (change.crossed) {
    const std::string key = semester + "/limit-" + std::to_string(change.crossing);
    const std::size_t notice = world.Notify(key, plan_.learners()[number].name(), change.school, at);
    stage_.witness.KnowCaseId(NoticeId(PupilId(number), change), notice);
    notices_[semester] = notice;
    crossed_[notice] = {number, change};
    return ExpectNotices(notice, {});
  }
  const std::size_t notice = notices_.at(semester);
  std::vector<ReferralState> before;
  for (const std::size_t each : world.cases()[notice].referrals) before.push_back(world.referrals()[each].state);
  world.RetractNotice(notice, at);
  ExpectNotices(notice, before);
}

// What the receivers have to see: whatever was sent now, and whatever was taken back.
void SchoolLife::ExpectNotices(std::size_t notice, const std::vector<ReferralState>& before) {
  const auto& referrals = stage_.world.cases()[notice].referrals;
  for (std::size_t each = 0; each < referrals.size(); ++each) {
    const ReferralModel& referral = stage_.world.referrals()[referrals[each]];
    const bool is_new = each >= before.size();
    const bool is_cancelled = !is_new && before[each] != referral.state;
    if (is_new || is_cancelled)
      stage_.ledger.Expect(Kind::kLimit,
                           (is_new ? "requested " : "cancelled ") + referral.key + " -> " + referral.recipient,
                           stage_.world.cases()[notice].opened);
  }
}

void SchoolLife::SeeLetter(const Letter& letter) {
  if (letter.order != 1 || !stage_.witness.knows_referral(letter.notice.referral_id())) return;
  const ReferralModel& referral = stage_.world.referrals()[stage_.witness.ReferralOf(letter.notice.referral_id())];
  const std::string& type = letter.notice.type();
  const bool is_new = type == "tilts.referral.requested";
  if (!stage_.world.cases()[referral.case_index].is_notice || letter.institution != referral.recipient) return;
  if (is_new || type == "tilts.referral.cancelled")
    stage_.ledger.See(Kind::kLimit, (is_new ? "requested " : "cancelled ") + referral.key + " -> " + referral.recipient,
                      letter.at);
}

void SchoolLife::CheckNotice(const referrals::v1::Referral& seen, std::size_t index) const {
  const ReferralModel& referral = stage_.world.referrals()[index];
  const auto crossed = crossed_.find(referral.case_index);
  if (crossed == crossed_.end()) return;
  const auto& [learner, change] = crossed->second;
  const auto& notice = seen.notice();
  const bool retracted = referral.ask.purpose.ends_with("_RETRACTED");
  const bool right = notice.pupil_id() == PupilId(learner) && notice.school_id() == change.school &&
                     notice.school_year() == change.school_year && notice.semester() == change.semester &&
                     static_cast<int>(notice.lessons()) == change.lessons &&
                     notice.limit() == book_.card().limit().lessons() && notice.retracted() == retracted;
  if (!right) stage_.ledger.Complain(referral.key + " says something else than what was counted");
  if (retracted != notice.given_name().empty())
    stage_.ledger.Complain(referral.key + (retracted ? " still shows" : " does not show") + " whom it is about");
}

std::string SchoolLife::PupilId(unsigned learner) const {
  const auto found = ids_.find(learner);
  return found == ids_.end() ? std::string() : found->second;
}

std::optional<unsigned> SchoolLife::LearnerOf(const std::string& pupil_id) const {
  const auto found = learners_by_id_.find(pupil_id);
  return found == learners_by_id_.end() ? std::nullopt : std::optional(found->second);
}

void SchoolLife::CompareDigest(const std::string& material, const std::string& digest) {
  const auto [known, is_new] = digests_.emplace(material, digest);
  if (!is_new && known->second != digest) stage_.ledger.Complain("two digests of one picture: " + material);
}

}  // namespace tilts::city_simulator
