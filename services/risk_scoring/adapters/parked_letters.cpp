#include "risk_scoring/adapters/parked_letters.hpp"

#include <tilts/events/v1/envelope.pb.h>
#include <tilts/operations/v1/operations_service.pb.h>

#include <algorithm>
#include <tuple>

#include "events/dead_letter.hpp"
#include "events/envelope_codec.hpp"
#include "wire/bytes.hpp"
#include "wire/time.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr std::size_t kDefaultPage = 100;
constexpr std::size_t kLargestPage = 500;

auto PlaceOf(const operations::v1::DeadLetter& letter) {
  return std::tuple(letter.partition(), letter.offset());
}

}  // namespace

core::Result<std::pair<std::string, std::optional<std::string>>> PackLetter(const events::Record& record,
                                                                            const core::Error& error,
                                                                            core::CityTime now) {
  operations::v1::DeadLetter out;
  out.set_dead_letter_id(events::OriginOf(record));
  out.set_topic(record.at.topic);
  out.set_partition(record.at.partition);
  out.set_offset(record.offset);
  out.set_aggregate_id(record.key);
  if (const auto envelope = events::Decode(record.value)) out.set_event_type(envelope->type());
  out.set_code(events::LetterCode(error));
  out.set_reason(events::LetterReason(error));
  *out.mutable_parked_at() = wire::ToTimestamp(now);
  TILTS_ASSIGN(std::string bytes, wire::Serialize(out));
  return std::pair(out.dead_letter_id(), std::optional(std::move(bytes)));
}

core::Result<operations::v1::ListDeadLettersResponse> ParkedLetters::List(
    const rpc::CallContext&, const operations::v1::ListDeadLettersRequest& request) {
  std::vector<operations::v1::DeadLetter> letters;
  for (const events::TopicPartition& at : partitions_) {
    TILTS_ASSIGN(const auto packed, store_.ReadLetters(at));
    for (const std::string& bytes : packed) TILTS_CHECK(wire::Parse(bytes, letters.emplace_back()));
  }
  std::sort(letters.begin(), letters.end(), [](const auto& a, const auto& b) { return PlaceOf(a) < PlaceOf(b); });
  // A page begins after the letter that ended the one before.
  auto from = letters.begin();
  if (!request.page_token().empty()) {
    from = std::find_if(letters.begin(), letters.end(), [&](const operations::v1::DeadLetter& letter) {
      return letter.dead_letter_id() == request.page_token();
    });
    if (from == letters.end()) {
      return core::Fail(core::Errc::kInvalid, "use the token of the page before, unchanged", "PAGE_TOKEN");
    }
    ++from;
  }
  const std::size_t asked = std::min<std::size_t>(request.page_size(), kLargestPage);
  const std::size_t size = asked == 0 ? kDefaultPage : asked;
  operations::v1::ListDeadLettersResponse answer;
  for (; from != letters.end() && answer.dead_letters_size() < static_cast<int>(size); ++from) {
    *answer.add_dead_letters() = *from;
  }
  if (from != letters.end()) {
    answer.set_next_page_token(answer.dead_letters(answer.dead_letters_size() - 1).dead_letter_id());
  }
  return answer;
}

core::Result<operations::v1::RedriveDeadLetterResponse> ParkedLetters::Redrive(
    const rpc::CallContext&, const operations::v1::RedriveDeadLetterRequest&) {
  return core::Fail(core::Errc::kRefused,
                    "correct what reads it, then run tiltsctl rebuild risk --apply: a replay takes it in",
                    "REDRIVE_BY_REBUILD");
}

}  // namespace tilts::risk_scoring
