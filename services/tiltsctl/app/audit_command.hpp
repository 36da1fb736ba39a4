#pragma once

#include <string>
#include <vector>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

struct AuditOptions {
  std::string witness_file;                   // empty: the client configuration's
  std::vector<std::string> public_key_files;  // likewise
};

// Reads every chain and every checkpoint, of the service and of the witness, and computes everything anew. kRefused
// when anything is wrong; names the first wrong record of each chain.
core::Result<int> VerifyAudit(Session& session, const AuditOptions& options);

}  // namespace tilts::tiltsctl
