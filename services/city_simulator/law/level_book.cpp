#include "city_simulator/law/level_book.hpp"

#include <algorithm>

namespace tilts::city_simulator {
namespace {

template <typename Code>
bool Meets(const std::set<Code>& asked, const std::set<Code>& present) {
  return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](Code code) { return present.contains(code); });
}

template <typename Code>
bool Meets(const std::set<Code>& asked, Code present) {
  return asked.empty() || asked.contains(present);
}

}  // namespace

void LevelBook::Read(const std::string& path, Reading& reading) {
  namespace code = codes::v1;
  const nlohmann::json file = reading.File(path);
  for (const auto& rule : file.value("rules", nlohmann::json::array())) {
    const std::string where = path + " rule " + rule.value("id", "?");
    reading.KnowsOnly(rule, {"id", "streams", "concerns", "aggravating", "relations", "places", "level", "urgency"},
                      where);
    Line line;
    line.streams = reading.Codes<code::Stream>(rule, "streams", code::Stream_descriptor(), where);
    line.concerns = reading.Codes<code::ConcernCode>(rule, "concerns", code::ConcernCode_descriptor(), where);
    line.aggravating =
        reading.Codes<code::AggravatingFact>(rule, "aggravating", code::AggravatingFact_descriptor(), where);
    line.relations = reading.Codes<code::Relation>(rule, "relations", code::Relation_descriptor(), where);
    line.places = reading.Codes<code::Place>(rule, "places", code::Place_descriptor(), where);
    line.level = rule.value("level", 0U);
    if (rule.contains("urgency"))
      line.urgency = reading.Code<code::Urgency>(rule["urgency"], code::Urgency_descriptor(), where);
    lines_.push_back(std::move(line));
  }
  if (lines_.empty()) reading.Complain(path + " has no rules");
}

void LevelBook::Raise(Picture& picture) const {
  for (const Line& line : lines_) {
    if (!Meets(line.streams, picture.stream) || !Meets(line.concerns, picture.concerns) ||
        !Meets(line.aggravating, picture.aggravating) || !Meets(line.relations, picture.relation) ||
        !Meets(line.places, picture.place)) {
      continue;
    }
    picture.level = std::max(picture.level, line.level);
    picture.urgency = std::max(picture.urgency, line.urgency);
  }
}

}  // namespace tilts::city_simulator
