// Facts that flow while processes are killed and Redis loses what it held: nothing is lost or doubled, and what is
// derived from them is what an undisturbed computation gives.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "fact_load.hpp"

namespace tilts::e2e {
namespace {

constexpr char kLearning[] = "tilts.learning.v1";
constexpr int kSome = 25;  // batches

class LearningTest : public ::testing::Test {
 protected:
  struct School {
    Caller caller;
    std::unique_ptr<SchoolFacts> facts;
    std::vector<std::string> pupil_ids;
  };

  void SetUp() override {
    // Enough closed school days that a score does not abstain; once for the program.
    static bool closed = false;
    if (!closed) {
      city.Advance(std::chrono::hours(24 * 21));
      ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(120)));
      closed = true;
    }
    subject_ = NewSchool();
    twin_ = NewSchool();
  }

  School NewSchool() {
    static std::size_t next = 0;
    const Answer schools = city.Get("/v1/institutions?kind=INSTITUTION_KIND_SCHOOL", city.Operator());
    School school{city.WithOperations(schools.body.at("institutions").at(next++).at("institution_id"), {"*"}),
                  std::make_unique<SchoolFacts>(city, city.Fresh("PN")),
                  {}};
    // A new grant is known to every service within a refresh.
    EXPECT_TRUE(Eventually([&] {
      const Answer enrolled = city.Post("/v1/facts", school.caller, {{"facts", school.facts->Enrolments()}});
      return enrolled.ok() && enrolled.body.value("accepted", 0) == SchoolFacts::kPupils;
    }));
    Json numbers = Json::array();
    for (int pupil = 0; pupil < SchoolFacts::kPupils; ++pupil) numbers.push_back(school.facts->Number(pupil));
    const Answer ids = city.Post("/v1/pupils:lookUp", school.caller, {{"pupil_numbers", numbers}});
    for (const Json& id : ids.body.at("pupil_ids")) school.pupil_ids.push_back(id);
    return school;
  }

  // Records of the log that the group has not taken in, by its own store.
  std::int64_t LagOfRisk() { return LogEnd("indicator-aggregation") - StoredByRisk(); }
  std::int64_t LagOfIndicators() {
    return LogEnd("risk-scoring") -
           std::stoll(city.Sql(absl::StrCat("SELECT coalesce(sum(next_offset), 0) FROM "
                                            "indicator_aggregation.consumer_offset WHERE topic = '",
                                            kLearning, "'")));
  }
  std::int64_t StoredByRisk() {
    return std::stoll(
        city.Redis("EVAL \"local sum = 0 for _, key in ipairs(redis.call('KEYS', '*tilts.learning.v1:*}:offset')) do "
                   "sum = sum + tonumber(string.match(redis.call('GET', key), '%d+')) end return sum\" 0"));
  }
  std::int64_t LogEnd(const std::string& witness) {
    std::int64_t sum = 0;
    const Json status = city.StatusOf(witness);
    for (const Json& consumer : status.value("consumers", Json::array())) {
      if (consumer.value("topic", "") != kLearning) continue;
      const Json end = consumer.value("end_offset", Json("0"));
      sum += end.is_string() ? std::stoll(end.get<std::string>()) : end.get<std::int64_t>();
    }
    return sum;
  }

  // "rebuild: equal" and the digest that both sides have.
  std::string DigestOf(const std::string& what) {
    int status = 0;
    const std::string said = city.Tiltsctl(absl::StrCat("rebuild ", what, " --verify"), status);
    EXPECT_EQ(status, 0) << said;
    EXPECT_NE(said.find("rebuild: equal"), std::string::npos) << said;
    const std::size_t at = said.find("rebuilt  ");
    return at == std::string::npos ? said : said.substr(at, 80);
  }

  // The twin gets what the subject got, undisturbed; then a school day closes and both must be the same.
  void ExpectAsUndisturbed(FactLoad& load) {
    load.Stop();
    EXPECT_TRUE(load.faults().empty()) << load.faults().size() << ", first: " << load.faults().front();
    ASSERT_TRUE(city.WaitAtRest()) << city.Get("/v1/status", city.Operator()).text;
    ASSERT_TRUE(PushShuffled(city, twin_.caller, *twin_.facts, load.acknowledged()));
    CloseSchoolDays();
    ExpectTwins(load.acknowledged());
    DigestOf("risk");
    DigestOf("indicators");
  }

