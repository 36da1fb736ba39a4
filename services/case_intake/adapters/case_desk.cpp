#include "case_intake/adapters/case_desk.hpp"

#include <algorithm>

#include "case_intake/adapters/case_access.hpp"
#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/case_writing.hpp"
#include "case_intake/adapters/commands.hpp"
#include "case_intake/adapters/page_token.hpp"
#include "case_intake/app/contract.hpp"
#include "case_intake/app/read_report.hpp"
#include "case_intake/domain/case_moves.hpp"
#include "wire/codes.hpp"
#include "wire/projection.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kFullView[] = "FULL_OWNER";
constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kLongestPage = 200;

core::Status HideCase() {
  return auth::HideWhenDenied(auth::AccessDecision::Deny("NOT_A_PARTY"), "case");
}

template <typename Message>
core::Status ProjectFull(Message& message) {
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find(kFullView));
  wire::Project(message, view);
  return {};
}

std::string ObjectOf(const Case& current) {
  return "case/" + current.id.value();
}

}  // namespace

core::Result<intake::v1::ListCasesResponse> CaseDesk::List(const rpc::CallContext& call,
                                                           const intake::v1::ListCasesRequest& request) {
  TILTS_CHECK(RequireInstitution(call));
  const std::uint32_t size = std::min(request.page_size() == 0 ? kDefaultPage : request.page_size(), kLongestPage);
  TILTS_ASSIGN(const std::optional<CaseCursor> after, CursorOf(request.page_token()));
  const core::InstitutionId coordinator(call.principal.institution_id);
  const auto state = wire::Code<CaseState>(request.state());
  const auto find = [&](postgres::UnitOfWork& unit) -> core::Result<intake::v1::ListCasesResponse> {
    TILTS_ASSIGN(std::vector<Case> cases,
                 CaseStore(unit).ListOf(coordinator, state, after, static_cast<int>(size) + 1));
    intake::v1::ListCasesResponse response;
    if (cases.size() > size) {
      cases.resize(size);
      response.set_next_page_token(PageTokenAfter(cases.back()));
    }
    auth::AuditFacts note{
        AuditChain(Stream::kPmp), auth::Touch::kRead, {}, auth::AccessDecision::Allow("COORDINATOR"), kFullView};
    for (const Case& current : cases) {
      *response.add_cases() = Outline(current);
      note.object_ids.push_back(ObjectOf(current));
      if (current.facts.stream != Stream::kPmp) note.chain_id = AuditChain(current.facts.stream);
    }
    TILTS_CHECK(Audit(unit, call, note));
    return response;
  };
  TILTS_ASSIGN(intake::v1::ListCasesResponse response, office_.database.Transact(find));
  TILTS_CHECK(ProjectFull(response));
  return response;
}

core::Result<intake::v1::GetCaseResponse> CaseDesk::Show(const rpc::CallContext& call,
                                                         const intake::v1::GetCaseRequest& request) {
  TILTS_CHECK(RequireInstitution(call));
  // Recorded before anything is opened; a refusal is recorded too, and answered like an unknown id.
  const auto load = [&](postgres::UnitOfWork& unit) -> core::Result<std::optional<CaseMaterial>> {
    TILTS_ASSIGN(auto current, CaseStore(unit).Find(core::CaseId(request.case_id())));
    if (!current) return std::nullopt;
    const auth::AccessDecision decision = MayHandle(call.principal, *current);
    TILTS_CHECK(Audit(unit, call,
                      {AuditChain(current->facts.stream),
                       auth::Touch::kRead,
                       {ObjectOf(*current)},
                       decision,
                       decision.allowed ? kFullView : ""}));
    if (!decision.allowed) return std::nullopt;
    TILTS_ASSIGN(CaseMaterial material, LoadMaterial(unit, std::move(*current)));
    return material;
  };
  TILTS_ASSIGN(const std::optional<CaseMaterial> material, office_.database.Transact(load));
  if (!material) TILTS_CHECK(HideCase());
  intake::v1::GetCaseResponse response;
  TILTS_ASSIGN(
      *response.mutable_case_file(),
      ShowCase(office_, *material, core::InstitutionId(call.principal.institution_id), office_.VaultCallOf(call)));
  TILTS_CHECK(ProjectFull(response));
  return response;
}

