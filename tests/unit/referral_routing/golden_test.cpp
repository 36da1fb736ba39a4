#include <gtest/gtest.h>
#include <tilts/cases/v1/events.pb.h>
#include <tilts/referrals/v1/rules.pb.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "core/concat.hpp"
#include "referral_routing/app/contract.hpp"
#include "referral_routing/app/routing_data.hpp"
#include "testing/source_tree.hpp"

// tests/golden/routing.txt: situations of the routing matrix and what each asks. Words are the contract's, without
// prefix.
namespace tilts::referral_routing {
namespace {

constexpr std::size_t kCells = 11;

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    const auto first = part.find_first_not_of(' ');
    const auto last = part.find_last_not_of(' ');
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
  }
  return parts;
}

std::vector<std::string> Words(const std::string& text) {
  auto words = Split(text, ' ');
  std::erase(words, "");
  return words;
}

int Number(const google::protobuf::EnumDescriptor* descriptor, const std::string& prefix, const std::string& word) {
  const auto* value = descriptor->FindValueByName(prefix + (word.empty() ? "UNSPECIFIED" : word));
  EXPECT_NE(value, nullptr) << prefix << word << ": the contract has no such code";
  return value == nullptr ? 0 : value->number();
}

Situation SituationFrom(const std::vector<std::string>& cell) {
  cases::v1::CaseFacts facts;
  facts.set_stream(static_cast<codes::v1::Stream>(Number(codes::v1::Stream_descriptor(), "STREAM_", cell[1])));
  for (const auto& word : Words(cell[2])) {
    facts.add_concerns(
        static_cast<codes::v1::ConcernCode>(Number(codes::v1::ConcernCode_descriptor(), "CONCERN_CODE_", word)));
  }
  facts.set_relation(static_cast<codes::v1::Relation>(Number(codes::v1::Relation_descriptor(), "RELATION_", cell[3])));
  facts.set_place(static_cast<codes::v1::Place>(Number(codes::v1::Place_descriptor(), "PLACE_", cell[4])));
  for (const auto& word : Words(cell[5])) {
    facts.add_aggravating(static_cast<codes::v1::AggravatingFact>(
        Number(codes::v1::AggravatingFact_descriptor(), "AGGRAVATING_FACT_", word)));
  }
  facts.set_level(static_cast<std::uint32_t>(std::stoi(cell[6])));
  facts.set_urgency(static_cast<codes::v1::Urgency>(Number(codes::v1::Urgency_descriptor(), "URGENCY_", cell[7])));
  facts.set_age_years(static_cast<std::uint32_t>(std::stoi(cell[8])));
  facts.set_residence_municipality(cell[9] == "OUTSIDE" ? "LV-JUR" : cell[9] == "INSIDE" ? "LV-RIX" : "");
  const auto flags = Words(cell[10]);
  const auto flag = [&](const char* name) { return std::ranges::find(flags, name) != flags.end(); };
  facts.set_in_out_of_family_care(flag("in_care"));
  facts.set_staff_alleged(flag("staff"));
  return {FromProto(facts), "LV-RIX", flag("night"), core::ParseRfc3339("2026-03-02T09:00:00Z").value()};
}

std::string Word(const google::protobuf::EnumDescriptor* descriptor, int number, const std::string& prefix) {
  return descriptor->FindValueByNumber(number)->name().substr(prefix.size());
}

// "  URGENT FAMILY_SUPPORT > SOCIAL_SERVICE: act, exclusive, DECLARED_RESIDENCE, victim-help (family-violence 1)"
std::string TextOf(const Wanted& wanted) {
  const Action& action = *wanted.action;
  std::string kinds;
  for (const InstitutionKind kind : action.recipients) {
    kinds += (kinds.empty() ? "" : " else ") +
             Word(codes::v1::InstitutionKind_descriptor(), static_cast<int>(kind), "INSTITUTION_KIND_");
  }
  return core::Concat(
      "  ", Word(codes::v1::Urgency_descriptor(), static_cast<int>(action.urgency), "URGENCY_"), " ", action.purpose,
      " > ", kinds, ": ", action.kind == ReferralKind::kAct ? "act" : "inform", ", ",
      action.duty == Duty::kExclusive ? "exclusive" : "replaceable", ", ",
      Word(referrals::v1::TerritoryKey_descriptor(), static_cast<int>(action.territory) + 1, "TERRITORY_KEY_"), ", ",
      action.policy_id, action.tells_parents ? ", tells the parents" : "", " (", wanted.rule->id, " ",
      wanted.rule->version, ")\n");
}

