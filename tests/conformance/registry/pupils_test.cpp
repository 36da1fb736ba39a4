#include <set>
#include <thread>

#include "registry_fixture.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

const std::string kSchool = "riga-school-001";
const std::string kOther = "riga-school-002";

int Day(const char* date) {
  return static_cast<int>(calendar::ParseDate(date).value().time_since_epoch().count());
}

class PupilsTest : public VaultTest {
 protected:
  v1::ResolvePersonsRequest Enrolment(const std::string& school, const char* from) {
    v1::ResolvePersonsRequest request;
    request.set_request_id(testing::UniqueName("enrol"));
    request.set_institution_id(school);
    request.set_enrolment(true);
    *request.mutable_occurred_at() = wire::ToTimestamp(calendar::StartOfDay(calendar::ParseDate(from).value()));
    return request;
  }

  std::string Enrol(const std::string& school, const std::string& number, const std::string& code, const char* from) {
    auto request = Enrolment(school, from);
    *request.add_people() = Person({{kPupilNumber, number}, {kNationalCode, code}});
    return vault_->ResolvePersons(AsIntake(), request).value().people(0).person_id();
  }

  v1::LookUpPupilNumbersResponse LookUp(const std::vector<std::string>& numbers, const char* date,
                                        const std::string& school = kSchool) {
    v1::LookUpPupilNumbersRequest request;
    request.set_institution_id(school);
    request.mutable_pupil_numbers()->Assign(numbers.begin(), numbers.end());
    request.set_day(Day(date));
    return pupils_->LookUpPupilNumbers(AsIntake(), request).value();
  }
  v1::PupilNumberEntry LookUpOne(const std::string& number, const char* date, const std::string& school = kSchool) {
    return LookUp({number}, date, school).pupils(0);
  }
  std::string PersonOf(const std::string& number, const char* date, const std::string& school = kSchool) {
    return LookUpOne(number, date, school).person_id();
  }

  core::Status Destroy(const std::string& school_year) {
    v1::DestroyStatisticsKeyRequest request;
    request.set_request_id(testing::UniqueName("d"));
    request.set_school_year(school_year);
    TILTS_CHECK(pupils_->DestroyStatisticsKey(AsOperator(), request));
    return {};
  }
};

TEST_F(PupilsTest, AnswersInTheOrderAskedAndMakesNobody) {
  const std::string first = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const std::string second = Enrol(kSchool, "13", "010203-12346", "2025-09-01");
  const auto answer = LookUp({"13", "99", "", "12", "13"}, "2025-10-01");
  ASSERT_EQ(answer.pupils_size(), 5);
  EXPECT_EQ(answer.pupils(0).person_id(), second);
  EXPECT_EQ(answer.pupils(1).SerializeAsString(), "");
  EXPECT_EQ(answer.pupils(2).SerializeAsString(), "");
  EXPECT_EQ(answer.pupils(3).person_id(), first);
  EXPECT_EQ(answer.pupils(4).SerializeAsString(), answer.pupils(0).SerializeAsString());
  EXPECT_EQ(answer.school_year(), "2025/26");
  EXPECT_EQ(answer.pupils(0).valid_from_day(), Day("2025-09-01"));
  EXPECT_EQ(answer.pupils(0).valid_to_day(), Day("2026-08-31"));
  EXPECT_EQ(Count("SELECT count(*) FROM person"), 2);
}

TEST_F(PupilsTest, NumberOfAnotherInstitutionIsNobodys) {
  Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  EXPECT_EQ(PersonOf("12", "2025-10-01", kOther), "");
}

TEST_F(PupilsTest, LaterEnrolmentElsewhereLeavesTheOldSchoolsNumber) {
  const std::string pupil = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  EXPECT_EQ(Enrol(kOther, "7", "010203-12345", "2026-02-02"), pupil);
  for (const char* date : {"2025-10-01", "2026-02-02", "2026-05-29"}) {
    EXPECT_EQ(PersonOf("12", date), pupil) << date;
    EXPECT_EQ(PersonOf("7", date, kOther), pupil) << date;
  }
}

TEST_F(PupilsTest, NumberGivenToAnotherPupilResolvesByDay) {
  const std::string first = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const std::string second = Enrol(kSchool, "12", "010203-12346", "2026-02-02");
  EXPECT_NE(first, second);
  EXPECT_EQ(PersonOf("12", "2026-02-01"), first);
  EXPECT_EQ(LookUpOne("12", "2025-10-01").valid_to_day(), Day("2026-02-01"));
  EXPECT_EQ(PersonOf("12", "2026-02-02"), second);
  EXPECT_EQ(LookUpOne("12", "2026-02-02").valid_from_day(), Day("2026-02-02"));
  // The first one's enrolment again, as a correction: nothing moves.
  EXPECT_EQ(Enrol(kSchool, "12", "010203-12345", "2025-09-01"), first);
  EXPECT_EQ(PersonOf("12", "2026-02-02"), second);
}

