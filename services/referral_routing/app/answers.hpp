#pragma once

#include <tilts/referrals/v1/referral_service.pb.h>

#include <string>

#include "auth/access_decision.hpp"
#include "core/result.hpp"
#include "referral_routing/domain/referral_moves.hpp"

namespace tilts::referral_routing {

inline constexpr char kPreview[] = "REFERRAL_PREVIEW";
inline constexpr char kAccepted[] = "REFERRAL_ACCEPTED";
inline constexpr char kRequester[] = "REFERRAL_REQUESTER";
inline constexpr char kNotice[] = "STATUTORY_NOTICE";
inline constexpr char kStub[] = "REFERRAL_STUB";

// In which parts the institution stands to the referral.
Actor PartsOf(const Referral& referral, const std::string& institution);

// What the institution may see now, and why: the audit log says both.
struct Sight {
  auth::AccessDecision decision;
  std::string view;
  bool shows_case = false;  // the case or the statutory notice behind it
};
Sight SightOf(const Referral& referral, Actor parts);

// The referral in codes as this party may see it; texts and the case are put in by the caller.
referrals::v1::Referral AnswerOf(const Referral& referral, Actor parts, const std::string& view);

std::string EtagOf(const Referral& referral);

// kConflict with reason ETAG_STALE; an empty etag means "whatever the state is".
core::Status CheckEtag(const Referral& referral, const std::string& etag);

}  // namespace tilts::referral_routing
