#pragma once

#include <tilts/audit/v1/events.pb.h>
#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "case_intake/adapters/case_desk.hpp"
#include "case_intake/adapters/held_worker.hpp"
#include "case_intake/adapters/referral_follower.hpp"
#include "case_intake/adapters/report_desk.hpp"
#include "core/clock.hpp"
#include "fake_vault.hpp"
#include "testing/server_set.hpp"

namespace tilts::case_intake::testing {

class SetClock final : public core::CityClock {
 public:
  core::CityTime Now() const override { return now_; }
  void Advance(std::chrono::seconds by) { now_ += by; }

 private:
  core::CityTime now_ = core::ParseRfc3339("2026-03-02T08:30:00Z").value();
};

inline constexpr char kSchool[] = "riga-school-007";
inline constexpr char kOtherSchool[] = "riga-school-009";
inline constexpr char kSocialService[] = "riga-rsd";
inline constexpr char kPolice[] = "state-police";

// The register on a real PostgreSQL with a vault in this process.
class RegisterTest : public tilts::testing::ServerTest {
 protected:
  void SetUp() override;

  rpc::CallContext CallBy(const std::string& institution) const;
  rpc::CallContext CallByService(const std::string& service) const;
  // Violence at school by a child with this person code; everything known.
  static intake::v1::ReportConcernRequest ReportOf(const std::string& request_id, const std::string& person_code);
  static void Identify(intake::v1::ReportedPerson& person, const std::string& person_code);

  intake::v1::ReportConcernResponse Accepted(const std::string& institution,
                                             const intake::v1::ReportConcernRequest& request);
  // The one case of the register, or the case of a report.
  std::string CaseOf(const std::string& report_id) const;
  intake::v1::Case Read(const std::string& institution, const std::string& case_id);
  core::Status Follow(const std::string& referral_id, const std::string& case_id, std::uint64_t sequence,
                      codes::v1::ReferralState state, codes::v1::ReferralKind kind = codes::v1::REFERRAL_KIND_ACT);

  std::int64_t Count(const std::string& from) const;
  // What waits to be published, in order.
  std::vector<events::v1::Envelope> Published() const;
  template <typename Event>
  std::vector<Event> PublishedOf() const {
    std::vector<Event> found;
    for (const events::v1::Envelope& envelope : Published()) {
      Event event;
      if (envelope.type() != Event::descriptor()->full_name()) continue;
      if (event.ParseFromString(envelope.data())) found.push_back(std::move(event));
    }
    return found;
  }

  SetClock clock_;
  FakeVault vault_;
  std::unique_ptr<postgres::Database> database_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<RulesBook> rules_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<ReportDesk> reports_;
  std::unique_ptr<CaseDesk> cases_;
  std::unique_ptr<HeldWorker> worker_;
  std::unique_ptr<ReferralFollower> follower_;
};

}  // namespace tilts::case_intake::testing
