// A score card: as a file, and as it comes in a CardActivated record.
#include "require.hpp"
#include "risk_scoring/app/cards.hpp"
#include "risk_scoring/domain/score.hpp"
#include "wire/json.hpp"

namespace tilts::risk_scoring {
namespace {

using fuzz::Require;

PupilState SomePupil() {
  PupilState state;
  Fact fact;
  fact.institution_id = "school-1";
  fact.revision = 1;
  fact.content = Enrolment{20'000, 0, 0, 2, 8};
  Apply(state, fact);
  for (int day = 20'330; day < 20'360; ++day) {
    fact.record_id[0] = static_cast<std::uint8_t>(day - 20'300);
    fact.content = Attendance{day, 7, 1, 1, 1, 3};
    Apply(state, fact);
  }
  return state;
}

ClosedDays SomeDays() {
  ClosedDays closed;
  for (int day = 20'330; day < 20'360; ++day) closed.Close({day, 2025, 1, 20'330, 20'330});
  return closed;
}

// A card that may score scores any pupil, and the score is the sum of its contributions.
void RequireScores(const CheckedCard& card) {
  static const PupilState pupil = SomePupil();
  static const ClosedDays closed = SomeDays();
  const core::Result<AsOf> as_of = SeenAt(closed, card, 20'359);
  Require(as_of.has_value(), "a closed day can be looked at");
  for (const PupilState& state : {PupilState(), pupil}) {
    const Assessment assessment = Evaluate(state, *as_of);
    std::int32_t sum = 0;
    for (const Contribution& one : assessment.contributions()) sum += one.points;
    Require(sum == assessment.points, "the score is the sum of its contributions");
    Require(assessment.tier <= 3, "a tier is one of three, or none");
    Require((assessment.tier == 0) == (assessment.abstention != Abstention::kNone), "a tier or an abstention");
  }
}

}  // namespace
}  // namespace tilts::risk_scoring

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using namespace tilts::risk_scoring;
  const std::string_view text = fuzz::Input(data, size);
  risk::v1::Card contract;
  const bool json = text.starts_with('{') && wire::FromJson(text, contract).has_value();
  if (!json && !contract.ParseFromArray(data, static_cast<int>(size))) return 0;
  const core::Result<CardInForce> card = MakeCard(contract);
  if (!card) {
    fuzz::RequireTold(card.error());
    return 0;
  }
  const core::Result<CardInForce> again = MakeCard((*card)->contract);
  Require(again.has_value() && (*again)->hash == (*card)->hash, "a card in force is the one that was checked");
  RequireScores((*card)->checked);
  return 0;
}
