#include "tiltsctl/app/referral_commands.hpp"

#include <absl/strings/ascii.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include <memory>
#include <ostream>

#include "core/concat.hpp"
#include "crypto/random.hpp"
#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/message_text.hpp"
#include "tiltsctl/app/table.hpp"
#include "wire/bytes.hpp"

namespace tilts::tiltsctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

constexpr char kService[] = "referral-routing";
constexpr char kContract[] = "tilts.referrals.v1.ReferralService";
constexpr std::uint32_t kPage = 200;

// "MarkEnteredInError" -> "mark-entered-in-error", "AcceptReferral" -> "accept"
std::string VerbOf(const std::string& method) {
  std::string verb;
  for (const char character : method) {
    if (absl::ascii_isupper(static_cast<unsigned char>(character)) && !verb.empty()) verb.push_back('-');
    verb.push_back(absl::ascii_tolower(static_cast<unsigned char>(character)));
  }
  constexpr std::string_view kObject = "-referral";
  if (verb.ends_with(kObject)) verb.resize(verb.size() - kObject.size());
  return verb;
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

const MethodDescriptor* ContractOf(const Move& move) {
  std::string name = move.method;
  name[name.find('/')] = '.';
  return DescriptorPool::generated_pool()->FindMethodByName(name);
}

std::vector<Move> ReadMoves() {
  std::vector<Move> moves;
  const auto* service = DescriptorPool::generated_pool()->FindServiceByName(kContract);
  for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
    const MethodDescriptor& method = *service->method(i);
    const Descriptor& request = *method.input_type();
    if (request.FindFieldByName("referral_id") == nullptr || request.FindFieldByName("request_id") == nullptr) continue;
    Move move{VerbOf(method.name()), core::Concat(kContract, "/", method.name()), {}};
    for (int f = 0; f < request.field_count(); ++f) {
      if (request.field(f)->name() != "referral_id") move.options.push_back(request.field(f)->name());
    }
    moves.push_back(std::move(move));
  }
  return moves;
}

std::string DueText(const referrals::v1::ReferralFacts& facts) {
  const auto& due = facts.has_acknowledge_due_at() ? facts.acknowledge_due_at()
                    : facts.has_answer_due_at()    ? facts.answer_due_at()
                                                   : facts.outcome_due_at();
  return TimeText(due);
}

void AddRow(const referrals::v1::Referral& referral, Table& table) {
  const auto& facts = referral.facts();
  table.Add({facts.referral_id(), EnumText(*codes::v1::ReferralState_descriptor(), facts.state()),
             facts.overdue() ? "OVERDUE" : "", EnumText(*codes::v1::Urgency_descriptor(), facts.urgency()),
             EnumText(*codes::v1::ReferralKind_descriptor(), facts.kind()), facts.purpose_code(), DueText(facts),
             facts.requester_id(), facts.recipient_id(), facts.case_id()});
}

// Free text may stand in a file, so that it does not stay in the shell's history.
core::Result<std::string> TextOf(const std::string& given) {
  if (given.starts_with('@')) return ReadWholeFile(given.substr(1));
  return given;
}

}  // namespace

const std::vector<Move>& Moves() {
  static const std::vector<Move> moves = ReadMoves();
  return moves;
}

std::string OptionHelp(const Move& move, const std::string& field) {
  if (field == "request_id") return "repeats a move whose outcome is not known";
  if (field == "etag") return "only if the referral is still as this etag says";
  const auto& descriptor = *ContractOf(move)->input_type()->FindFieldByName(field);
  if (descriptor.enum_type() != nullptr) return EnumNames(*descriptor.enum_type());
  if (descriptor.message_type() != nullptr) return "RFC 3339 time";
  return descriptor.is_repeated() ? "one or more, with commas" : "text, or @FILE to read it from";
}

core::Result<int> ListReferrals(Session& session, const ReferralFilter& filter) {
  referrals::v1::ListReferralsRequest request;
  request.set_page_size(kPage);
  request.set_only_open(filter.only_open);
  request.set_as_requester(filter.as_requester);
  request.set_case_id(filter.case_id);
  if (!filter.state.empty()) {
    TILTS_CHECK(SetField(request, *request.GetDescriptor()->FindFieldByName("state"), filter.state));
  }
  referrals::v1::ListReferralsResponse all;
  do {
    TILTS_ASSIGN(auto page, session.connection.Call<referrals::v1::ListReferralsResponse>(
                                kService, core::Concat(kContract, "/ListReferrals"), request));
    request.set_page_token(page.next_page_token());
    for (auto& referral : *page.mutable_referrals()) all.add_referrals()->Swap(&referral);
  } while (!request.page_token().empty());
  return Show(session, all, [&] {
    Table table(
        {"REFERRAL", "STATE", "LATE", "URGENCY", "KIND", "PURPOSE", "NEXT DUE", "REQUESTER", "RECIPIENT", "CASE"});
    for (const auto& referral : all.referrals()) AddRow(referral, table);
    table.Print(session.out);
  });
}

core::Result<int> ShowReferral(Session& session, const std::string& referral_id) {
  referrals::v1::GetReferralRequest request;
  request.set_referral_id(referral_id);
  TILTS_ASSIGN(const auto answer, session.connection.Call<referrals::v1::GetReferralResponse>(
                                      kService, core::Concat(kContract, "/GetReferral"), request));
  return Show(session, answer, [&] { PrintMessage(answer.referral(), session.out); });
}

core::Result<int> MakeMove(Session& session, const Move& move, const std::string& referral_id,
                           const std::map<std::string, std::string>& values) {
  const MethodDescriptor* contract = ContractOf(move);
  const auto request = NewMessage(contract->input_type());
  std::map<std::string, std::string> fields = values;
  fields["referral_id"] = referral_id;
  fields.try_emplace("request_id", crypto::RandomId());
  for (const auto& [name, given] : fields) {
    TILTS_ASSIGN(const std::string text, TextOf(given));
    TILTS_CHECK(SetField(*request, *contract->input_type()->FindFieldByName(name), text));
  }
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(*request));
  auto raw = session.connection.CallRaw(kService, move.method, bytes);
  if (!raw) {
    core::Error error = std::move(raw).error();
    if (error.code == core::Errc::kUnavailable || error.code == core::Errc::kTimeout) {
      error.message += core::Concat("; it may have happened: repeat it with --request-id ", fields["request_id"]);
    }
    return core::Fail(std::move(error));
  }
  const auto answer = NewMessage(contract->output_type());
  TILTS_CHECK(wire::Parse(*raw, *answer));
  return Show(session, *answer, [&] { PrintMessage(*answer, session.out); });
}

}  // namespace tilts::tiltsctl
