#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/record.hpp"
#include "rpc/call.hpp"

namespace tilts::backbone {

// What an audit record says beyond who called. `objects` are "kind/id" with random ids ("case/…", "referral/…").
struct AuditNote {
  std::string chain;  // "<service>.<pmp|protection|registry|…>"
  bool write = false;
  std::vector<std::string> objects;
  bool allowed = true;
  std::string reason;  // of the access decision, e.g. "OWNER", "NOT_A_PARTY"
  std::string view;    // which fields left
};

// The record of one call; emit it in the transaction of the change, or await its report before a read's answer
// leaves. `service` writes it.
core::Result<events::Draft> AuditOfCall(const rpc::CallContext& call, std::string_view service, const AuditNote& note);

// The record of an act of the system itself, because of an event or a due time: `handler` e.g. "second-channel".
// The same cause, handler and index give the same record id.
core::Result<events::Draft> AuditOfSystem(std::string_view service, std::string_view handler, std::string_view cause_id,
                                          unsigned index, core::CityTime now, const AuditNote& note);

}  // namespace tilts::backbone
