#include "tiltsctl/app/dead_letter_commands.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <ostream>
#include <vector>

#include "core/concat.hpp"
#include "crypto/random.hpp"
#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/message_text.hpp"
#include "tiltsctl/app/progress.hpp"
#include "tiltsctl/app/table.hpp"

namespace tilts::tiltsctl {
namespace {

using operations::v1::DeadLetter;
using operations::v1::ListDeadLettersRequest;
using operations::v1::ListDeadLettersResponse;
using operations::v1::RedriveDeadLetterRequest;
using operations::v1::RedriveDeadLetterResponse;

constexpr std::uint32_t kPage = 200;

core::Result<ListDeadLettersResponse> LettersOf(Session& session, const std::string& service) {
  ListDeadLettersRequest request;
  request.set_page_size(kPage);
  ListDeadLettersResponse all;
  do {
    TILTS_ASSIGN(auto page, session.connection.Call<ListDeadLettersResponse>(
                                service, "tilts.operations.v1.OperationsService/ListDeadLetters", request));
    request.set_page_token(page.next_page_token());
    for (auto& letter : *page.mutable_dead_letters()) all.add_dead_letters()->Swap(&letter);
  } while (!request.page_token().empty());
  return all;
}

core::Result<RedriveDeadLetterResponse> Redrive(Session& session, const std::string& service, const std::string& id) {
  RedriveDeadLetterRequest request;
  request.set_request_id(crypto::RandomId());
  request.set_dead_letter_id(id);
  return session.connection.Call<RedriveDeadLetterResponse>(
      service, "tilts.operations.v1.OperationsService/RedriveDeadLetter", request);
}

}  // namespace

core::Result<int> ListDeadLetters(Session& session, const std::string& service) {
  const std::vector<std::string> services =
      service.empty() ? session.connection.services() : std::vector<std::string>{service};
  ListDeadLettersResponse all;
  Table table({"SERVICE", "LETTER", "CODE", "REASON", "EVENT TYPE", "AGGREGATE", "TOPIC", "PARTITION", "OFFSET",
               "BEHIND", "PARKED AT"});
  for (const std::string& name : services) {
    TILTS_ASSIGN(const auto letters, LettersOf(session, name));
    for (const DeadLetter& letter : letters.dead_letters()) {
      *all.add_dead_letters() = letter;
      table.Add({name, letter.dead_letter_id(), letter.code(), letter.reason(), letter.event_type(),
                 letter.aggregate_id(), letter.topic(), core::Concat(letter.partition()), core::Concat(letter.offset()),
                 core::Concat(letter.parked_behind()), TimeText(letter.parked_at())});
    }
  }
  return Show(session, all, [&] { table.Print(session.out); });
}

core::Result<int> ShowDeadLetter(Session& session, const std::string& service, const std::string& dead_letter_id) {
  TILTS_ASSIGN(const auto letters, LettersOf(session, service));
  for (const DeadLetter& letter : letters.dead_letters()) {
    if (letter.dead_letter_id() != dead_letter_id) continue;
    return Show(session, letter, [&] { PrintMessage(letter, session.out); });
  }
  return core::Fail(core::Errc::kNotFound, core::Concat(service, " has no such dead letter"), "NOT_FOUND");
}

core::Result<int> RedriveDeadLetter(Session& session, const std::string& service, const std::string& dead_letter_id) {
  RedriveDeadLetterResponse total;
  if (dead_letter_id != "all") {
    TILTS_ASSIGN(total, Redrive(session, service, dead_letter_id));
  } else {
    TILTS_ASSIGN(const auto letters, LettersOf(session, service));
    Progress progress(session, "re-driving");
    for (int i = 0; i < letters.dead_letters_size(); ++i) {
      progress.Show(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(letters.dead_letters_size()));
      TILTS_ASSIGN(const auto one, Redrive(session, service, letters.dead_letters(i).dead_letter_id()));
      total.set_processed(total.processed() + one.processed());
    }
  }
  return Show(session, total, [&] { session.out << total.processed() << " records processed\n"; });
}

}  // namespace tilts::tiltsctl
