#pragma once

#include <tilts/cases/v1/events.pb.h>
#include <tilts/referrals/v1/stored_referral.pb.h>

#include "referral_routing/domain/case_facts.hpp"
#include "referral_routing/domain/referral.hpp"

namespace tilts::referral_routing {

CaseFacts FromProto(const cases::v1::CaseFacts& proto);

referrals::v1::ReferralFacts FactsOf(const Referral& referral);
referrals::v1::StoredReferral ToStored(const Referral& referral);
Referral FromStored(const referrals::v1::StoredReferral& stored);

// PMP has a topic of its own; violence and rights share the other.
codes::v1::Purpose PurposeOf(Stream stream);

}  // namespace tilts::referral_routing
