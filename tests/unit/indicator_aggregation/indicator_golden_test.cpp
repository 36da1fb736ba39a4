#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/concat.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "indicator_aggregation/domain/tally.hpp"
#include "testing/source_tree.hpp"

// tests/golden/indicators.txt: every indicator as it is defined, and what it counts of one sample of rows.
namespace tilts::indicator_aggregation {
namespace {

// Microseconds since 1970-01-01 UTC.
constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kRequested = 20'000 * 24 * kHour;
constexpr char kYear[] = "2025/26";
constexpr int kDay = 20'514;  // 2026-03-02
constexpr std::size_t kShownCategories = 8;

// Every code of an enum but UNSPECIFIED.
std::vector<int> CodesOf(const google::protobuf::EnumDescriptor* codes) {
  std::vector<int> numbers;
  for (int i = 0; i < codes->value_count(); ++i) {
    if (codes->value(i)->number() != 0) numbers.push_back(codes->value(i)->number());
  }
  return numbers;
}

// One row for each combination of codes that indicators ask about; learners are those of the grades.
class Sample {
 public:
  Sample() {
    Enrolments();
    Consultations();
    Decisions();
    Referrals();
  }
  const std::vector<Row>& rows() const { return rows_; }

 private:
  void Add(RowKind kind, const std::string& learner, const Codes& codes, int to_day = 0) {
    rows_.push_back(
        {core::Concat("r", rows_.size()), 1, false, kind, kDay, to_day, learner, "school", "city", kYear, codes});
  }
  // Grades 1 to 9 basic, 10 to 12 secondary, and grades 10 to 12 once more by distance; one learner a reason to leave.
  void Enrolments() {
    for (int grade = 1; grade <= 15; ++grade) {
      Codes codes;
      codes.stage = grade > 12  ? codes::v1::EDUCATION_STAGE_DISTANCE
                    : grade > 9 ? codes::v1::EDUCATION_STAGE_SECONDARY
                                : codes::v1::EDUCATION_STAGE_BASIC;
      codes.grade = grade > 12 ? grade - 3 : grade;
      Add(RowKind::kEnrolment, core::Concat("stays-", grade), codes);
      codes.end_reason = grade % 7 + 1;
      Add(RowKind::kEnrolment, core::Concat("leaves-", grade), codes, kDay + 9);
      codes.end_reason = 0;
      codes.measure = grade % 6 + 1;
      Add(RowKind::kSupportMeasure, core::Concat("stays-", grade), codes);
    }
  }
  void Consultations() {
    int learner = 0;
    for (const int specialist : CodesOf(codes::v1::Specialist_descriptor())) {
      for (const int reason : CodesOf(codes::v1::ConsultationReason_descriptor())) {
        Codes codes;
        codes.specialist = specialist;
        codes.reasons = {reason};
        codes.mode = learner % 2 + 1;
        codes.grade = learner % 12 + 1;
        codes.stage = codes.grade > 9 ? codes::v1::EDUCATION_STAGE_SECONDARY : codes::v1::EDUCATION_STAGE_BASIC;
        Add(RowKind::kConsultation, core::Concat("advised-", learner % 12), codes);
        ++learner;
      }
    }
  }
  void Decisions() {
    for (const int decision : CodesOf(codes::v1::TierDecision_descriptor())) {
      Codes codes;
      codes.decision = decision;
      Add(RowKind::kTierDecision, "stays-1", codes);
    }
    for (int semester = 1; semester <= 2; ++semester) {
      Codes codes;
      codes.semester = semester;
      Add(RowKind::kLimit, "stays-8", codes);
    }
    Add(RowKind::kCase, "", {});
  }
  void Referrals() {
    for (const int kind : CodesOf(codes::v1::InstitutionKind_descriptor())) {
      Codes codes;
      codes.institution_kind = kind;
      Add(RowKind::kInvolvement, "", codes);
      std::int64_t nth = 0;
      for (const int mark : {kMarkAct | kMarkAnsweredInTime, kMarkAct | kMarkAnsweredLate, kMarkAct | kMarkExpired,
                             kMarkAct | kMarkReRouted, 0}) {
        codes.marks = mark;
        ++nth;
        codes.times = {kRequested, kRequested + nth * kHour, kRequested + 10 * nth * kHour,
                       kRequested + 10 * nth * 24 * kHour};
        codes.referral_state = mark == 0 ? codes::v1::REFERRAL_STATE_RECEIVED : codes::v1::REFERRAL_STATE_COMPLETED;
        Add(RowKind::kReferral, "", codes);
      }
    }
    for (const int reason : CodesOf(codes::v1::RejectReason_descriptor())) {
      Codes codes;
      codes.institution_kind = codes::v1::INSTITUTION_KIND_NGO;
      codes.reject_reason = reason;
      codes.referral_state = codes::v1::REFERRAL_STATE_REJECTED;
      codes.marks = kMarkAct;
      Add(RowKind::kReferral, "", codes);
    }
  }