  virtual void CloseSchoolDays() {
    city.Advance(std::chrono::hours(24 * 3));  // a weekend at most lies between
    ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(120))) << city.Get("/v1/status", city.Operator()).text;
  }

  void ExpectTwins(int batches) {
    for (int pupil = 0; pupil < SchoolFacts::kPupils; ++pupil) {
      const Json score = ScoreOf(subject_, pupil);
      EXPECT_EQ(score, ScoreOf(twin_, pupil)) << "pupil " << pupil;
      EXPECT_FALSE(score.contains("abstention") && score["abstention"] != "ABSTENTION_REASON_UNSPECIFIED") << score;
      EXPECT_EQ(score.value("limit_crossed", false), pupil < SchoolFacts::kTruants) << score;
    }
    EXPECT_EQ(RowsOf(subject_), RowsOf(twin_));
    EXPECT_EQ(RowsOf(subject_), SchoolFacts::RowsAfter(batches));
    // A notice to the authority and a task to the school for each pupil over the line, no more.
    EXPECT_EQ(NoticesOf(subject_), std::to_string(2 * SchoolFacts::kTruants));
    EXPECT_EQ(NoticesOf(twin_), std::to_string(2 * SchoolFacts::kTruants));
  }

  Json ScoreOf(const School& school, int pupil) {
    const Answer answer = city.Get(
        absl::StrCat("/v1/pupils/", school.pupil_ids.at(static_cast<std::size_t>(pupil)), "/score"), school.caller);
    EXPECT_TRUE(answer.ok()) << answer.text;
    Json score = answer.body.value("score", Json::object());
    for (const char* own : {"pupil_id", "institution_id"}) score.erase(own);
    return score;
  }
  std::string RowsOf(const School& school) {
    return city.Sql(
        absl::StrCat("SELECT count(*), sum(revision) FROM indicator_aggregation.attendance_row "
                     "WHERE institution_id = '",
                     school.caller.institution, "'"));
  }
  std::string NoticesOf(const School& school) {
    return city.Sql(absl::StrCat("SELECT count(*) FROM referral_routing.referral WHERE '", school.caller.institution,
                                 "' IN (requester_id, recipient_id)"));
  }

  City& city = City::Get();
  School subject_;
  School twin_;
};

TEST_F(LearningTest, RiskScoringKilledBehindTheLogLosesAndDoublesNothing) {
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(kSome));
  city.Signal("risk-scoring", SIGSTOP);
  ASSERT_TRUE(load.MoreBatches(kSome));
  ASSERT_GT(LagOfRisk(), 0) << "no work in flight: the test proves nothing";
  city.Kill9("risk-scoring");
  ASSERT_TRUE(load.MoreBatches(2)) << "facts must be taken while nobody scores them";
  city.StartAll();
  ASSERT_TRUE(load.MoreBatches(kSome));
  ExpectAsUndisturbed(load);
}

// What a close makes it say (tiers proposed, limits crossed) is in flight when it is killed.
class KilledAtTheCloseTest : public LearningTest {
 protected:
  void CloseSchoolDays() override {
    city.Signal("risk-scoring", SIGSTOP);
    city.Advance(std::chrono::hours(24 * 3));
    ASSERT_TRUE(Eventually([&] { return LagOfRisk() > 0; })) << "no work in flight: the test proves nothing";
    city.Signal("risk-scoring", SIGCONT);
    city.Kill9("risk-scoring");
    city.StartAll();
    ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(120))) << city.Get("/v1/status", city.Operator()).text;
  }
};

TEST_F(KilledAtTheCloseTest, SaysEverythingOnce) {
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(2 * kSome));
  ExpectAsUndisturbed(load);
}

TEST_F(LearningTest, IndicatorAggregationKilledBehindTheLogLosesAndDoublesNothing) {
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(kSome));
  city.Signal("indicator-aggregation", SIGSTOP);
  ASSERT_TRUE(load.MoreBatches(kSome));
  ASSERT_GT(LagOfIndicators(), 0) << "no work in flight: the test proves nothing";
  city.Kill9("indicator-aggregation");
  ASSERT_TRUE(load.MoreBatches(2));
  city.StartAll();
  ASSERT_TRUE(load.MoreBatches(kSome));
  ExpectAsUndisturbed(load);
}