core::Result<intake::v1::GetCaseForReferralResponse> CaseDesk::ShowForReferral(
    const rpc::CallContext& call, const intake::v1::GetCaseForReferralRequest& request) {
  if (call.principal.kind != auth::Principal::Kind::kService) {
    return core::Fail(core::Errc::kDenied, "This method is for services", "SERVICE_NOT_LISTED");
  }
  const auto load = [&](postgres::UnitOfWork& unit) -> core::Result<std::optional<CaseMaterial>> {
    TILTS_ASSIGN(auto current, CaseStore(unit).Find(core::CaseId(request.case_id())));
    if (!current) return std::nullopt;
    TILTS_ASSIGN(CaseMaterial material, LoadMaterial(unit, std::move(*current)));
    return material;
  };
  TILTS_ASSIGN(const std::optional<CaseMaterial> material, office_.database.Transact(load));
  if (!material) TILTS_CHECK(HideCase());
  intake::v1::GetCaseForReferralResponse response;
  TILTS_ASSIGN(*response.mutable_case_file(),
               ShowCase(office_, *material, core::InstitutionId(request.recipient_id()), office_.VaultCallOf(call)));
  TILTS_CHECK(ProjectFull(response));
  return response;
}

template <typename Response, typename Request, typename Decide>
core::Result<Response> CaseDesk::Move(const rpc::CallContext& call, const Request& request, Decide decide) {
  TILTS_CHECK(RequireInstitution(call));
  TILTS_CHECK(CheckRequestId(request.request_id()));
  TILTS_ASSIGN(const auto hold, in_hand_.Take(call.principal.institution_id, request.request_id()));
  // Nothing inside: refused like an unknown id, with the refusal recorded.
  const auto work = [&](postgres::UnitOfWork& unit) -> core::Result<std::optional<Response>> {
    TILTS_ASSIGN(const auto before,
                 (AnsweredBefore<Response>(unit, office_, call, request, AuditChain(Stream::kViolence))));
    if (before) return before;
    TILTS_ASSIGN(const auto current, CaseStore(unit).Lock(core::CaseId(request.case_id())));
    if (!current) return std::nullopt;
    const auth::AccessDecision access = MayHandle(call.principal, *current);
    TILTS_CHECK(
        Audit(unit, call, {AuditChain(current->facts.stream), auth::Touch::kWrite, {ObjectOf(*current)}, access, {}}));
    if (!access.allowed) return std::nullopt;
    TILTS_CHECK(CheckEtag(*current, request.etag()));
    TILTS_ASSIGN(const Decision decision, decide(unit, *current));
    TILTS_CHECK(KeepCase(unit, decision, office_.OccasionOf(call)));
    Response response;
    *response.mutable_case_file() = Outline(decision.after);
    TILTS_CHECK(Remember(unit, office_, call, request, response));
    return response;
  };
  TILTS_ASSIGN(std::optional<Response> response, office_.database.Transact(work));
  if (!response) TILTS_CHECK(HideCase());
  TILTS_CHECK(ProjectFull(*response));
  return *response;
}

core::Result<intake::v1::RaiseLevelResponse> CaseDesk::Raise(const rpc::CallContext& call,
                                                             const intake::v1::RaiseLevelRequest& request) {
  return Move<intake::v1::RaiseLevelResponse>(
      call, request, [&](postgres::UnitOfWork&, const Case& current) { return RaiseLevel(current, request.level()); });
}

core::Result<intake::v1::CloseCaseResponse> CaseDesk::Close(const rpc::CallContext& call,
                                                            const intake::v1::CloseCaseRequest& request) {
  const auto decide = [&](postgres::UnitOfWork& unit, const Case& current) -> core::Result<Decision> {
    TILTS_ASSIGN(const std::vector<AttachedReport> reports, ReportStore(unit).AttachedTo(current.id));
    const bool known = codes::v1::CaseOutcome_IsValid(request.outcome());
    const auto outcome = known ? wire::Code<Outcome>(request.outcome()) : Outcome::kUnspecified;
    return CloseCase(current, outcome, reports, call.now);
  };
  return Move<intake::v1::CloseCaseResponse>(call, request, decide);
}

}  // namespace tilts::case_intake
