#include "registry/adapters/data_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "registry/app/seed.hpp"

namespace tilts::registry {
namespace {

const std::string kData = std::string(TILTS_SOURCE_DIR) + "/services/registry/data";

std::map<std::string, Institution> Shipped() {
  const auto calendars = LoadCalendars(kData + "/calendars");
  const auto seed = LoadSeed(kData, calendars.value());
  EXPECT_TRUE(seed) << seed.error().message;
  std::map<std::string, Institution> by_id;
  for (const Institution& institution : *seed) by_id[institution.institution_id] = institution;
  return by_id;
}

TEST(DataFilesTest, ShippedCalendarsAreServedByTheirIds) {
  const auto calendars = LoadCalendars(kData + "/calendars");
  ASSERT_TRUE(calendars) << calendars.error().message;
  ASSERT_EQ(calendars->size(), 3U);
  EXPECT_EQ((*calendars)[0].calendar_id, "municipal");
  EXPECT_EQ((*calendars)[2].calendar_id, "state");
}

TEST(DataFilesTest, ShippedSeedHasEveryKindAndAllSchools) {
  const auto seed = Shipped();
  std::map<int, int> of_kind;
  for (const auto& [id, institution] : seed) ++of_kind[static_cast<int>(institution.kind)];
  EXPECT_EQ(of_kind[20], 101);
  for (int kind = 1; kind <= 11; ++kind) EXPECT_GE(of_kind[kind], 1) << kind;
  for (int kind = 21; kind <= 27; ++kind) EXPECT_GE(of_kind[kind], 1) << kind;
  EXPECT_TRUE(seed.at("municipality-jurmala").external);
}

TEST(DataFilesTest, InspectorateHandsOverToTheCentreWithoutAGap) {
  const auto seed = Shipped();
  const Institution& inspectorate = seed.at("vbtai");
  EXPECT_EQ(inspectorate.successor_id, "bac");
  EXPECT_EQ(inspectorate.valid_to, seed.at("bac").valid_from);
  // 1 January 2024 in Riga.
  EXPECT_EQ(core::FormatRfc3339(*inspectorate.valid_to), "2023-12-31T22:00:00Z");
}

TEST(DataFilesTest, SeedIsRefusedWithTheInstitutionAndField) {
  const auto refused = [](const std::string& institutions) {
    const auto seed =
        ParseSeed(R"({"version": "1", "source": "test", "institutions": [)" + institutions + "]}", {"municipal"});
    return seed ? std::string("accepted") : seed.error().message;
  };
  const std::string right = R"({"institution_id": "a", "kind": "INSTITUTION_KIND_NGO", "name_lv": "A", "name_en": "A",
    "municipality": "LV-RIX", "calendar_id": "municipal", "valid_from": "2020-01-01T00:00:00Z"})";
  EXPECT_EQ(refused(right), "accepted");
  EXPECT_NE(refused(right + "," + right).find("twice: a"), std::string::npos);
  std::string wrong = right;
  wrong.replace(wrong.find("municipal\""), 10, "lunar\"");
  EXPECT_NE(refused(wrong).find("a.calendar_id CALENDAR_UNKNOWN"), std::string::npos);
  EXPECT_FALSE(ParseSeed(R"({"institutions": []})", {}));
  EXPECT_FALSE(ParseSeed("[]", {}));
}

TEST(DataFilesTest, CalendarsAreRefusedWhenMissingBrokenOrTwice) {
  const std::string folder = ::testing::TempDir() + "tilts_calendars";
  std::filesystem::remove_all(folder);
  EXPECT_EQ(LoadCalendars(folder).error().reason, "DATA_FILE");
  std::filesystem::create_directories(folder);
  EXPECT_EQ(LoadCalendars(folder).error().reason, "DATA_FILE");
  for (const char* name : {"/one.json", "/two.json"}) {
    std::filesystem::copy_file(kData + "/calendars/state.json", folder + name);
  }
  EXPECT_EQ(LoadCalendars(folder).error().reason, "CALENDAR_TWICE");
  std::ofstream(folder + "/two.json") << "{}";
  EXPECT_NE(LoadCalendars(folder).error().message.find("two.json"), std::string::npos);
}

TEST(ContractOperationsTest, AreThoseOfTheAccessOptions) {
  const auto operations = ContractOperations();
  EXPECT_TRUE(operations.contains("registry.write"));
  EXPECT_TRUE(operations.contains("person.erase"));
  EXPECT_FALSE(operations.contains(""));
}

}  // namespace
}  // namespace tilts::registry
