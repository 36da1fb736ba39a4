// Facts of a school through the whole house: gateway, registry's pupil numbers, case_intake, the log.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

#include "load.hpp"

namespace tilts::e2e {
namespace {

class FactsTest : public ::testing::Test {
 protected:
  City& city = City::Get();
  Caller school = Known("riga-school-001");

  // A caller of the institution that the services behind the door know too, also right after the registry was gone.
  Caller Known(const std::string& institution) {
    Caller caller = city.WithOperations(institution, {"fact.write"});
    if (!Eventually([&] { return city.Get("/v1/heldFacts", caller).ok(); }))
      throw std::runtime_error("the grant is not known behind the door");
    return caller;
  }

  static Json Attendance(const std::string& number, const std::string& day, int unexcused = 0, int revision = 1) {
    return {{"event_id", absl::StrCat("e-", day)},
            {"pupil_number", number},
            {"revision", revision},
            {"attendance", {{"day", day}, {"lessons_offered", 7}, {"absent_unexcused", unexcused}}}};
  }
  Json Enrolment(const std::string& number, const std::string& from) {
    const Json identifier = {{"system", "IDENTIFIER_SYSTEM_NATIONAL_CODE"}, {"value", city.Fresh("code")}};
    return {{"pupil_number", number},
            {"revision", 1},
            {"enrolment", {{"from", from}, {"grade", 7}, {"person", {{"identifiers", Json::array({identifier})}}}}}};
  }
  Json Push(const Json& facts) {
    const Answer answer = city.Post("/v1/facts", school, {{"facts", facts}});
    if (!answer.ok()) throw std::runtime_error(absl::StrCat("facts: ", answer.status, " ", answer.text));
    return answer.body;
  }
  // A day `ago` days before the city's today, as ISO date.
  std::string Day(int ago) { return core::FormatRfc3339(city.Now() - std::chrono::hours(24 * ago)).substr(0, 10); }
  Json Held() { return city.Get("/v1/heldFacts", school).body; }
};

TEST_F(FactsTest, AnUnknownNumberIsHeldUntilItsEnrolmentAndThenOnTheLog) {
  const std::string number = city.Fresh("PN");
  const Json held = Push(Json::array({Attendance(number, Day(3), 2)}));
  EXPECT_EQ(held.value("held", 0), 1) << held;
  EXPECT_EQ(Held().at("held_facts").at(0).value("pupil_number", ""), number);
  const Json enrolled = Push(Json::array({Enrolment(number, Day(30)), Attendance(number, Day(2))}));
  EXPECT_EQ(enrolled.value("accepted", 0), 2) << enrolled;
  EXPECT_TRUE(Eventually([&] { return city.Sql("SELECT count(*) FROM case_intake.held_fact") == "0"; }));
  EXPECT_TRUE(city.WaitAtRest());
  const Answer ids = city.Post("/v1/pupils:lookUp", school, {{"pupil_numbers", Json::array({number, "nobody"})}});
  ASSERT_TRUE(ids.ok()) << ids.text;
  EXPECT_EQ(ids.body.at("pupil_ids").at(0).get<std::string>(),
            city.Sql(absl::StrCat("SELECT person_id FROM case_intake.enrolment WHERE record_id = '",
                                  enrolled.at("results").at(0).at("record_id").get<std::string>(), "'")));
  EXPECT_EQ(ids.body.at("pupil_ids").at(1), "");
}

TEST_F(FactsTest, NothingIsAcknowledgedWhileTheBrokerIsFrozen) {
  const std::string number = city.Fresh("PN");
  Push(Json::array({Enrolment(number, Day(30)), Attendance(number, Day(2))}));
  city.Signal("kafka", SIGSTOP);
  const Answer frozen = city.Post("/v1/facts", school, {{"facts", Json::array({Attendance(number, Day(1))})}});
  city.Signal("kafka", SIGCONT);
  EXPECT_EQ(frozen.status, 503) << frozen.text;
  EXPECT_TRUE(Eventually([&] {
    return city.Post("/v1/facts", school, {{"facts", Json::array({Attendance(number, Day(1))})}}).ok();
  }));
}

TEST_F(FactsTest, NumbersOfTheCacheGoOnWhileTheRegistryIsGone) {
  const std::string number = city.Fresh("PN");
  Push(Json::array({Enrolment(number, Day(30)), Attendance(number, Day(3))}));
  city.Kill9("registry");
  const Json answer = Push(Json::array({Attendance(number, Day(2)), Attendance(city.Fresh("PN"), Day(2))}));
  city.StartAll();
  EXPECT_EQ(answer.at("results").at(0).value("status", ""), "FACT_STATUS_ACCEPTED") << answer;
  EXPECT_EQ(answer.at("results").at(1).value("status", ""), "FACT_STATUS_HELD") << answer;
  // The door is told to wait a moment before it knocks again.
  EXPECT_TRUE(Eventually([&] { return city.Get("/v1/institutions/riga-school-001", city.Operator()).ok(); },
                         std::chrono::seconds(10)));
}

TEST_F(FactsTest, ARosterIsComparedWithWhatIsKnown) {
  const Caller other = Known("riga-school-002");
  const auto roster = [&](const std::string& day, const std::vector<std::string>& numbers) {
    Json pupils = Json::array();
    for (const std::string& number : numbers) pupils.push_back({{"pupil_number", number}, {"grade", 5}});
    return city.Post("/v1/rosters", other, {{"request_id", city.Fresh("roster")}, {"day", day}, {"pupils", pupils}});
  };
  const std::string first = city.Fresh("PN"), second = city.Fresh("PN"), third = city.Fresh("PN");
  EXPECT_EQ(roster(Day(2), {first, second}).body.value("started", 0), 2);
  const Answer next = roster(Day(1), {second, third});
  EXPECT_EQ(next.body.value("started", 0), 1) << next.text;
  EXPECT_EQ(next.body.value("ended", 0), 1);
  EXPECT_EQ(next.body.value("unchanged", 0), 1);
}

}  // namespace
}  // namespace tilts::e2e