std::string TermsOf(const PolicySet& policies) {
  std::string text;
  for (const auto& [id, policy] : policies.policies) {
    text += core::Concat(id, " ", policy.version, ":");
    for (const auto& [clock, rule] : policy.clocks) {
      text += core::Concat(" ", ToString(clock), " ", calendar::ToString(rule.deadline.kind), " ", rule.deadline.amount,
                           " by ladder ", rule.ladder_id, ";");
    }
    text += "\n";
  }
  return text;
}

// The golden file as these rules have it: the lines that people write are taken from `lines`. `rows` counts for each
// rule the situations in which it decides something.
std::string Rendered(const RoutingData& data, const std::vector<std::string>& lines, std::map<std::string, int>& rows) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
    if (line.starts_with("#")) continue;
    const std::vector<std::string> cells = Split(line + " ", ';');
    if (cells.size() != kCells) {
      ADD_FAILURE() << "a situation has ten semicolons, as the line \"# name; ...\" says: " << line;
      continue;
    }
    const Evaluation evaluation = data.rules.Evaluate(SituationFrom(cells));
    std::set<std::string> deciding;
    for (const Wanted& wanted : evaluation.wanted) {
      text += TextOf(wanted);
      deciding.insert(wanted.rule->id);
    }
    for (const std::string& id : deciding) ++rows[id];
  }
  text += "# Terms\n" + TermsOf(data.policies) +
          "# Rules: priority, version, in how many situations above it decides, law\n";
  for (const Rule& rule : data.rules.rules()) {
    text +=
        core::Concat(rule.priority, " ", rule.id, " ", rule.version, "; ", rows[rule.id], "; ", rule.legal_basis, "\n");
  }
  return text;
}

std::string Faults(const core::Error& error) {
  std::string text = error.message;
  for (const core::Violation& each : error.violations) {
    text += core::Concat("\n  ", each.field, ": ", each.code, ": ", each.message);
  }
  return text;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What people write: everything but the indented lines, up to the terms.
std::vector<std::string> Written(const std::string& golden) {
  std::vector<std::string> lines;
  std::stringstream stream(golden);
  for (std::string line; std::getline(stream, line) && line != "# Terms";) {
    if (!line.empty() && line.front() != ' ') lines.push_back(line);
  }
  return lines;
}

TEST(RoutingGoldenTest, EverySituationAsksWhatTheTableSays) {
  const auto data = ReadRoutingData(testing::SourceTree() + "/services/referral_routing/data");
  ASSERT_TRUE(data) << Faults(data.error());
  const std::string path = testing::SourceTree() + "/tests/golden/routing.txt";
  const std::string golden = ReadText(path);
  std::map<std::string, int> rows;
  const std::string rendered = Rendered(*data, Written(golden), rows);
  for (const Rule& rule : data->rules.rules()) {
    EXPECT_GT(rows[rule.id], 0) << rule.id << " decides in no situation: give it a line in tests/golden/routing.txt";
  }
  const char* mode = std::getenv("TILTS_GOLDEN");
  if (mode != nullptr && mode == std::string("write")) {
    std::ofstream(path) << rendered;
  } else {
    EXPECT_EQ(rendered, golden) << "the rules ask something else than tests/golden/routing.txt says; if that is meant, "
                                   "run this test with TILTS_GOLDEN=write and read the difference";
  }
}

}  // namespace
}  // namespace tilts::referral_routing
