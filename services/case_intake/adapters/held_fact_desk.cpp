#include "case_intake/adapters/held_fact_desk.hpp"

#include "case_intake/adapters/commands.hpp"
#include "case_intake/app/fact_reading.hpp"
#include "case_intake/app/read_report.hpp"
#include "crypto/encoding.hpp"

namespace tilts::case_intake {
namespace {

constexpr std::uint32_t kDefaultPage = 100;
constexpr std::uint32_t kLargestPage = 500;
constexpr std::chrono::hours kOverdueAfter{24};

struct Cursor {
  core::CityTime time{};
  std::string id;
};

core::Result<Cursor> CursorFrom(const std::string& page_token) {
  if (page_token.empty()) return Cursor{};
  const core::Result<std::string> text = crypto::FromBase64Url(page_token);
  const std::size_t space = text ? text->find(' ') : std::string::npos;
  if (space != std::string::npos) {
    const core::Result<core::CityTime> time = core::ParseRfc3339(text->substr(0, space));
    if (time) return Cursor{*time, text->substr(space + 1)};
  }
  core::Error error{core::Errc::kInvalid, "The page token is not one this list gave", "PAGE_TOKEN", {}, 0};
  error.violations.push_back({"page_token", "INVALID", "Begin the list anew without a page token"});
  return core::Fail(std::move(error));
}

core::Status AddTo(intake::v1::ListHeldFactsResponse& response, const FactOffice& facts, const HeldFactRow& row,
                   core::CityTime now) {
  TILTS_ASSIGN(const intake::v1::Fact sent, OpenFact(row, facts.office.sealer));
  intake::v1::HeldFact& held = *response.add_held_facts();
  if (!IsSupport(FromProto(sent))) held.set_record_id(row.held_id);
  held.set_kind(row.kind);
  held.set_event_id(sent.event_id());
  held.set_pupil_number(sent.pupil_number());
  held.set_held_since(core::FormatRfc3339(row.held_since));
  held.set_overdue(now - row.held_since > kOverdueAfter);
  return {};
}

}  // namespace

core::Result<intake::v1::ListHeldFactsResponse> HeldFactDesk::List(
    const rpc::CallContext& call, const intake::v1::ListHeldFactsRequest& request) const {
  TILTS_CHECK(RequireInstitution(call));
  TILTS_ASSIGN(const Cursor cursor, CursorFrom(request.page_token()));
  const std::uint32_t asked = request.page_size() == 0 ? kDefaultPage : request.page_size();
  const std::size_t page = std::min(asked, kLargestPage);
  return facts_.office.database.Transact(
      [&](postgres::UnitOfWork& unit) -> core::Result<intake::v1::ListHeldFactsResponse> {
        TILTS_ASSIGN(std::vector<HeldFactRow> rows, HeldFactStore(unit).Of(call.principal.institution_id, cursor.time,
                                                                           cursor.id, static_cast<int>(page) + 1));
        intake::v1::ListHeldFactsResponse response;
        if (rows.size() > page) {
          rows.resize(page);
          response.set_next_page_token(
              crypto::ToBase64Url(core::FormatRfc3339(rows.back().held_since) + " " + rows.back().held_id));
        }
        for (const HeldFactRow& row : rows) TILTS_CHECK(AddTo(response, facts_, row, call.now));
        TILTS_CHECK(Audit(unit, call,
                          {kFactAuditChain,
                           auth::Touch::kRead,
                           {"held-facts/" + std::to_string(rows.size())},
                           auth::AccessDecision::Allow("OWN_PUPILS"),
                           {}}));
        return response;
      });
}

core::Result<intake::v1::RedriveHeldFactsResponse> HeldFactDesk::ResolveAll(const rpc::CallContext& call) {
  intake::v1::RedriveHeldFactsResponse response;
  Cursor cursor;
  while (true) {
    TILTS_ASSIGN(const std::vector<HeldFactRow> rows, facts_.office.database.Transact([&](postgres::UnitOfWork& unit) {
      return HeldFactStore(unit).Of(call.principal.institution_id, cursor.time, cursor.id, kLargestPage);
    }));
    TILTS_ASSIGN(const std::size_t resolved, worker_.Resolve(rows, call.call_id));
    response.set_resolved(response.resolved() + static_cast<std::uint32_t>(resolved));
    response.set_still_held(response.still_held() + static_cast<std::uint32_t>(rows.size() - resolved));
    if (rows.size() < kLargestPage) return response;
    cursor = {rows.back().held_since, rows.back().held_id};
  }
}

core::Result<intake::v1::RedriveHeldFactsResponse> HeldFactDesk::Redrive(
    const rpc::CallContext& call, const intake::v1::RedriveHeldFactsRequest& request) {
  using Response = intake::v1::RedriveHeldFactsResponse;
  TILTS_CHECK(RequireInstitution(call));
  TILTS_CHECK(CheckRequestId(request.request_id()));
  TILTS_ASSIGN(const auto hold, in_hand_.Take(call.principal.institution_id, request.request_id()));
  const auto answered = [&](postgres::UnitOfWork& unit) {
    return AnsweredBefore<Response>(unit, facts_.office, call, request, kFactAuditChain);
  };
  TILTS_ASSIGN(const auto before, facts_.office.database.Transact(answered));
  if (before) return *before;
  TILTS_ASSIGN(const Response response, ResolveAll(call));
  return facts_.office.database.Transact([&](postgres::UnitOfWork& unit) -> core::Result<Response> {
    TILTS_ASSIGN(const auto meanwhile, answered(unit));
    if (meanwhile) return *meanwhile;
    TILTS_CHECK(Audit(unit, call,
                      {kFactAuditChain,
                       auth::Touch::kWrite,
                       {"facts-resolved/" + std::to_string(response.resolved())},
                       auth::AccessDecision::Allow("OWN_PUPILS"),
                       {}}));
    TILTS_CHECK(Remember(unit, facts_.office, call, request, response));
    return response;
  });
}

}  // namespace tilts::case_intake