  std::vector<Row> rows_;
};

// "  total 12/30", then the categories, the first few by name.
std::string ValuesIn(const std::map<Cell, Numbers>& values, const std::string& id) {
  std::string text;
  std::size_t categories = 0;
  for (const auto& [cell, numbers] : values) {
    if (cell.indicator_id != id || !cell.institution_id.empty() || cell.school_year != kYear) continue;
    if (!cell.category.empty() && ++categories > kShownCategories) continue;
    text += core::Concat("  ", cell.category.empty() ? "total" : cell.category, " ", numbers.numerator);
    text += numbers.denominator == 0 ? "\n" : core::Concat("/", numbers.denominator, "\n");
  }
  if (categories > kShownCategories)
    text += core::Concat("  and ", categories - kShownCategories, " categories more\n");
  return text.empty() ? "  nothing of the sample\n" : text;
}

std::string Rendered(const DefinitionBook& book) {
  Tally tally;
  const Sample sample;
  Count(book.definitions, sample.rows(), kYear, 1, tally);
  const auto values = ValuesOf(tally);
  std::map<std::string, std::string> blocks;
  for (const indicators::v1::Definition& each : book.contracts) {
    std::string text = core::Concat(each.indicator_id(), " ", each.version(), ": ", each.title_en(), " [",
                                    each.source(), "] ", indicators::v1::Unit_Name(each.unit()),
                                    each.disaggregation().empty() ? "" : " by " + each.disaggregation(), "\n");
    if (each.has_numerator()) {
      text += "  counts " + each.numerator().ShortDebugString() + "\n";
      if (each.has_denominator()) text += "  among " + each.denominator().ShortDebugString() + "\n";
      text += ValuesIn(values, each.indicator_id());
    }
    blocks[each.indicator_id()] = text;
  }
  std::string all =
      core::Concat("# Written by IndicatorGoldenTest with TILTS_GOLDEN=write, read by people before it is ",
                   "committed.\n# The numbers are what each counts of the sample in that test.\n");
  for (const auto& [id, block] : blocks) all += block;
  return all;
}

TEST(IndicatorGoldenTest, EveryIndicatorCountsWhatTheTableSays) {
  const auto book = ReadDefinitions(testing::SourceTree() + "/services/indicator_aggregation/data");
  ASSERT_TRUE(book.has_value()) << book.error().message;
  const std::string path = testing::SourceTree() + "/tests/golden/indicators.txt";
  std::stringstream golden;
  golden << std::ifstream(path).rdbuf();
  const char* mode = std::getenv("TILTS_GOLDEN");
  if (mode != nullptr && mode == std::string("write")) {
    std::ofstream(path) << Rendered(*book);
  } else {
    EXPECT_EQ(Rendered(*book), golden.str())
        << "an indicator is another than tests/golden/indicators.txt says; if that is meant, run this test with "
           "TILTS_GOLDEN=write and read the difference";
  }
}

}  // namespace
}  // namespace tilts::indicator_aggregation
