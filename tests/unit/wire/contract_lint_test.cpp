#include "wire/contract_lint.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;

// The fixture as the compiler left it: not linked in, so that it breaks no build.
class ContractLintTest : public testing::Test {
 protected:
  std::vector<std::string> FaultsOf(const std::string& file_name) {
    const pb::FileDescriptor* file = pool_.FindFileByName(file_name);
    std::vector<std::string> faults;
    if (file == nullptr) return faults;
    for (const auto& fault : LintContracts({file})) faults.push_back(fault.rule + " " + fault.where);
    return faults;
  }

  void SetUp() override {
    std::ifstream input(TILTS_BROKEN_CONTRACT, std::ios::binary);
    pb::FileDescriptorSet set;
    ASSERT_TRUE(set.ParseFromIstream(&input));
    ASSERT_NE(pool_.BuildFile(set.file(0)), nullptr);
  }

 private:
  pb::DescriptorPool pool_{pb::DescriptorPool::generated_pool()};
};

TEST_F(ContractLintTest, NamesEveryBrokenRule) {
  EXPECT_THAT(
      FaultsOf("broken_contract.proto"),
      testing::UnorderedElementsAre(
          "METHOD_ACCESS tilts.broken.v1.BrokenService.NoAccess", "METHOD_AUDIT tilts.broken.v1.BrokenService.NoAudit",
          "METHOD_ACCESS tilts.broken.v1.BrokenService.NobodyMay", "FIELD_CLASS tilts.broken.v1.Plain.no_class",
          "FIELD_CLASS tilts.broken.v1.Plain.no_class_at", "FIELD_CLASS tilts.broken.v1.Plain.no_class_map",
          "FIELD_CLASS tilts.broken.v1.Plain.Nested.no_class_inside", "EVENT_TOPIC tilts.broken.v1.NoTopic",
          "EVENT_TOPIC tilts.broken.v1.UnknownTopic", "EVENT_KEY tilts.broken.v1.NoKey",
          "EVENT_KEY tilts.broken.v1.NumberKey", "EVENT_KEY tilts.broken.v1.ConcernKey.concern",
          "EVENT_CLASS tilts.broken.v1.Leaky.description", "EVENT_CLASS tilts.broken.v1.Deep.name",
          "EVENT_CLASS tilts.broken.v1.DeepInMap.reporter", "EVENT_CLASS tilts.broken.v1.DeepInMap.token"));
}

TEST_F(ContractLintTest, FindsTheOneFieldWithoutAClass) {
  EXPECT_THAT(FaultsOf("wire_fixtures.proto"),
              testing::ElementsAre("FIELD_CLASS tilts.fixtures.v1.Everything.unclassed"));
}

TEST_F(ContractLintTest, FindsNothingInTheContractsOfTheHouse) {
  std::vector<const pb::FileDescriptor*> house;
  for (const pb::FileDescriptor* file : LinkedContracts()) {
    if (file->package() != "tilts.fixtures.v1") house.push_back(file);
  }
  EXPECT_GT(house.size(), 10u);
  EXPECT_THAT(LintContracts(house), testing::IsEmpty());
}

}  // namespace
}  // namespace tilts::wire