TEST_F(PupilsTest, EnrolmentsInTheWrongOrderResolveTheSame) {
  const std::string second = Enrol(kSchool, "12", "010203-12346", "2026-02-02");
  EXPECT_EQ(PersonOf("12", "2025-10-01"), second);
  const std::string first = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  EXPECT_EQ(PersonOf("12", "2025-10-01"), first);
  EXPECT_EQ(PersonOf("12", "2026-02-01"), first);
  EXPECT_EQ(PersonOf("12", "2026-02-02"), second);
}

TEST_F(PupilsTest, CorrectedNationalCodeMovesTheNumber) {
  Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const std::string right = Enrol(kSchool, "12", "010203-12346", "2025-09-01");
  EXPECT_EQ(PersonOf("12", "2025-10-01"), right);
  EXPECT_EQ(PersonOf("12", "2020-10-01"), right);
}

TEST_F(PupilsTest, ReportNeverTakesANumberFromSomebody) {
  const std::string pupil = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const auto reported = ResolveOne(Person({{kPupilNumber, "12"}, {kNationalCode, "010203-12346"}}));
  EXPECT_NE(reported.person_id(), pupil);
  EXPECT_TRUE(reported.conflicting());
  EXPECT_EQ(PersonOf("12", "2026-03-02"), pupil);
}

TEST_F(PupilsTest, LinkedPersonAnswersWithTheOneThatStays) {
  const std::string alias = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const std::string stays = ResolveOne(Person({{kPassport, "UA1"}})).person_id();
  ASSERT_TRUE(Link(stays, alias, AsOperator()));
  EXPECT_EQ(PersonOf("12", "2025-10-01"), stays);
}

TEST_F(PupilsTest, ErasedPersonIsNotFoundAndNobodyInheritsItsDays) {
  const std::string first = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const std::string second = Enrol(kSchool, "12", "010203-12346", "2026-02-02");
  ASSERT_TRUE(Erase(first, AsOperator()));
  EXPECT_EQ(PersonOf("12", "2025-10-01"), "");
  EXPECT_EQ(PersonOf("12", "2026-02-02"), second);
}

TEST_F(PupilsTest, StatisticsIdIsOfThePersonAndTheSchoolYear) {
  const std::string pupil = Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  Enrol(kOther, "7", "010203-12345", "2026-02-02");
  Enrol(kSchool, "13", "010203-12346", "2025-09-01");
  const std::string id = LookUpOne("12", "2025-10-01").statistics_id();
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(LookUpOne("12", "2026-08-31").statistics_id(), id);
  EXPECT_EQ(LookUpOne("7", "2026-05-01", kOther).statistics_id(), id);
  EXPECT_NE(LookUpOne("13", "2025-10-01").statistics_id(), id);
  EXPECT_NE(LookUpOne("12", "2026-09-01").statistics_id(), id);
  EXPECT_EQ(Count("SELECT count(*) FROM statistics_key"), 2);
}

TEST_F(PupilsTest, DestroyedKeyNeverMakesAnIdAgain) {
  const std::string pupil = Enrol(kSchool, "12", "010203-12345", "2023-09-01");
  EXPECT_EQ(LookUpOne("12", "2024-10-01").statistics_id().size(), 32U);
  ASSERT_TRUE(Destroy("2024/25"));
  ASSERT_TRUE(Destroy("2023/24"));  // never used
  for (const char* date : {"2024-10-01", "2023-10-02"}) {
    EXPECT_EQ(LookUpOne("12", date).statistics_id(), "") << date;
    EXPECT_EQ(PersonOf("12", date), pupil) << date;
  }
  EXPECT_EQ(Count("SELECT count(*) FROM statistics_key WHERE wrapped_key IS NOT NULL"), 0);
  EXPECT_EQ(Destroy("2025/26").error().reason, "SCHOOL_YEAR_OPEN");
}

