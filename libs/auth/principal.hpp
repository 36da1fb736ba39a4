#pragma once

#include <cstdint>
#include <string>

namespace tilts::auth {

// On whose behalf a call is made. Header only and without third parties, so that libs/rpc can carry
// one in its call context without knowing how it was proved.
struct Principal {
  enum class Kind {
    kInstitution,  // a client acting for an institution that granted it
    kOperator,     // the same for the institution that runs Tilts
    kService,      // one of our services, for itself, because of `cause_id`
  };

  Kind kind = Kind::kService;
  std::string client_id;       // empty for a service
  std::string institution_id;  // the acting institution; empty for a service
  std::string unit_id;         // unit of that institution, if the caller named one
  std::string role;            // role code the caller acts in, e.g. "DUTY_OFFICER"; empty: a system
  std::string purpose;         // why data is touched, a code the caller stated; audited
  std::string service;         // the service that acts for itself; empty otherwise
  std::string issuer;          // who proved it: a service name, or "api-key" for a direct call
  std::string cause_id;        // event, request or job that made a service act
  // Version of the registry's snapshot that admitted the caller; 0 for a service. Whoever holds an older one asks for
  // it before refusing, so that a new client is not admitted by one service and refused by the next.
  std::uint64_t grants_version = 0;

  bool operator==(const Principal&) const = default;
};

}  // namespace tilts::auth
