#pragma once

#include <tilts/audit/v1/events.pb.h>
#include <tilts/referrals/v1/events.pb.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "events/envelope_codec.hpp"
#include "referral_routing/adapters/due_worker.hpp"
#include "referral_routing/adapters/referral_api.hpp"
#include "referral_routing/adapters/sql_store.hpp"
#include "referral_routing/app/case_events.hpp"
#include "testing/server_set.hpp"

namespace tilts::referral_routing {

class SetClock final : public core::CityClock {
 public:
  core::CityTime Now() const override { return now; }
  core::CityTime now = core::ParseRfc3339("2026-03-02T08:00:00Z").value();  // a Monday, 10:00 in Riga
};

// Wraps by turning bytes around; knows which children were erased and whether it can be reached.
class FakeVault final : public Vault {
 public:
  core::Result<std::string> Wrap(const core::PersonId& person, const std::string& key, const PeerCall& call) override;
  core::Result<std::string> Unwrap(const core::PersonId& person, const std::string& wrapped,
                                   const PeerCall& call) override;
  core::Result<registry::v1::DescribedPerson> Describe(const core::PersonId& person, const core::InstitutionId& reader,
                                                       const PeerCall& call) override;

  bool down = false;
  std::set<core::PersonId> erased;
};

class FakeCaseViews final : public CaseViews {
 public:
  core::Result<intake::v1::Case> Show(const core::CaseId& id, const core::InstitutionId& recipient,
                                      const PeerCall& call) override;
  bool down = false;
};

// The whole service but its processes: real PostgreSQL, the published rules, a small city.
class RoutingTest : public testing::ServerTest {
 protected:
  void SetUp() override;

  // A case of the school in Riga.
  static cases::v1::CaseFacts FamilyViolence();
  static cases::v1::CaseFacts Motivation();
  static cases::v1::CaseFacts UnsafeHome();

  core::Status Open(const std::string& case_id, const cases::v1::CaseFacts& facts,
                    const std::string& subject = "child-1");
  core::Status Change(const std::string& case_id, const cases::v1::CaseFacts& facts);
  core::Status EndCase(const std::string& case_id, codes::v1::CaseState state, const std::string& into = {});

  std::unique_ptr<DueWorker> MakeWorker(postgres::Database& database) const;
  void UseCity(const std::string& calendar_version = {});

  rpc::CallContext As(const std::string& institution) const;
  core::Result<referrals::v1::Referral> Do(const std::string& institution, const std::string& referral_id,
                                           MoveRequest request, const std::string& note = {},
                                           const std::string& etag = {}) const;
  core::Result<referrals::v1::Referral> Accept(const std::string& institution, const std::string& referral_id) const;
  core::Result<referrals::v1::Referral> Reject(const std::string& institution, const std::string& referral_id,
                                               RejectReason reason) const;

  std::vector<Referral> Referrals(const std::string& case_id) const;
  // The referral of this purpose sent last.
  Referral Find(const std::string& case_id, const std::string& purpose) const;

  // Events of one type waiting in the outbox, oldest first.
  template <typename Event>
  std::vector<Event> Emitted() const {
    std::vector<Event> found;
    for (const events::v1::Envelope& envelope : Outbox()) {
      if (envelope.type() != Event::descriptor()->full_name()) continue;
      EXPECT_TRUE(events::DecodeEventInto(envelope, found.emplace_back()));
    }
    return found;
  }
  std::vector<events::v1::Envelope> Outbox() const;
  std::vector<std::string> OutboxIds() const;

  SetClock clock_;
  FakeVault vault_;
  FakeCaseViews views_;
  DirectoryHolder holder_;
  RoutingData data_;
  const postgres::Idempotency idempotency_{"test secret"};
  postgres::DatabaseOptions options_;
  std::unique_ptr<postgres::Database> database_;
  std::unique_ptr<Notes> notes_;
  std::unique_ptr<CaseEvents> case_events_;
  std::unique_ptr<LadderTimer> timer_;
  std::unique_ptr<ReferralApi> api_;
};

}  // namespace tilts::referral_routing
