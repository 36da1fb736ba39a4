// Erasing a person makes sealed text unreadable and changes no count; the audit log betrays whoever edits it.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "load.hpp"

namespace tilts::e2e {
namespace {

class PrivacyTest : public ::testing::Test {
 protected:
  City& city = City::Get();
  Caller school = city.For("riga-school-003");

  // Reports about a fresh child; returns the case as its coordinator sees it.
  Json OpenCase() {
    const std::size_t before = Cases().size();
    const Json report = DangerReport(city, city.Fresh("report"), school.institution, city.Fresh("child"));
    const Answer answer = city.Post("/v1/reports", school, report);
    EXPECT_TRUE(answer.ok()) << answer.text;
    EXPECT_TRUE(Eventually([&] { return Cases().size() == before + 1; }));
    return CaseFile(Cases().at(0).at("case_id"));
  }
  Json Cases() { return city.Get("/v1/cases?page_size=200", school).body.value("cases", Json::array()); }
  Json CaseFile(const std::string& id) { return city.Get("/v1/cases/" + id, school).body.value("case_file", Json()); }

  std::string Verify(int& status) {
    const std::string output =
        city.Tiltsctl("audit verify --witness " + city.run() + "/state/audit.witness --public-key " + city.run() +
                          "/secrets/audit-checkpoint.pub",
                      status);
    return output;
  }
};

TEST_F(PrivacyTest, ErasingAPersonMakesTheirTextUnreadableAndKeepsTheCounts) {
  const Json before = OpenCase();
  ASSERT_TRUE(absl::StrContains(before.dump(), "A synthetic report of the end-to-end tests.")) << before.dump(1);
  const std::size_t cases = Cases().size();
  const std::string person = before.at("people").at(0).at("person_id");
  const Answer erased = city.Post(absl::StrCat("/v1/persons/", person, ":erase"), city.Operator(),
                                  {{"request_id", city.Fresh("erase")}, {"legal_basis", "GDPR-17"}});
  ASSERT_TRUE(erased.ok()) << erased.text;
  const Json after = CaseFile(before.at("case_id"));
  EXPECT_FALSE(absl::StrContains(after.dump(), "A synthetic report of the end-to-end tests."));
  EXPECT_EQ(after.at("people").at(0).value("family_name", ""), "");
  EXPECT_EQ(after.at("state"), before.at("state"));
  EXPECT_EQ(Cases().size(), cases);
}

TEST_F(PrivacyTest, TheAuditLogNamesTheRecordThatWasTouched) {
  OpenCase();
  ASSERT_TRUE(city.WaitAtRest());
  int status = -1;
  // Signed within a checkpoint interval.
  ASSERT_TRUE(Eventually([&] {
    (void)Verify(status);
    return status == 0;
  })) << Verify(status);
  const std::string chain = city.Sql("SELECT chain_id FROM audit.chain ORDER BY head_sequence DESC LIMIT 1");
  const std::string where = absl::StrCat(" WHERE chain_id = '", chain, "' AND sequence = 2");
  city.Sql(absl::StrCat("CREATE TABLE audit.entry_kept AS SELECT * FROM audit.entry WHERE chain_id = '", chain, "'"));
  const auto put_back = [&] {
    city.Sql(absl::StrCat("DELETE FROM audit.entry WHERE chain_id = '", chain, "'"));
    city.Sql("INSERT INTO audit.entry SELECT * FROM audit.entry_kept");
  };
  const std::string last =
      absl::StrCat(" WHERE chain_id = '", chain,
                   "' AND sequence = (SELECT max(sequence) FROM audit.entry WHERE chain_id = '", chain, "')");
  const std::map<std::string, std::string> attacks{
      {"changed", "UPDATE audit.entry SET record = record || '\\x00'::bytea" + where},
      {"dropped", "DELETE FROM audit.entry" + where},
      {"swapped", absl::StrCat("UPDATE audit.entry SET sequence = -1", where,
                               "; UPDATE audit.entry SET sequence = 2 WHERE chain_id = '", chain,
                               "' AND sequence = 3; UPDATE audit.entry SET sequence = 3 WHERE sequence = -1")},
      {"truncated", "DELETE FROM audit.entry" + last}};
  for (const auto& [what, sql] : attacks) {
    city.Sql(sql);
    const std::string output = Verify(status);
    EXPECT_EQ(status, 1) << what << ": " << output;
    EXPECT_TRUE(absl::StrContains(output, chain)) << what << ": " << output;
    put_back();
  }
  city.Sql("DROP TABLE audit.entry_kept");
  (void)Verify(status);
  EXPECT_EQ(status, 0) << "put back, the log is intact again";
}

}  // namespace
}  // namespace tilts::e2e
