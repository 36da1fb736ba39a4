#include "tiltsctl/app/status_command.hpp"

#include <algorithm>
#include <ostream>
#include <vector>

#include "core/concat.hpp"
#include "tiltsctl/app/message_text.hpp"
#include "tiltsctl/app/status_round.hpp"
#include "tiltsctl/app/table.hpp"
#include "wire/json.hpp"

namespace tilts::tiltsctl {
namespace {

using operations::v1::GetStatusResponse;

std::string StoresText(const GetStatusResponse& status) {
  std::string text;
  for (const auto& store : status.stores()) {
    text += core::Concat(text.empty() ? "" : " ", store.name(), store.reachable() ? "" : "!DOWN");
  }
  return text;
}

std::string OldestText(const GetStatusResponse& status) {
  if (!status.oldest_undone().empty())
    return core::Concat(status.oldest_undone(), " ", TimeText(status.oldest_undone_at()));
  return status.has_oldest_outbox_at() ? core::Concat("outbox ", TimeText(status.oldest_outbox_at())) : std::string();
}

void PrintTable(const std::vector<StatusAnswer>& answers, std::ostream& out) {
  Table table({"SERVICE", "READY", "AT REST", "STORES", "OUTBOX", "LAG", "DUE", "WORKING", "DEAD", "PARKED", "NEXT DUE",
               "OLDEST UNDONE"});
  for (const StatusAnswer& answer : answers) {
    if (!answer.status) {
      table.Add({answer.service, "NO", "", core::Concat("no answer: ", core::ToString(answer.status.error().code))});
      continue;
    }
    const GetStatusResponse& status = *answer.status;
    table.Add({answer.service, status.ready() ? "yes" : "NO", status.at_rest() ? "yes" : "no", StoresText(status),
               core::Concat(status.outbox_rows()), core::Concat(status.lag_records()), core::Concat(status.due_now()),
               core::Concat(status.in_flight()), core::Concat(status.dead_letters()),
               core::Concat(status.parked_deliveries()), TimeText(status.next_due_at()), OldestText(status)});
  }
  table.Print(out);
  for (const StatusAnswer& answer : answers) {
    if (answer.status) {
      out << "city time " << TimeText(answer.status->city_time()) << ", version " << answer.status->version() << '\n';
      break;
    }
  }
}

core::Status PrintJson(const std::vector<StatusAnswer>& answers, std::ostream& out) {
  out << "{\"services\": [";
  const char* separator = "";
  for (const StatusAnswer& answer : answers) {
    GetStatusResponse status = answer.status ? *answer.status : GetStatusResponse();
    status.set_service(answer.service);
    TILTS_ASSIGN(const std::string json, wire::ToJson(status, wire::JsonStyle::kEveryPrimitive));
    out << separator << json;
    separator = ",\n";
  }
  out << "]}\n";
  return {};
}

}  // namespace

core::Result<int> ShowStatus(Session& session) {
  const std::vector<StatusAnswer> answers = AskAll(session.connection);
  if (session.json) {
    TILTS_CHECK(PrintJson(answers, session.out));
  } else {
    PrintTable(answers, session.out);
  }
  const bool well = std::all_of(answers.begin(), answers.end(),
                                [](const StatusAnswer& answer) { return answer.status && answer.status->ready(); });
  if (well) return kDone;
  // A refused key explains an empty table better than the table does.
  for (const StatusAnswer& answer : answers) {
    if (!answer.status) session.err << answer.service << ": " << answer.status.error().message << '\n';
  }
  return kRefused;
}

}  // namespace tilts::tiltsctl
