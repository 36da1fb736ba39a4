#include <gtest/gtest.h>
#include <tilts/cases/v1/events.pb.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "referral_routing/app/contract.hpp"
#include "referral_routing/app/routing_data.hpp"

// tests/golden/routing.csv: situations of the routing matrix and what each asks, one line each.
//   name; stream; concerns; relation; place; aggravating; level; urgency; age; residence; flags; expected
// Words are the contract's without prefix; `expected` are "PURPOSE:KINDS" in order of urgency.
namespace tilts::referral_routing {
namespace {

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
  EXPECT_NE(value, nullptr) << prefix << word;
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

std::string Asked(const Evaluation& evaluation) {
  const auto* kinds = codes::v1::InstitutionKind_descriptor();
  std::string text;
  for (const Wanted& wanted : evaluation.wanted) {
    std::string recipients;
    for (const InstitutionKind kind : wanted.action->recipients) {
      const std::string name = kinds->FindValueByNumber(static_cast<int>(kind))->name();
      recipients += (recipients.empty() ? "" : "+") + name.substr(std::string("INSTITUTION_KIND_").size());
    }
    text += (text.empty() ? "" : " ") + wanted.action->purpose + ":" + recipients;
  }
  return text;
}

TEST(RoutingGoldenTest, EverySituationAsksWhatTheTableSays) {
  const auto data = ReadRoutingData(TILTS_SOURCE_DIR "/services/referral_routing/data");
  ASSERT_TRUE(data);
  std::ifstream table(TILTS_SOURCE_DIR "/tests/golden/routing.csv");
  std::set<std::string> matched;
  int rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto cell = Split(line, ';');
    ASSERT_EQ(cell.size(), 12U) << line;
    const Evaluation evaluation = data->rules.Evaluate(SituationFrom(cell));
    EXPECT_EQ(Asked(evaluation), cell[11]) << cell[0];
    for (const RuleVerdict& verdict : evaluation.verdicts) {
      if (verdict.matched) matched.insert(verdict.rule->id);
    }
    ++rows;
  }
  EXPECT_GE(rows, 20);
  for (const Rule& rule : data->rules.rules()) EXPECT_TRUE(matched.contains(rule.id)) << rule.id << " has no row";
}

}  // namespace
}  // namespace tilts::referral_routing