TEST_F(PupilsTest, ReplicasAtOnceMakeOneKeyOfAYear) {
  Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  std::mutex mutex;
  std::set<std::string> ids;
  {
    std::vector<std::jthread> doors;
    for (int i = 0; i < 6; ++i) {
      doors.emplace_back([&] {
        const std::string id = LookUpOne("12", "2025-10-01").statistics_id();
        const std::lock_guard lock(mutex);
        ids.insert(id);
      });
    }
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST_F(PupilsTest, StatisticsKeyMovesToTheNewestMasterKey) {
  Enrol(kSchool, "12", "010203-12345", "2025-09-01");
  const std::string id = LookUpOne("12", "2025-10-01").statistics_id();
  const auto use = [&](crypto::KeyRing master) {
    keys_ = std::make_unique<VaultKeys>(std::move(master), Ring("i1", 'i'));
    vault_store_ = std::make_unique<SqlVault>(*database_, idempotency_, *keys_);
    pupils_ = std::make_unique<PupilApp>(*vault_store_);
  };
  use(Ring("m2", 'M', OldKey("m1", 'm')));
  EXPECT_EQ(RotateVaultKeys(*database_, *keys_)->rewrapped, 2U);
  use(Ring("m2", 'M'));
  EXPECT_EQ(LookUpOne("12", "2025-10-01").statistics_id(), id);
}

TEST_F(PupilsTest, RosterOfFiveHundredIsOneCallAndFoundAgain) {
  auto request = Enrolment(kSchool, "2025-09-01");
  std::vector<std::string> numbers;
  for (int i = 0; i < 500; ++i) {
    numbers.push_back(std::to_string(i));
    *request.add_people() = Person({{kPupilNumber, numbers.back()}, {kNationalCode, "01020312" + numbers.back()}});
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto enrolled = vault_->ResolvePersons(AsIntake(), request);
  const auto enrolled_at = std::chrono::steady_clock::now();
  ASSERT_TRUE(enrolled) << enrolled.error().message;
  request.set_request_id("again");
  const auto again = vault_->ResolvePersons(AsIntake(), request);
  const auto again_at = std::chrono::steady_clock::now();
  const auto found = LookUp(numbers, "2025-10-01");
  std::set<std::string> ids;
  for (int i = 0; i < 500; ++i) {
    EXPECT_TRUE(enrolled->people(i).created());
    EXPECT_EQ(again->people(i).person_id(), enrolled->people(i).person_id());
    EXPECT_EQ(found.pupils(i).person_id(), enrolled->people(i).person_id());
    ids.insert(found.pupils(i).person_id());
  }
  EXPECT_EQ(ids.size(), 500U);
  const auto milliseconds = [](auto time) { return std::chrono::duration<double, std::milli>(time).count(); };
  RecordProperty("enrol_ms", std::to_string(milliseconds(enrolled_at - begin)));
  RecordProperty("again_ms", std::to_string(milliseconds(again_at - enrolled_at)));
  request.add_people();
  request.set_request_id("too-many");
  EXPECT_EQ(vault_->ResolvePersons(AsIntake(), request).error().reason, "PEOPLE_COUNT");
}

TEST_F(PupilsTest, NumberTwiceInOneRosterStaysWithTheFirst) {
  auto request = Enrolment(kSchool, "2025-09-01");
  *request.add_people() = Person({{kPupilNumber, "12"}, {kNationalCode, "010203-12345"}});
  *request.add_people() = Person({{kPupilNumber, "12"}, {kNationalCode, "010203-12346"}});
  const auto enrolled = vault_->ResolvePersons(AsIntake(), request).value();
  EXPECT_NE(enrolled.people(0).person_id(), enrolled.people(1).person_id());
  EXPECT_TRUE(enrolled.people(1).conflicting());
  EXPECT_EQ(PersonOf("12", "2025-10-01"), enrolled.people(0).person_id());
}

TEST_F(PupilsTest, RefusedWithTheFieldThatIsWrong) {
  v1::LookUpPupilNumbersRequest request;
  const auto field = [&] { return pupils_->LookUpPupilNumbers(AsIntake(), request).error().violations.front().field; };
  EXPECT_EQ(field(), "pupil_numbers");
  for (int i = 0; i < 1'001; ++i) request.add_pupil_numbers("1");
  EXPECT_EQ(field(), "pupil_numbers");
  request.mutable_pupil_numbers()->RemoveLast();
  EXPECT_EQ(field(), "institution_id");
  request.set_institution_id(kSchool);
  EXPECT_EQ(field(), "day");
  request.set_day(Day("2025-10-01"));
  EXPECT_TRUE(pupils_->LookUpPupilNumbers(AsIntake(), request));
}

}  // namespace
}  // namespace tilts::registry
