// The learners' plan, and what the simulator's own books make of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "city_simulator/city/report_plan.hpp"
#include "city_simulator/learners/fact_plan.hpp"
#include "city_simulator/play/fact_pusher.hpp"
#include "city_simulator/time/school_year.hpp"
#include "city_simulator/truth/card.hpp"
#include "city_simulator/truth/statistics.hpp"
#include "city_simulator/truth/tier_book.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes of facts

risk::v1::Card PublishedCard() {
  risk::v1::Card card;
  EXPECT_EQ(ReadPublishedCard(TILTS_SOURCE_DIR, card), "");
  return card;
}

LearnerOptions Options(unsigned learners, unsigned days) {
  LearnerOptions options;
  options.seed = 7;
  options.run_name = "test";
  options.schools = 5;
  options.learners = learners;
  options.days = SchoolDays(*ReadDay("2025-09-02"), days);
  options.whole_year = true;
  return options;
}

// Everything the plan says, through the books, the facts of each day in order or backwards.
class Told {
 public:
  Told(unsigned learners, unsigned days, bool backwards)
      : canary_(7, 1),
        plan_(Options(learners, days), canary_),
        book_(PublishedCard(), DaysToClose(*ReadDay("2025-09-01"), *ReadDay("2026-01-31"))) {
    book_.CloseNext();
    Tell(plan_.Beginning(), false);
    for (std::size_t day = 0; day < days; ++day) {
      Tell(plan_.DayPost(day), backwards);
      for (const auto& said : book_.CloseNext()) {
        for (const auto& proposal : said.what.proposals) tiers_.Propose(said.learner, proposal);
        for (const auto& limit : said.what.limits) ++(limit.crossed ? crossed_ : retracted_);
      }
    }
  }

  const LearnerBook& book() const { return book_; }
  const TierBook& tiers() const { return tiers_; }
  unsigned crossed() const { return crossed_; }
  unsigned retracted() const { return retracted_; }
  unsigned held() const { return held_; }
  unsigned refused() const { return refused_; }

 private:
  void Tell(std::vector<SchoolPost> posts, bool backwards) {
    for (SchoolPost& post : posts) {
      if (backwards) std::reverse(post.facts.begin(), post.facts.end());
      for (const auto* part : {&post.enrolments, &post.facts}) {
        for (const PlannedFact& planned : *part) {
          if (!planned.refused_with.empty()) {
            ++refused_;
            continue;
          }
          const auto fate = book_.Take(planned.learner, planned.fact.pupil_number(),
                                       Plain(SchoolId(post.school), planned.fact), "00");
          if (fate == LearnerBook::Fate::kHeld) ++held_;
        }
      }
    }
  }

  Canary canary_;
  FactPlan plan_;
  LearnerBook book_;
  TierBook tiers_;
  unsigned crossed_ = 0, retracted_ = 0, held_ = 0, refused_ = 0;
};

TEST(PopulationTest, GradesFollowTheTableAndEverySchoolHasLearners) {
  const auto learners = Populate(3, 6000, 6);
  std::map<unsigned, unsigned> grades, schools;
  for (const Learner& learner : learners) ++grades[learner.grade], ++schools[learner.school];
  EXPECT_EQ(grades.size(), 12U);
  EXPECT_EQ(schools.size(), 6U);
  // 6,736 of 66,558 learners are in grade 1, 3,470 in grade 12.
  EXPECT_NEAR(grades[1], 607, 90);
  EXPECT_NEAR(grades[12], 313, 70);
  EXPECT_EQ(StageOf(9), EDUCATION_STAGE_BASIC);
  EXPECT_EQ(StageOf(10), EDUCATION_STAGE_SECONDARY);
}

TEST(FactPlanTest, ASemesterHasEverythingTheBooksMustReckonWith) {
  const Told told(300, 73, false);
  EXPECT_GE(told.crossed(), 5U);
  EXPECT_GE(told.retracted(), 1U);
  EXPECT_GE(told.held(), 5U);
  EXPECT_GE(told.refused(), 50U);
  EXPECT_FALSE(told.book().conflicts().empty());
  // Whoever came without papers got them.
  EXPECT_EQ(told.book().held(), 0U);
  std::map<unsigned, unsigned> tiers;
  for (const auto& [learner, tier] : told.tiers().tiers()) ++tiers[tier.proposed];
  EXPECT_GE(tiers[2], 5U);
  EXPECT_GE(tiers[3], 1U);
  Statistics statistics;
  CountLearners(told.book(), "2025/26", statistics);
  for (const char* indicator : {"learners", "supported-learners-basic", "supported-learners-secondary",
                                "early-leavers-basic", "career-consultations", "unexcused-limit-learners",
                                "consultations-by-specialist-reason", "consultation-learners-by-specialist-reason"}) {
    EXPECT_GT((statistics[{indicator, ""}].numerator), 0U) << indicator;
  }
}

