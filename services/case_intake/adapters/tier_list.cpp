#include <algorithm>

#include "case_intake/adapters/commands.hpp"
#include "case_intake/adapters/page_token.hpp"
#include "case_intake/adapters/tier_desk.hpp"
#include "case_intake/adapters/tier_store.hpp"
#include "case_intake/app/tier_contract.hpp"
#include "wire/projection.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kFullView[] = "FULL_OWNER";
constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kLongestPage = 200;

}  // namespace

core::Result<intake::v1::ListTiersResponse> TierDesk::List(const rpc::CallContext& call,
                                                           const intake::v1::ListTiersRequest& request) const {
  TILTS_CHECK(RequireInstitution(call));
  const std::uint32_t size = std::min(request.page_size() == 0 ? kDefaultPage : request.page_size(), kLongestPage);
  TILTS_ASSIGN(const std::optional<ListCursor> cursor, ListCursorOf(request.page_token()));
  std::optional<TierCursor> after;
  if (cursor) after = TierCursor{cursor->at, core::PersonId(cursor->id)};
  const core::InstitutionId school(call.principal.institution_id);
  const auto find = [&](postgres::UnitOfWork& unit) -> core::Result<intake::v1::ListTiersResponse> {
    TILTS_ASSIGN(std::vector<PupilTier> tiers,
                 TierStore(unit).ListOf(school, request.only_undecided(), after, static_cast<int>(size) + 1));
    intake::v1::ListTiersResponse response;
    if (tiers.size() > size) {
      tiers.resize(size);
      response.set_next_page_token(PageTokenAfter({ListedAt(tiers.back()), tiers.back().pupil.value()}));
    }
    auth::AuditFacts note{
        AuditChain(Stream::kPmp), auth::Touch::kRead, {}, auth::AccessDecision::Allow("SCHOOL"), kFullView};
    for (const PupilTier& state : tiers) {
      *response.add_tiers() = ToProto(state);
      note.object_ids.push_back("person/" + state.pupil.value());
    }
    TILTS_CHECK(Audit(unit, call, note));
    return response;
  };
  TILTS_ASSIGN(intake::v1::ListTiersResponse response, office_.database.Transact(find));
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find(kFullView));
  wire::Project(response, view);
  return response;
}

}  // namespace tilts::case_intake
