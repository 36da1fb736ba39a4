#pragma once

#include <tilts/cases/v1/events.pb.h>
#include <tilts/codes/v1/codes.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "events/record.hpp"
#include "referral_routing/domain/ladder.hpp"
#include "referral_routing/domain/referral.hpp"

namespace tilts::referral_routing {

// What routing keeps of a case: the last picture and where its events belong.
struct CaseRecord {
  core::CaseId id;
  codes::v1::CaseState state = codes::v1::CASE_STATE_OPEN;
  cases::v1::CaseFacts facts;
  core::PersonId subject;  // empty while unknown
  core::CaseId merged_into;
  std::string correlation_id;
  std::string school_year;
  std::string municipality;

  bool open() const {
    return state == codes::v1::CASE_STATE_OPEN || state == codes::v1::CASE_STATE_IN_COOPERATION ||
           state == codes::v1::CASE_STATE_MONITORING;
  }
};

struct DueRung {
  std::string clock;
  std::string rung;
  CityTime at{};
};

// A sealed text on its way into the store.
struct SealedNote {
  std::string note_id;
  core::PersonId person;  // whose key wraps it; empty: the service's holding key
  std::string sealed;
  std::string wrapped_key;
};

// The store as one transaction sees it. Everything about a case happens under the lock of the case: the topic's key is
// the case, so the order of its events is the order of the commits.
class RoutingStore {
 public:
  virtual ~RoutingStore() = default;

  virtual core::Status LockCase(const core::CaseId& id) = 0;
  // False: somebody else works on the case.
  virtual core::Result<bool> TryLockCase(const core::CaseId& id) = 0;
  virtual core::Result<std::optional<CaseRecord>> LoadCase(const core::CaseId& id) = 0;
  virtual core::Status SaveCase(const CaseRecord& record) = 0;

  // What a statutory notice says, under the id that stands where a case's would. Codes and ids only.
  virtual core::Result<std::optional<referrals::v1::StatutoryNotice>> LoadNotice(const core::CaseId& id) = 0;
  virtual core::Status SaveNotice(const core::CaseId& id, const referrals::v1::StatutoryNotice& notice) = 0;

  // All referrals of the case, oldest first, and those of cases merged into it.
  virtual core::Result<std::vector<Referral>> ReferralsOf(const core::CaseId& id) = 0;
  virtual core::Result<std::optional<Referral>> LoadReferral(const core::ReferralId& id) = 0;
  // kAlreadyExists: an open referral with this case, recipient and purpose is there already.
  virtual core::Status InsertReferral(const Referral& referral) = 0;
  virtual core::Status UpdateReferral(const Referral& referral) = 0;

  virtual core::Result<FiredRungs> FiredOf(const core::ReferralId& id) = 0;
  // kAlreadyExists: it fired before.
  virtual core::Status RecordFired(const core::ReferralId& id, ClockName clock, const std::string& rung,
                                   CityTime at) = 0;
  virtual core::Result<std::optional<DueRung>> DueOf(const core::ReferralId& id) = 0;
  virtual core::Status SetDue(const core::ReferralId& id, const std::optional<DueRung>& due) = 0;

  virtual core::Status InsertNote(const core::ReferralId& referral, Move move, const SealedNote& note, CityTime at) = 0;
  virtual core::Status Emit(const events::Draft& draft) = 0;
};

}  // namespace tilts::referral_routing
