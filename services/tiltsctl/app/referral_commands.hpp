#pragma once

#include <map>
#include <string>
#include <vector>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

struct ReferralFilter {
  std::string state;
  std::string case_id;
  bool only_open = false;
  bool as_requester = false;
};

core::Result<int> ListReferrals(Session& session, const ReferralFilter& filter);
core::Result<int> ShowReferral(Session& session, const std::string& referral_id);

// A move of the contract: every method of ReferralService whose request names a referral and a request id. A new one in
// the contract is a new command, with its fields as options.
struct Move {
  std::string verb;                  // "accept"
  std::string method;                // "tilts.referrals.v1.ReferralService/AcceptReferral"
  std::vector<std::string> options;  // request fields: "etag", "unit_id", "role"
};
const std::vector<Move>& Moves();
// What may follow an option of a move: its values, or its form.
std::string OptionHelp(const Move& move, const std::string& field);

// `values` by field name. The request id is random unless given, and told when the outcome is not known.
core::Result<int> MakeMove(Session& session, const Move& move, const std::string& referral_id,
                           const std::map<std::string, std::string>& values);

}  // namespace tilts::tiltsctl