// The broker is frozen, so that a push is unanswered and enrolments wait in the outbox when the door is killed. These
// are another school's: whether the load's own still wait depends on the moment it was frozen in.
TEST_F(LearningTest, CaseIntakeKilledWithFactsInHandLosesAndDoublesNothing) {
  const School bystander = NewSchool();
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(kSome));
  city.Signal("kafka", SIGSTOP);
  const SchoolFacts newcomers(city, city.Fresh("PN"));
  city.Post("/v1/facts", bystander.caller, {{"facts", newcomers.Enrolments()}});
  const bool waits = Eventually([&] { return std::stoll(city.Sql("SELECT count(*) FROM case_intake.outbox")) > 0; });
  const int before = load.acknowledged();
  city.Kill9("case-intake");
  city.Signal("kafka", SIGCONT);
  city.StartAll();
  ASSERT_TRUE(waits) << "no work in flight: the test proves nothing";
  ASSERT_TRUE(load.MoreBatches(kSome));
  EXPECT_GT(load.acknowledged(), before);
  ExpectAsUndisturbed(load);
}

TEST_F(LearningTest, RedisFlushedWhileFactsFlowIsRewoundFromTheLog) {
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(kSome));
  city.Redis("FLUSHALL");
  ASSERT_TRUE(load.MoreBatches(kSome));
  ExpectAsUndisturbed(load);
}

TEST_F(LearningTest, RedisRestartedEmptyWhileFactsFlowIsRewoundFromTheLog) {
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(kSome));
  city.Kill9("redis");
  ASSERT_TRUE(load.MoreBatches(2)) << "facts must be taken while nobody can score them";
  city.StartAll();
  ASSERT_TRUE(load.MoreBatches(kSome));
  ExpectAsUndisturbed(load);
}

TEST_F(LearningTest, AnOlderDumpOfRedisPutBackWhileFactsFlowIsCaughtUp) {
  FactLoad load(city, subject_.caller, *subject_.facts);
  ASSERT_TRUE(load.MoreBatches(kSome));
  ASSERT_EQ(city.Redis("SAVE").substr(0, 2), "OK");
  const std::int64_t saved = StoredByRisk();
  ASSERT_TRUE(load.MoreBatches(kSome));
  ASSERT_TRUE(Eventually([&] { return StoredByRisk() > saved; })) << "the dump is not older";
  city.Kill9("redis");
  city.StartAll();
  std::filesystem::remove(city.run() + "/dump.rdb");
  ASSERT_TRUE(load.MoreBatches(kSome));
  ExpectAsUndisturbed(load);
}

// Without a fact in between, so that the digests of before and after can be compared.
TEST_F(LearningTest, WhateverRedisLosesAtRestTheDigestsAndScoresStay) {
  ASSERT_TRUE(PushShuffled(city, subject_.caller, *subject_.facts, 2 * kSome));
  ASSERT_TRUE(city.WaitAtRest());
  ASSERT_EQ(city.Redis("SAVE").substr(0, 2), "OK");
  ASSERT_TRUE(PushShuffled(city, twin_.caller, *twin_.facts, 2 * kSome));
  CloseSchoolDays();
  const std::string risk = DigestOf("risk");
  const std::string indicators = DigestOf("indicators");
  const std::int64_t stored = StoredByRisk();
  const auto expect_same = [&](const char* after) {
    // An idle worker looks at its store every few seconds.
    ASSERT_TRUE(Eventually([&] { return StoredByRisk() == stored; }, std::chrono::seconds(60))) << after;
    ASSERT_TRUE(city.WaitAtRest(std::chrono::seconds(120))) << after;
    EXPECT_EQ(DigestOf("risk"), risk) << after;
    EXPECT_EQ(DigestOf("indicators"), indicators) << after;
    ExpectTwins(2 * kSome);
  };
  city.Kill9("redis");
  city.StartAll();
  expect_same("an older dump put back");
  std::filesystem::remove(city.run() + "/dump.rdb");
  city.Redis("FLUSHALL");
  expect_same("FLUSHALL");
  city.Kill9("redis");
  city.StartAll();
  expect_same("a restart with nothing");
}

}  // namespace
}  // namespace tilts::e2e
