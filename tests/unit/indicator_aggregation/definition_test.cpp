#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "indicator_aggregation/app/definition_file.hpp"
#include "indicator_aggregation/app/official_check.hpp"
#include "testing/source_tree.hpp"

namespace tilts::indicator_aggregation {
namespace {

const std::string kData = testing::SourceTree() + "/services/indicator_aggregation/data";

// One definition with `parts` in place of its numerator and what follows.
core::Result<DefinitionBook> With(const std::string& parts, const std::string& head = R"("version": 1, )") {
  return ParseDefinitions({R"({"version": "1", "source": "test", "definitions": [{"indicator_id": "one", )" + head +
                           R"("title_lv": "viens", "title_en": "one", "source": "test", )" + parts + "}]}"});
}

void ExpectRefused(const core::Result<DefinitionBook>& read, const std::string& field) {
  ASSERT_FALSE(read.has_value()) << field;
  ASSERT_FALSE(read.error().violations.empty()) << read.error().message;
  EXPECT_EQ(read.error().violations.front().field, field);
}

constexpr char kCount[] = R"("unit": "UNIT_COUNT", )";
constexpr char kShare[] = R"("unit": "UNIT_PER_MILLE", )";
constexpr char kEnrolled[] = R"({"rows": "ROW_KIND_ENROLMENT", "counting": "COUNTING_DISTINCT_LEARNERS"})";

TEST(DefinitionTest, DataFolderIsValid) {
  const auto book = ReadDefinitions(kData);
  ASSERT_TRUE(book.has_value()) << book.error().message;
  EXPECT_EQ(book->hash.size(), 64U);
  EXPECT_EQ(book->Contract("early-leavers-basic")->targets(0).comparison(), "<");
  const auto files = ReadDataFiles(kData + "/official");
  ASSERT_TRUE(files.has_value());
  for (const DataFile& file : *files) EXPECT_TRUE(ParseOfficialFile(*book, file.text)) << file.name;
}

TEST(DefinitionTest, ContradictionsAreRefusedWithTheirPlace) {
  EXPECT_TRUE(With(std::string(kCount) + R"("numerator": )" + kEnrolled));
  ExpectRefused(With(std::string(kCount) + R"("numerator": )" + kEnrolled, ""), "definitions[0].version");
  ExpectRefused(With(R"("numerator": )" + std::string(kEnrolled)), "definitions[0].unit");
  ExpectRefused(With(std::string(kShare) + R"("numerator": )" + kEnrolled), "definitions[0].denominator");
  ExpectRefused(With(std::string(kCount) + R"("numerator": )" + kEnrolled + R"(, "denominator": )" + kEnrolled),
                "definitions[0].denominator");
  ExpectRefused(With(std::string(kShare) + R"("denominator": )" + kEnrolled), "definitions[0].numerator");
  ExpectRefused(
      With(std::string(kCount) + R"("numerator": {"rows": "ROW_KIND_ATTENDANCE", "counting": "COUNTING_RECORDS"})"),
      "definitions[0].numerator.rows");
  ExpectRefused(With(std::string(kCount) +
                     R"("numerator": {"rows": "ROW_KIND_INVOLVEMENT", "counting": "COUNTING_DISTINCT_LEARNERS"})"),
                "definitions[0].numerator.counting");
  ExpectRefused(
      With(
          std::string(kCount) +
          R"("numerator": {"rows": "ROW_KIND_ENROLMENT", "counting": "COUNTING_RECORDS", "filter": {"reasons": ["CONSULTATION_REASON_VIOLENCE"]}})"),
      "definitions[0].numerator.filter");
  ExpectRefused(With(std::string(kCount) + R"("disaggregation": "specialist", "numerator": )" + kEnrolled),
                "definitions[0].numerator.rows");
  ExpectRefused(With(std::string(kCount) + R"("disaggregation": "weather", "numerator": )" + kEnrolled),
                "definitions[0].disaggregation");
  ExpectRefused(
      With(
          std::string(kCount) +
          R"("numerator": {"rows": "ROW_KIND_REFERRAL", "counting": "COUNTING_RECORDS", "filter": {"marks": ["late"]}})"),
      "definitions[0].numerator.filter.marks");
  ExpectRefused(With(std::string(kCount) + R"("targets": [{"year": 2026, "comparison": "=>", "value": 1}])"),
                "definitions[0].targets");
}

TEST(DefinitionTest, UnknownCodeAndSecondIdAreRefused) {
  const auto unknown = With(
      std::string(kCount) +
      R"("numerator": {"rows": "ROW_KIND_ENROLMENT", "counting": "COUNTING_RECORDS", "filter": {"stages": ["EDUCATION_STAGE_NURSERY"]}})");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, core::Errc::kInvalid);
  const std::string one =
      R"({"version": "1", "definitions": [{"indicator_id": "one", "version": 1, "title_lv": "viens", "title_en": "one", "source": "test", "unit": "UNIT_COUNT"}]})";
  ExpectRefused(ParseDefinitions({one, one}), "definitions[1].indicator_id");
  EXPECT_FALSE(ParseDefinitions({}).has_value());
}

TEST(DefinitionTest, AFaultIsNamedByItsFileAndCountedWithinIt) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "faulty-definitions";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::copy(kData + "/definitions", folder / "definitions", std::filesystem::copy_options::recursive);
  std::ofstream(folder / "definitions" / "late.json")
      << R"({"version": "1", "definitions": [{"indicator_id": "late", "version": 1}]})";
  const auto read = ReadDefinitions(folder.string());
  std::filesystem::remove_all(folder);
  ExpectRefused(read, "definitions[0]");
  EXPECT_TRUE(read.error().message.starts_with("definitions/late.json: ")) << read.error().message;
}

TEST(DefinitionTest, OfficialFiguresAreCheckedFieldByField) {
  const auto book = ReadDefinitions(kData).value();
  indicators::v1::OfficialFigure figure;
  figure.set_indicator_id("involvements-by-kind");
  figure.set_school_year("2023");
  figure.set_municipality("LV-RIX");
  figure.set_category("NGO");
  figure.set_value(1);
  figure.set_source("report");
  EXPECT_TRUE(CheckFigures(book, {figure}));
  figure.set_category("VIOLENCE");
  figure.set_school_year("2023-24");
  figure.set_value(-1);
  figure.set_published_on("yesterday");
  const auto wrong = CheckFigures(book, {figure});
  ASSERT_FALSE(wrong.has_value());
  std::set<std::string> fields;
  for (const auto& violation : wrong.error().violations) fields.insert(violation.field);
  EXPECT_EQ(fields, (std::set<std::string>{"figures[0].category", "figures[0].school_year", "figures[0].value",
                                           "figures[0].published_on"}));
}

}  // namespace
}  // namespace tilts::indicator_aggregation
