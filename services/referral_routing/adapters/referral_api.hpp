#pragma once

#include <tilts/referrals/v1/referral_service.pb.h>

#include "auth/audit_record.hpp"
#include "core/result.hpp"
#include "log/log.hpp"
#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "referral_routing/adapters/notes.hpp"
#include "referral_routing/adapters/peers.hpp"
#include "referral_routing/adapters/referral_probe.hpp"
#include "referral_routing/app/answers.hpp"
#include "referral_routing/app/desk.hpp"
#include "rpc/call.hpp"

namespace tilts::referral_routing {

// One move as it came in.
struct MoveCall {
  std::string request_id;
  std::string referral_id;
  std::string etag;
  std::string note;
  MoveRequest request;
  const google::protobuf::Message& body;  // what the idempotency key stands for
};

struct ApiParts {
  postgres::Database& database;
  const RoutingData& data;
  const DirectoryHolder& directory;
  const Notes& notes;
  CaseViews& case_views;
  Vault& vault;
  const postgres::Idempotency& idempotency;
  const log::Logger& log;
  ReferralProbe probe{};
};

// ReferralService. Parties only: to everybody else a referral does not exist.
class ReferralApi {
 public:
  explicit ReferralApi(ApiParts parts) : parts_(parts) {}

  core::Result<referrals::v1::Referral> Get(const rpc::CallContext& call, const std::string& referral_id) const;
  core::Result<referrals::v1::ListReferralsResponse> List(const rpc::CallContext& call,
                                                          const referrals::v1::ListReferralsRequest& request) const;
  // The answer shows states and moves; the case behind the referral is Get's.
  core::Result<referrals::v1::Referral> Move(const rpc::CallContext& call, const MoveCall& move) const;
  core::Result<referrals::v1::ExplainRoutingResponse> Explain(
      const rpc::CallContext& call, const referrals::v1::ExplainRoutingRequest& request) const;

 private:
  struct Found {
    Referral referral;
    CaseRecord record;  // the case it shows: where the original was merged into, that one
    core::PersonId subject;
    std::optional<referrals::v1::StatutoryNotice> notice;  // where no case stands behind it
  };
  core::Result<Found> Find(const rpc::CallContext& call, const std::string& referral_id, auth::Touch touch) const;
  core::Result<referrals::v1::Referral> MoveIn(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                               const MoveCall& move, const core::CaseId& case_id,
                                               const std::optional<SealedNote>& note,
                                               std::optional<std::pair<Referral, Referral>>& changed) const;
  core::Status ShowCase(const rpc::CallContext& call, const Found& found, referrals::v1::Referral& answer) const;
  void ShowNotice(const rpc::CallContext& call, const Found& found, referrals::v1::Referral& answer) const;
  core::Status ShowTexts(const rpc::CallContext& call, const Found& found, referrals::v1::Referral& answer) const;
  core::Status Record(const rpc::CallContext& call, Stream stream, auth::Touch touch, const Sight& sight,
                      std::vector<std::string> objects) const;

  const ApiParts parts_;
};

}  // namespace tilts::referral_routing