TEST(FactPlanTest, TheOrderWithinADayDoesNotMatter) {
  const Told forward(60, 40, false), backward(60, 40, true);
  for (const auto& [learner, evenings] : forward.book().evenings()) {
    EXPECT_EQ(evenings.score(), backward.book().evenings().at(learner).score());
  }
  EXPECT_EQ(forward.crossed(), backward.crossed());
}

TEST(LearnerBookTest, AFactBeforeTheEnrolmentWaitsForIt) {
  LearnerBook book(PublishedCard(), DaysToClose(*ReadDay("2025-09-01"), *ReadDay("2025-09-05")));
  PlainFact lesson;
  lesson.school = "school-1";
  lesson.day = NumberOf(*ReadDay("2025-09-01"));
  lesson.key = "2025-09-01";
  lesson.offered = 6;
  EXPECT_EQ(book.Take(1, "n-1", lesson, ""), LearnerBook::Fate::kHeld);
  EXPECT_EQ(book.held(), 1U);
  PlainFact enrolment = lesson;
  enrolment.kind = FactKind::kEnrolment;
  EXPECT_EQ(book.Take(1, "n-1", enrolment, ""), LearnerBook::Fate::kAccepted);
  EXPECT_EQ(book.held(), 0U);
  EXPECT_EQ(book.histories().at(1).records(FactKind::kAttendance).size(), 1U);
  EXPECT_EQ(*book.next_close(), *ReadDay("2025-09-01"));
}

