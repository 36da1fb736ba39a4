#pragma once

#include "events/bus.hpp"
#include "risk_scoring/adapters/rebuilder.hpp"
#include "rpc/method_table.hpp"

namespace tilts::risk_scoring {

// RebuildService over a rebuilder; both must outlive the table. A start leaves its audit record first.
void BindRebuild(rpc::MethodTable& methods, Rebuilder& rebuilder, events::Publisher& publisher);

}  // namespace tilts::risk_scoring
