#include "registry/domain/institution.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tilts::registry {
namespace {

using core::Errc;

core::CityTime At(const char* text) {
  return core::ParseRfc3339(text).value();
}

Institution Sample() {
  Institution institution;
  institution.institution_id = "riga-rsd";
  institution.kind = InstitutionKind{3};
  institution.name_lv = "Rīgas Sociālais dienests";
  institution.name_en = "Riga Social Service";
  institution.municipality = "LV-RIX";
  institution.territory = {"LV-RIX"};
  institution.units = {{"riga-rsd-1", "Centrs 1", {"LV-RIX"}}};
  institution.calendar_id = "municipal";
  institution.duty_hours = {{1, 480, 720}, {1, 780, 1020}, {2, 480, 1020}};
  institution.valid_from = At("2020-01-01T00:00:00Z");
  institution.version = 4;
  return institution;
}

Surroundings Known() {
  return {{"riga-rsd", "bac", "vbtai"}, {"municipal", "state"}, {{"vbtai", "bac"}}};
}

std::vector<std::string> FaultsOf(const Institution& institution) {
  std::vector<std::string> faults;
  const core::Status status = Validate(institution, Known());
  if (status) return faults;
  for (const core::Violation& violation : status.error().violations) {
    faults.push_back(violation.field + " " + violation.code);
  }
  return faults;
}

template <typename Change>
std::vector<std::string> FaultsAfter(Change change) {
  Institution institution = Sample();
  change(institution);
  return FaultsOf(institution);
}

using Faults = std::vector<std::string>;

TEST(InstitutionTest, SampleIsValid) {
  EXPECT_EQ(FaultsOf(Sample()), Faults{});
}

TEST(InstitutionTest, NamesEveryWrongFieldAtOnce) {
  const Faults faults = FaultsOf(Institution{});
  for (const char* field :
       {"institution_id", "kind", "name_lv", "name_en", "municipality", "valid_from", "calendar_id"}) {
    EXPECT_TRUE(std::ranges::any_of(faults, [&](const std::string& f) { return f.starts_with(field); })) << field;
  }
}

TEST(InstitutionTest, RefusedWhenHoursOverlapOrLeaveTheDay) {
  EXPECT_EQ(FaultsAfter([](Institution& i) {
              i.duty_hours = {{1, 480, 720}, {1, 700, 1020}};
            }),
            Faults{"duty_hours[1] HOURS_ORDER"});
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.duty_hours = {{1, 480, 1441}}; }), Faults{"duty_hours[0] HOURS_ORDER"});
  EXPECT_EQ(FaultsAfter([](Institution& i) {
              i.duty_hours = {{8, 480, 720}};
            }),
            Faults{"duty_hours[0].weekday WEEKDAY"});
}

TEST(InstitutionTest, RefusedWhenAUnitIsGivenTwice) {
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.units.push_back(i.units[0]); }), Faults{"units[1].unit_id TWICE"});
}

TEST(InstitutionTest, RefusedWhenAReferenceIsUnknown) {
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.supervisor_id = "nobody"; }),
            Faults{"supervisor_id INSTITUTION_UNKNOWN"});
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.supervisor_id = "riga-rsd"; }), Faults{"supervisor_id SUPERVISOR_SELF"});
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.calendar_id = "moon"; }), Faults{"calendar_id CALENDAR_UNKNOWN"});
}

TEST(InstitutionTest, SuccessorNeedsAnEndAndMakesNoCircle) {
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.successor_id = "bac"; }), Faults{"valid_to VALIDITY"});
  Institution circle = Sample();
  circle.institution_id = "bac";
  circle.successor_id = "vbtai";
  circle.valid_to = At("2030-01-01T00:00:00Z");
  EXPECT_EQ(FaultsOf(circle), Faults{"successor_id SUCCESSOR_CYCLE"});
  EXPECT_EQ(FaultsAfter([](Institution& i) { i.valid_to = i.valid_from; }), Faults{"valid_to VALIDITY"});
}

const Actor kOperator{true, "tilts-operator"};
const Actor kItself{false, "riga-rsd"};

TEST(DecidePutTest, OperatorCreatesWithVersionOneAndRaisesItAfterwards) {
  Institution wanted = Sample();
  wanted.version = 0;
  EXPECT_EQ(DecidePut(std::nullopt, wanted, kOperator, Known())->version, 1U);
  EXPECT_EQ(DecidePut(Sample(), Sample(), kOperator, Known())->version, 5U);
}

TEST(DecidePutTest, ConflictWhenTheVersionIsNotTheStoredOne) {
  Institution stale = Sample();
  stale.version = 3;
  EXPECT_EQ(DecidePut(Sample(), stale, kOperator, Known()).error().reason, "INSTITUTION_VERSION");
  EXPECT_EQ(DecidePut(std::nullopt, Sample(), kOperator, Known()).error().code, Errc::kConflict);
}

TEST(DecidePutTest, InstitutionChangesItsCapacityHoursAndUnitsOnly) {
  Institution wanted = Sample();
  wanted.at_capacity = true;
  wanted.duty_hours.clear();
  wanted.units.push_back({"riga-rsd-2", "Centrs 2", {}});
  ASSERT_TRUE(DecidePut(Sample(), wanted, kItself, Known()));
  wanted.territory.push_back("LV-JUR");
  EXPECT_EQ(DecidePut(Sample(), wanted, kItself, Known()).error().reason, "FIELD_NOT_YOURS");
}

TEST(DecidePutTest, DeniedWhenItIsSomebodyElseOrNew) {
  const Actor other{false, "bac"};
  EXPECT_EQ(DecidePut(Sample(), Sample(), other, Known()).error().reason, "INSTITUTION_NOT_YOURS");
  Institution created = Sample();
  created.version = 0;
  EXPECT_EQ(DecidePut(std::nullopt, created, kItself, Known()).error().code, Errc::kDenied);
}

}  // namespace
}  // namespace tilts::registry