TEST(SentRecordsTest, TheDigestIsThatOfTheSortedIdsAndRevisions) {
  SentRecords sent;
  PlainFact fact;
  fact.school = "school-1";
  fact.day = 20'000;
  fact.key = "a";
  fact.revision = 258;
  sent.Add("n-1", fact, "ff000000000000000000000000000000");
  fact.revision = 1;
  fact.withdrawn = true;
  sent.Add("n-2", fact, "01000000000000000000000000000000");
  sent.Add("n-1", fact, "ff000000000000000000000000000000");  // older: changes nothing
  const auto figure = sent.FiguresOf("school-1", 20'000).at("attendance");
  EXPECT_EQ(figure.records, 2U);
  EXPECT_EQ(figure.withdrawn, 1U);
  EXPECT_EQ(figure.digest, Sha256Hex(std::string("\x01", 1) + std::string(15, '\0') + std::string("\0\x01", 2) +
                                     std::string("\xff", 1) + std::string(15, '\0') + std::string("\x01\x02", 2)));
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(TierBookTest, ADecisionStandsUntilThePictureChanges) {
  TierBook book;
  book.Propose(1, {"school-1", 3, 1, 21, "picture a", 20'000});
  EXPECT_TRUE(book.tiers().at(1).waits());
  book.Decide(1, "school-1", TIER_DECISION_LOWER, 2);
  EXPECT_FALSE(book.tiers().at(1).waits());
  EXPECT_EQ(book.tiers().at(1).decided, 2U);
  book.Propose(1, {"school-1", 3, 3, 25, "picture b", 20'001});
  EXPECT_TRUE(book.tiers().at(1).waits());
  EXPECT_EQ(book.WaitingBySchool().at("school-1"), std::vector<unsigned>{1});
  book.Propose(1, {"school-1", 1, 3, 0, "picture c", 20'002});
  EXPECT_FALSE(book.tiers().at(1).waits());
}

TEST(HistoryTest, OfTwoContentsOfOneRevisionTheSmallerStaysInAnyOrder) {
  PlainFact present;
  present.day = NumberOf(*ReadDay("2025-09-01"));
  present.key = "2025-09-01";
  present.offered = 6;
  PlainFact away = present;
  away.unexcused = 2;
  History forward, backward;
  EXPECT_FALSE(forward.Take(present));
  EXPECT_TRUE(forward.Take(away));
  EXPECT_FALSE(forward.Take(present)) << "known";
  EXPECT_FALSE(backward.Take(away));
  EXPECT_TRUE(backward.Take(present));
  for (const History* history : {&forward, &backward})
    EXPECT_EQ(history->records(FactKind::kAttendance).front().unexcused, 0U);
  away.revision = 2;
  EXPECT_FALSE(forward.Take(away));
  EXPECT_FALSE(forward.Take(present)) << "overtaken";
  EXPECT_EQ(forward.records(FactKind::kAttendance).front().unexcused, 2U);
}

TEST(StatisticsTest, EveryInstitutionHasFiguresOfItsOwn) {
  LearnerBook book(PublishedCard(), DaysToClose(*ReadDay("2025-09-01"), *ReadDay("2025-09-05")));
  PlainFact enrolment;
  enrolment.kind = FactKind::kEnrolment;
  enrolment.school = "school-1";
  enrolment.key = "a";
  enrolment.day = NumberOf(*ReadDay("2025-09-01"));
  enrolment.to_day = NumberOf(*ReadDay("2025-09-02"));
  enrolment.stage = EDUCATION_STAGE_BASIC;
  enrolment.grade = 8;
  book.Take(1, "n-1", enrolment, "");
  enrolment.school = "school-2";
  enrolment.day = NumberOf(*ReadDay("2025-09-03"));
  enrolment.to_day = 0;
  book.Take(1, "n-7", enrolment, "");
  Statistics statistics;
  CountLearners(book, "2025/26", statistics);
  EXPECT_EQ((statistics[{"learners", ""}]), (Fraction{1, 0})) << "one learner";
  EXPECT_EQ((statistics[{"learners", "", "school-1"}]), (Fraction{1, 0}));
  EXPECT_EQ((statistics[{"learners", "", "school-2"}]), (Fraction{1, 0}));
}

TEST(StatisticsTest, WhoLeftWithoutFinishingCountsUnlessEnrolledAgain) {
  LearnerBook book(PublishedCard(), DaysToClose(*ReadDay("2025-09-01"), *ReadDay("2025-09-05")));
  PlainFact enrolment;
  enrolment.kind = FactKind::kEnrolment;
  enrolment.school = "school-1";
  enrolment.key = "a";
  enrolment.day = NumberOf(*ReadDay("2024-09-02"));
  enrolment.to_day = NumberOf(*ReadDay("2025-09-03"));
  enrolment.end_reason = ENROLMENT_END_REASON_DROPPED_OUT;
  enrolment.stage = EDUCATION_STAGE_BASIC;
  enrolment.grade = 8;
  book.Take(1, "n-1", enrolment, "");
  book.Take(2, "n-2", enrolment, "");
  Statistics statistics;
  CountLearners(book, "2025/26", statistics);
  EXPECT_EQ((statistics[{"early-leavers-basic", ""}]), (Fraction{2, 2}));
  PlainFact again = enrolment;
  again.school = "school-2";
  again.day = NumberOf(*ReadDay("2025-09-04"));
  again.to_day = 0;
  again.end_reason = ENROLMENT_END_REASON_UNSPECIFIED;
  book.Take(2, "n-9", again, "");
  statistics.clear();
  CountLearners(book, "2025/26", statistics);
  EXPECT_EQ((statistics[{"early-leavers-basic", ""}]), (Fraction{1, 2}));
  statistics.clear();
  CountLearners(book, "2024/25", statistics);
  EXPECT_EQ((statistics[{"early-leavers-basic", ""}]), (Fraction{0, 2}));
}

TEST(CloudEventsTest, EachFactIsAnEventWithItsPupilAsSubject) {
  intake::v1::PushFactsRequest request;
  auto& fact = *request.add_facts();
  fact.set_event_id("e-1");
  fact.set_pupil_number("17");
  fact.set_revision(2);
  fact.mutable_attendance()->set_day("2025-09-02");
  const auto events = nlohmann::json::parse(CloudEventsOf(request, "/schools/one"));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["type"], "tilts.intake.v1.AttendanceDay");
  EXPECT_EQ(events[0]["subject"], "17");
  EXPECT_EQ(events[0]["revision"], 2);
  EXPECT_EQ(events[0]["data"]["day"], "2025-09-02");
}

}  // namespace
}  // namespace tilts::city_simulator
