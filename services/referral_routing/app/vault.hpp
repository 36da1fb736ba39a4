#pragma once

#include <tilts/registry/v1/vault_service.pb.h>

#include <string>

#include "core/result.hpp"
#include "core/strong_id.hpp"
#include "rpc/call.hpp"

namespace tilts::referral_routing {

// For what and until when another service is asked.
struct PeerCall {
  std::string cause_id;
  std::string traceparent;
  rpc::Deadline deadline;
};

// The vault of persons: wraps a note's key under the key of the child it is about, and names a learner to whom the law
// tells who it is.
class Vault {
 public:
  virtual ~Vault() = default;
  virtual core::Result<std::string> Wrap(const core::PersonId& person, const std::string& key,
                                         const PeerCall& call) = 0;
  // kNotFound with reason PERSON_ERASED: what the key opened is gone for good.
  virtual core::Result<std::string> Unwrap(const core::PersonId& person, const std::string& wrapped,
                                           const PeerCall& call) = 0;
  virtual core::Result<registry::v1::DescribedPerson> Describe(const core::PersonId& person,
                                                               const core::InstitutionId& reader,
                                                               const PeerCall& call) = 0;
};

}  // namespace tilts::referral_routing
