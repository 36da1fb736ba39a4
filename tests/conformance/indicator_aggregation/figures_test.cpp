#include <gmock/gmock.h>

#include "fixture.hpp"
#include "indicator_aggregation/adapters/official_figures.hpp"

namespace tilts::indicator_aggregation {
namespace {

using indicators::v1::Value;
constexpr char kFolder[] = TILTS_SOURCE_DIR "/services/indicator_aggregation/data/official";

class FiguresTest : public IndicatorTest {
 protected:
  core::Result<indicators::v1::GetIndicatorResponse> Get(City& city, const rpc::CallContext& call,
                                                         const std::string& institution = "",
                                                         const std::string& year = "2025/26") {
    indicators::v1::GetIndicatorRequest request;
    request.set_indicator_id("consultations-by-specialist-reason");
    request.set_institution_id(institution);
    request.set_school_year(year);
    return MethodsOf(city).Get(call, request);
  }
  static const Value* Find(const indicators::v1::GetIndicatorResponse& answer, const std::string& category) {
    for (const Value& value : answer.values())
      if (value.category() == category) return &value;
    return nullptr;
  }
  void Consult(City& city, const std::string& institution, codes::v1::ConsultationReason reason, int count) {
    std::vector<events::Draft> drafts;
    for (int i = 0; i < count; ++i) {
      const std::string name =
          std::to_string(static_cast<int>(reason)) + "-" + std::to_string(i) + institution.substr(6);
      drafts.push_back(Consultation(name, "learner-" + std::to_string(i), {reason}, 1, false, institution));
    }
    ASSERT_TRUE(Feed(city, drafts));
  }
  core::Status LoadFiles(City& city) {
    const auto files = ReadDataFiles(kFolder).value();
    return city.database->Transact(
        [&](postgres::UnitOfWork& unit) { return OfficialFigures::LoadFiles(unit, *book_, files); });
  }
};

TEST_F(FiguresTest, SmallCellsAndTheirCompanionsAreLeftOut) {
  const auto city = NewCity("a");
  Consult(*city, "school-1", codes::v1::CONSULTATION_REASON_BEHAVIOUR, 2);
  Consult(*city, "school-1", codes::v1::CONSULTATION_REASON_VIOLENCE, 9);
  Consult(*city, "school-1", codes::v1::CONSULTATION_REASON_CONFLICT, 30);
  const auto answer = Get(*city, CallBy("riga-iksd"), "school-1").value();
  const Value* small = Find(answer, "SOCIAL_PEDAGOGUE/BEHAVIOUR");
  ASSERT_NE(small, nullptr);
  EXPECT_TRUE(small->suppressed());
  EXPECT_EQ(small->numerator(), 0U);
  EXPECT_EQ(small->value(), 0);
  EXPECT_TRUE(Find(answer, "SOCIAL_PEDAGOGUE/VIOLENCE")->suppressed()) << "else the total gives the small one away";
  EXPECT_FALSE(Find(answer, "SOCIAL_PEDAGOGUE/CONFLICT")->suppressed());
  EXPECT_EQ(Find(answer, "")->numerator(), 41U);
  const auto own = Get(*city, CallBy("school-1"), "school-1").value();
  EXPECT_EQ(Find(own, "SOCIAL_PEDAGOGUE/BEHAVIOUR")->numerator(), 2U) << "its own figures are its own";
}

TEST_F(FiguresTest, AFrozenYearTakesLateFactsAndKeepsItsFigures) {
  const auto city = NewCity("a");
  Consult(*city, "school-1", codes::v1::CONSULTATION_REASON_CONFLICT, 30);
  Consult(*city, "school-1", codes::v1::CONSULTATION_REASON_VIOLENCE, 20);
  ASSERT_TRUE(Feed(*city, {Closed(kMonday)}));
  const auto runs_it = CallBy("tilts-operator", auth::Principal::Kind::kOperator);
  indicators::v1::FreezeYearRequest request;
  request.set_request_id("one");
  request.set_school_year("2025/26");
  EXPECT_EQ(MethodsOf(*city).Freeze(runs_it, request).error().reason, "YEAR_OPEN");
  ASSERT_TRUE(Feed(*city, {Closed(kMonday + 200)}));
  EXPECT_EQ(MethodsOf(*city).Freeze(CallBy("riga-iksd"), request).error().reason, "NOT_THE_OPERATOR");
  const auto frozen = MethodsOf(*city).Freeze(runs_it, request);
  ASSERT_TRUE(frozen.has_value()) << frozen.error().message;
  EXPECT_EQ(frozen->values(), 2U * 2 * 3) << "records and learners, here and in the city, two reasons and their total";
  EXPECT_EQ(MethodsOf(*city).Freeze(runs_it, request)->values(), frozen->values()) << "asked again";
  request.set_request_id("two");
  EXPECT_EQ(MethodsOf(*city).Freeze(runs_it, request).error().reason, "YEAR_FROZEN");

  Consult(*city, "school-2", codes::v1::CONSULTATION_REASON_CONFLICT, 9);
  EXPECT_EQ(ValueOf(*city, "consultations-by-specialist-reason"), "59/0") << "accepted and counted";
  const auto answer = Get(*city, CallBy("school-1")).value();
  EXPECT_EQ(Find(answer, "")->numerator(), 50U);
  EXPECT_TRUE(Find(answer, "")->frozen());
  EXPECT_TRUE(Find(answer, "")->late_facts());
  EXPECT_FALSE(Find(answer, "SOCIAL_PEDAGOGUE/VIOLENCE")->late_facts());
  EXPECT_EQ(Stored(*city), Recounted(*city)) << "what is derived from the log stays so";
}

TEST_F(FiguresTest, OtherInstitutionsCellsAreForTheAuthorityOnly) {
  const auto city = NewCity("a");
  Consult(*city, "school-2", codes::v1::CONSULTATION_REASON_CONFLICT, 30);
  const auto denied = Get(*city, CallBy("school-1"), "school-2");
  ASSERT_FALSE(denied.has_value());
  EXPECT_EQ(denied.error().reason, "INSTITUTION_NOT_YOURS");
  EXPECT_EQ(Get(*city, CallBy("riga-iksd"), "school-2")->values_size(), 2);
  EXPECT_EQ(Get(*city, CallBy("tilts-operator", auth::Principal::Kind::kOperator), "school-2")->values_size(), 2);
  EXPECT_EQ(Get(*city, CallBy("school-1"))->values_size(), 2) << "the municipality's are everybody's";
}

TEST_F(FiguresTest, OfficialFiguresStandBesideAndAreLoadedOnce) {
  const auto city = NewCity("a");
  ASSERT_TRUE(LoadFiles(*city));
  EXPECT_EQ(Sql(*city,
                "SELECT sum(value) FROM official_figure WHERE indicator_id = 'involvements-by-kind' AND "
                "school_year = '2021/22'"),
            "6710");
  EXPECT_EQ(Sql(*city,
                "SELECT sum(value) FROM official_figure WHERE indicator_id = 'involvements-by-kind' AND "
                "school_year = '2022/23'"),
            "5956");
  EXPECT_EQ(Sql(*city, "SELECT value FROM official_figure WHERE indicator_id = 'early-leavers-distance'"), "67");
  ASSERT_TRUE(Feed(*city, {Sent("r1", "case-1", codes::v1::INSTITUTION_KIND_NGO)}));
  indicators::v1::ExportIndicatorsRequest request;
  request.set_format("csv");
  const auto csv = MethodsOf(*city).Export(CallBy("school-1"), request);
  ASSERT_TRUE(csv.has_value());
  EXPECT_THAT(csv->csv(), ::testing::HasSubstr(
                              "involvements-by-kind,1,2022/23,LV-RIX,,NGO,,,,false,false,185,\"Plan, table 2.2\"\r\n"));
  EXPECT_THAT(csv->csv(), ::testing::HasSubstr("involvements-by-kind,1,2025/26,LV-RIX,,NGO,,,,true,true,,\r\n"));
  EXPECT_EQ(csv->as_of().digest().size(), 64U);
  EXPECT_EQ(csv->as_of().watermark(), "tilts.referrals.pmp.v1=1");
}

TEST_F(FiguresTest, AnotherValueIsARestatementAndTheFileDoesNotComeBack) {
  const auto city = NewCity("a");
  ASSERT_TRUE(LoadFiles(*city));
  indicators::v1::ImportOfficialFiguresRequest request;
  request.set_request_id("import-1");
  auto& figure = *request.add_figures();
  figure.set_indicator_id("involvements-by-kind");
  figure.set_school_year("2022/23");
  figure.set_municipality(kCity);
  figure.set_category("NGO");
  figure.set_value(190);
  figure.set_source("Annual report 2023");
  const auto methods = MethodsOf(*city);
  const auto denied = methods.Import(CallBy("school-1"), request);
  ASSERT_FALSE(denied.has_value());
  EXPECT_EQ(denied.error().reason, "NOT_THE_AUTHORITY");
  for (int again = 0; again < 2; ++again) {
    const auto answer = methods.Import(CallBy("riga-iksd"), request);
    ASSERT_TRUE(answer.has_value()) << answer.error().reason;
    EXPECT_EQ(answer->restated(), 1U);
    EXPECT_EQ(answer->added(), 0U);
  }
  EXPECT_EQ(Sql(*city, "SELECT value || ' ' || source FROM official_figure_history"), "185 Plan, table 2.2");
  EXPECT_EQ(Sql(*city, "SELECT count(*) FROM official_figure_history"), "1");
  ASSERT_TRUE(LoadFiles(*city));
  EXPECT_EQ(Sql(*city, "SELECT value FROM official_figure WHERE category = 'NGO' AND school_year = '2022/23'"), "190");
  figure.set_category("NOBODY");
  request.set_request_id("import-2");
  const auto wrong = methods.Import(CallBy("riga-iksd"), request);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().violations.at(0).field, "figures[0].category");
}

}  // namespace
}  // namespace tilts::indicator_aggregation
