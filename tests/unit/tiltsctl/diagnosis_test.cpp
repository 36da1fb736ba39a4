#include "tiltsctl/app/diagnosis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace tilts::tiltsctl {
namespace {

using operations::v1::Diagnosis;
using operations::v1::GetStatusResponse;
using ::testing::HasSubstr;

GetStatusResponse Well() {
  GetStatusResponse status;
  status.set_ready(true);
  for (const char* store : {"postgres", "kafka"}) {
    auto& out = *status.add_stores();
    out.set_name(store);
    out.set_reachable(true);
  }
  return status;
}

void Consumes(GetStatusResponse& status, std::int64_t stored, std::int64_t end) {
  auto& consumer = *status.add_consumers();
  consumer.set_topic("tilts.cases.pmp.v1");
  consumer.set_partition(3);
  consumer.set_stored_offset(stored);
  consumer.set_end_offset(end);
  status.set_lag_records(static_cast<std::uint64_t>(end - stored));
}

std::vector<StatusAnswer> Round(const GetStatusResponse& status, const std::string& service = "audit") {
  return {{"registry", Well()}, {service, status}};
}

// The page exists and gives the command, with SERVICE for the service's name.
void ExpectPageGives(const operations::v1::Finding& finding, const std::string& service) {
  std::ifstream file(std::string(TILTS_SOURCE_DIR "/docs/runbooks/") + finding.runbook() + ".md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::string command = finding.next_command();
  if (const auto at = command.find(service); at != std::string::npos && page.find(command) == std::string::npos)
    command.replace(at, service.size(), "SERVICE");
  EXPECT_THAT(page, HasSubstr("## Safe next command\n\n```sh\n" + command + "\n```"));
}

void ExpectOnly(const Diagnosis& diagnosis, const std::string& hop, const std::string& runbook,
                const std::string& service = "audit") {
  EXPECT_FALSE(diagnosis.healthy());
  ASSERT_EQ(diagnosis.findings_size(), 1) << diagnosis.ShortDebugString();
  EXPECT_EQ(diagnosis.findings(0).hop(), hop);
  EXPECT_EQ(diagnosis.findings(0).runbook(), runbook);
  ExpectPageGives(diagnosis.findings(0), service);
}

TEST(DiagnosisTest, NothingWrongIsHealthy) {
  const auto round = Round(Well());
  EXPECT_FALSE(NeedsSecondLook(round));
  EXPECT_TRUE(Diagnose(round, round).healthy());
}

TEST(DiagnosisTest, WhatMovesIsNotStuck) {
  GetStatusResponse before = Well();
  Consumes(before, 5, 9);
  before.set_outbox_rows(2);
  before.mutable_oldest_outbox_at()->set_seconds(100);
  before.set_due_now(1);
  before.set_oldest_undone("referral/a");
  GetStatusResponse later = before;
  later.mutable_consumers(0)->set_stored_offset(6);
  later.mutable_oldest_outbox_at()->set_seconds(101);
  later.set_oldest_undone("referral/b");
  EXPECT_TRUE(NeedsSecondLook(Round(before)));
  EXPECT_TRUE(Diagnose(Round(before), Round(later)).healthy());
}

TEST(DiagnosisTest, APartitionThatStandsIsNamedWithItsOffset) {
  GetStatusResponse status = Well();
  Consumes(status, 5, 9);
  const Diagnosis diagnosis = Diagnose(Round(status), Round(status));
  ExpectOnly(diagnosis, "tilts.cases.pmp.v1 -> audit", "consumer-lag");
  EXPECT_EQ(diagnosis.findings(0).oldest(), "tilts.cases.pmp.v1/3 from offset 5");
}

TEST(DiagnosisTest, AnOutboxThatStandsIsNamed) {
  GetStatusResponse status = Well();
  status.set_outbox_rows(2);
  status.mutable_oldest_outbox_at()->set_seconds(100);
  ExpectOnly(Diagnose(Round(status), Round(status)), "outbox of audit", "outbox-stuck");
}

TEST(DiagnosisTest, ADueRungThatStandsIsNamed) {
  GetStatusResponse status = Well();
  status.set_due_now(1);
  status.set_oldest_undone("referral/a");
  const auto round = Round(status, "referral-routing");
  const Diagnosis diagnosis = Diagnose(round, round);
  ExpectOnly(diagnosis, "due work of referral-routing", "deadline-not-fired", "referral-routing");
  EXPECT_EQ(diagnosis.oldest_undone(), "referral/a");
}

TEST(DiagnosisTest, AStoreThatIsAwayHidesWhatFollowsFromIt) {
  GetStatusResponse status = Well();
  status.mutable_stores(1)->set_reachable(false);
  status.set_ready(false);
  status.set_outbox_rows(2);
  Consumes(status, 5, 9);
  const Diagnosis diagnosis = Diagnose(Round(status), Round(status));
  ExpectOnly(diagnosis, "kafka", "store-unreachable");
  EXPECT_EQ(diagnosis.findings(0).what(), "does not answer audit");
}

TEST(DiagnosisTest, AServiceThatDoesNotAnswerComesFirst) {
  auto round = Round(Well());
  round[0].status = core::Fail(core::Errc::kUnavailable, "registry does not answer at 127.0.0.1:1", "UNREACHABLE");
  ExpectOnly(Diagnose(round, round), "registry", "service-down", "registry");
}

TEST(DiagnosisTest, KeptRecordsDeliveriesAndBrokenChainsAreNamed) {
  GetStatusResponse status = Well();
  status.set_dead_letters(1);
  ExpectOnly(Diagnose(Round(status), Round(status)), "dead letters of audit", "dead-letter");
  status = Well();
  status.set_parked_deliveries(1);
  ExpectOnly(Diagnose(Round(status), Round(status)), "deliveries", "delivery-parked");
  status = Well();
  auto& fault = *status.add_faults();
  fault.set_code(operations::v1::FAULT_CODE_AUDIT_CHAIN_BROKEN);
  fault.set_object("case-intake.pmp");
  ExpectOnly(Diagnose(Round(status), Round(status)), "audit chain case-intake.pmp", "audit-chain-broken");
  fault.set_code(operations::v1::FAULT_CODE_PARTITION_REFUSED);
  status.set_dead_letters(0);
  EXPECT_EQ(Diagnose(Round(status), Round(status)).findings(0).runbook(), "fault");
}

TEST(DiagnosisTest, AnUnmetConditionIsNamed) {
  GetStatusResponse status = Well();
  status.set_ready(false);
  status.add_unmet_conditions("directory");
  const auto round = Round(status);
  EXPECT_TRUE(NeedsSecondLook(round));
  EXPECT_THAT(Diagnose(round, round).findings(0).what(), HasSubstr("directory"));
  EXPECT_EQ(Diagnose(round, round).findings(0).runbook(), "service-not-ready");
}

}  // namespace
}  // namespace tilts::tiltsctl
