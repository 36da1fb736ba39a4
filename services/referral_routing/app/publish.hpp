#pragma once

#include <tilts/referrals/v1/events.pb.h>

#include <string>

#include "core/result.hpp"
#include "events/record.hpp"
#include "referral_routing/app/store.hpp"

namespace tilts::referral_routing {

inline constexpr char kServiceName[] = "referral-routing";

// Why something happens now, and when.
struct Occasion {
  std::string cause_id;  // the case event, the call, the rung
  std::string traceparent;
  CityTime now{};
};

// Wraps an event of a referral. The id is derived from referral and sequence: the same step is the same event for ever.
core::Result<events::Draft> DraftOf(const google::protobuf::Message& event, const Referral& referral,
                                    const CaseRecord& record, const Occasion& occasion);

// "referral-routing.protection": the audit chain of a purpose.
std::string AuditChain(Stream stream);

// The deterministic id of the n-th referral of a purpose to a recipient in a case.
core::ReferralId ReferralIdOf(const core::CaseId& id, const std::string& purpose, const InstitutionId& recipient,
                              unsigned attempt);

}  // namespace tilts::referral_routing
