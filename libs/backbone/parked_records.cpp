#include "backbone/parked_records.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <charconv>

#include "backbone/audit.hpp"
#include "wire/time.hpp"

namespace tilts::backbone {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kLargestPage = 500;

// Page tokens and ids are the letter's number in digits.
core::Result<std::int64_t> Number(const std::string& text, const char* field) {
  std::int64_t number = 0;
  if (text.empty()) return number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    return core::Fail({core::Errc::kInvalid,
                       "use a number that an earlier answer gave",
                       "NUMBER",
                       {{field, "NUMBER", "use a number that an earlier answer gave"}},
                       0});
  }
  return number;
}

}  // namespace

core::Result<operations::v1::ListDeadLettersResponse> ParkedRecords::List(
    const rpc::CallContext&, const operations::v1::ListDeadLettersRequest& request) {
  TILTS_ASSIGN(const std::int64_t after, Number(request.page_token(), "page_token"));
  const int asked = static_cast<int>(std::min<std::uint32_t>(request.page_size(), kLargestPage));
  const int limit = asked == 0 ? kDefaultPage : asked;
  TILTS_ASSIGN(const auto letters, letters_.List(after, limit));
  operations::v1::ListDeadLettersResponse answer;
  for (const postgres::DeadLetter& letter : letters) {
    auto& out = *answer.add_dead_letters();
    out.set_dead_letter_id(std::to_string(letter.id));
    out.set_topic(letter.topic);
    out.set_partition(letter.partition);
    out.set_offset(letter.offset);
    out.set_aggregate_id(letter.aggregate_id);
    out.set_event_type(letter.event_type);
    out.set_code(letter.code);
    out.set_reason(letter.reason);
    *out.mutable_parked_at() = wire::ToTimestamp(letter.parked_at);
    out.set_parked_behind(letter.parked_behind);
  }
  if (static_cast<int>(letters.size()) == limit) answer.set_next_page_token(std::to_string(letters.back().id));
  return answer;
}

core::Result<operations::v1::RedriveDeadLetterResponse> ParkedRecords::Redrive(
    const rpc::CallContext& call, const operations::v1::RedriveDeadLetterRequest& request) {
  TILTS_ASSIGN(const std::int64_t id, Number(request.dead_letter_id(), "dead_letter_id"));
  TILTS_ASSIGN(const postgres::DeadLetter letter, letters_.Find(id));
  const auth::AuditFacts note{audit_chain_,
                              auth::Touch::kWrite,
                              {"dead-letter/" + request.dead_letter_id()},
                              auth::AccessDecision::Allow("OPERATOR"),
                              ""};
  TILTS_ASSIGN(const events::Draft audit, AuditOfCall(call, service_, note));
  TILTS_ASSIGN(const std::uint64_t processed,
               processor_.Redrive(letter.aggregate_id, [&](postgres::UnitOfWork& unit) { return unit.Emit(audit); }));
  operations::v1::RedriveDeadLetterResponse answer;
  answer.set_processed(processed);
  return answer;
}

}  // namespace tilts::backbone
