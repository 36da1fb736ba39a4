#include <algorithm>

#include "crypto/encoding.hpp"
#include "referral_routing/adapters/referral_api.hpp"
#include "referral_routing/adapters/sql_store.hpp"
#include "referral_routing/app/contract.hpp"

namespace tilts::referral_routing {
namespace {

using core::Errc;
using core::Fail;
using core::Result;
using postgres::UnitOfWork;

constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kLargestPage = 200;

// Where a page ended: the sort key of its last row.
struct Cursor {
  std::int64_t urgency_rank = -100;
  CityTime due{};
  std::string referral_id;
};

std::string TokenOf(const Cursor& cursor) {
  return crypto::ToBase64Url(std::to_string(cursor.urgency_rank) + " " + core::FormatRfc3339(cursor.due) + " " +
                             cursor.referral_id);
}

Result<Cursor> CursorOf(const std::string& token) {
  if (token.empty()) return Cursor{};
  const auto wrong = Fail(Errc::kInvalid, "use the token of the page before, unchanged", "PAGE_TOKEN");
  const auto text = crypto::FromBase64Url(token);
  if (!text) return wrong;
  const auto first = text->find(' ');
  const auto second = text->find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos || first == 0 || first > 3) return wrong;
  const auto due = core::ParseRfc3339(std::string_view(*text).substr(first + 1, second - first - 1));
  const std::string rank = text->substr(0, first);
  if (!due || rank.find_first_not_of("-0123456789") != std::string::npos) return wrong;
  return Cursor{std::strtol(rank.c_str(), nullptr, 10), *due, text->substr(second + 1)};
}

constexpr char kPage[] =
    " = $1 AND ($2 = 0 OR state = $2) AND (NOT $3 OR is_open) AND ($4 = '' OR case_id = $4) "
    "AND (urgency_rank, clock_due_at, referral_id) > ($5, $6, $7) "
    "ORDER BY urgency_rank, clock_due_at, referral_id LIMIT $8";

}  // namespace

Result<referrals::v1::ListReferralsResponse> ReferralApi::List(
    const rpc::CallContext& call, const referrals::v1::ListReferralsRequest& request) const {
  const std::uint32_t size = request.page_size() == 0 ? kDefaultPage : request.page_size();
  if (size > kLargestPage) return Fail(Errc::kInvalid, "ask for at most 200 referrals a page", "PAGE_SIZE");
  TILTS_ASSIGN(const Cursor from, CursorOf(request.page_token()));
  const std::string party = request.as_requester() ? "requester_id" : "recipient_id";
  TILTS_ASSIGN(const auto rows,
               parts_.database.Query(
                   "SELECT content, urgency_rank, clock_due_at, referral_id FROM referral WHERE " + party + kPage,
                   {call.principal.institution_id, static_cast<int>(request.state()), request.only_open(),
                    request.case_id(), from.urgency_rank, from.due, from.referral_id, size + 1}));
  referrals::v1::ListReferralsResponse response;
  std::vector<std::string> objects;
  Stream stream = Stream::kPmp;
  for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), size); ++i) {
    TILTS_ASSIGN(const Referral referral, ReadReferral(rows[i].BytesOf(0)));
    const Actor parts = PartsOf(referral, call.principal.institution_id);
    *response.add_referrals() = AnswerOf(referral, parts, SightOf(referral, parts).view);
    objects.push_back("referral/" + referral.id.value());
    if (referral.stream != Stream::kPmp) stream = referral.stream;
  }
  if (rows.size() > size) {
    const postgres::Row last = rows[size - 1];
    response.set_next_page_token(TokenOf({last.Int(1), last.Time(2), last.Text(3)}));
  }
  const Sight own{auth::AccessDecision::Allow(request.as_requester() ? "REQUESTER" : "RECIPIENT"), "REFERRAL_STUB",
                  false};
  TILTS_CHECK(Record(call, stream, auth::Touch::kRead, own, std::move(objects)));
  return response;
}

Result<referrals::v1::ExplainRoutingResponse> ReferralApi::Explain(
    const rpc::CallContext& call, const referrals::v1::ExplainRoutingRequest& request) const {
  TILTS_ASSIGN(const auto directory, parts_.directory.Get());
  struct Looked {
    CaseRecord record;
    std::vector<Referral> referrals;
  };
  const core::CaseId id(request.case_id());
  const auto hidden = [] { return Fail(auth::HideWhenDenied(auth::AccessDecision::Deny("UNKNOWN"), "case").error()); };
  TILTS_ASSIGN(const Looked looked, parts_.database.Transact([&](UnitOfWork& unit) -> Result<Looked> {
    SqlStore store(unit, Reading::kToShow);
    TILTS_ASSIGN(auto record, store.LoadCase(id));
    TILTS_ASSIGN(const auto notice, store.LoadNotice(id));
    if (!record || notice) return hidden();
    TILTS_ASSIGN(auto referrals, store.ReferralsOf(id));
    return Looked{std::move(*record), std::move(referrals)};
  }));
  const CaseFacts facts = FromProto(looked.record.facts);
  const bool coordinates =
      !call.principal.institution_id.empty() && facts.coordinator.value() == call.principal.institution_id;
  const Sight sight{
      coordinates ? auth::AccessDecision::Allow("COORDINATOR") : auth::AccessDecision::Deny("NOT_COORDINATOR"),
      coordinates ? "FULL_OWNER" : "", false};
  TILTS_CHECK(Record(call, facts.stream, auth::Touch::kRead, sight, {"case/" + request.case_id()}));
  if (!coordinates) return hidden();
  TILTS_ASSIGN(const Situation situation, directory->SituationOf(facts, call.now));
  referrals::v1::ExplainRoutingResponse response;
  response.set_case_id(request.case_id());
  response.set_rule_set_version(parts_.data.rules.version());
  response.set_rule_set_hash(parts_.data.hash);
  for (const RuleVerdict& verdict : parts_.data.rules.Evaluate(situation).verdicts) {
    auto& rule = *response.add_rules();
    rule.set_rule_id(verdict.rule->id);
    rule.set_rule_version(verdict.rule->version);
    rule.set_legal_basis(verdict.rule->legal_basis);
    rule.set_matched(verdict.matched);
    rule.set_reason(verdict.reason);
    for (const Referral& referral : looked.referrals) {
      if (referral.ask.rule_id == verdict.rule->id) rule.add_referral_ids(referral.id.value());
    }
  }
  return response;
}

}  // namespace tilts::referral_routing
