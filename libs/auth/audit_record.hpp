#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/access_decision.hpp"
#include "core/city_time.hpp"
#include "rpc/call.hpp"

namespace tilts::audit::v1 {
class AuditRecorded;
}

namespace tilts::auth {

enum class Touch { kRead, kWrite };

// What a record says beyond the call itself. Ids only: "case/…", "referral/…", "person/…".
struct AuditFacts {
  std::string chain_id;  // "<service>.<pmp|protection|registry|…>"
  Touch touch = Touch::kRead;
  std::vector<std::string> object_ids;
  AccessDecision decision;
  std::string view;  // which fields left; empty for a write
};

// The record a call leaves: in the change's transaction, or awaited before the answer leaves. Counted
// as the system's own when one service serves another: the caller's record is written at its door.
audit::v1::AuditRecorded AuditRecordFor(const rpc::CallContext& call, const AuditFacts& facts);

// The record of an act without a caller: a consumer's handler, a timer.
audit::v1::AuditRecorded SystemAuditRecord(std::string_view service, std::string_view handler,
                                           std::string_view cause_id, core::CityTime at, const AuditFacts& facts);

}  // namespace tilts::auth
