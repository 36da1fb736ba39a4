#include "case_intake/adapters/pupil_directory.hpp"

#include <map>

#include "crypto/blind_index.hpp"

namespace tilts::case_intake {
namespace {

constexpr std::size_t kMostNumbers = 1'000;

}  // namespace

std::vector<PupilAnswer> PupilDirectory::Find(const std::string& institution_id,
                                              const std::vector<PupilQuestion>& questions, const VaultCall& call,
                                              std::size_t most_calls) {
  std::vector<PupilAnswer> answers(questions.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto cached = cache_.Find(institution_id, questions[i].number, questions[i].day);
    if (cached) {
      answers[i] = {PupilAnswer::Kind::kKnown, *std::move(cached)};
    } else {
      open.push_back(i);
    }
  }
  for (std::size_t calls = 0; calls < most_calls && !open.empty(); ++calls) {
    const core::Status asked = Ask(institution_id, questions, call, open, answers);
    if (asked) continue;
    log_.Warning("pupil numbers could not be looked up; facts about new ones are held",
                 {{"code", core::ToString(asked.error().code)}, {"reason", asked.error().reason}});
    break;
  }
  return answers;
}

core::Status PupilDirectory::Ask(const std::string& institution_id, const std::vector<PupilQuestion>& questions,
                                 const VaultCall& call, std::vector<std::size_t>& open,
                                 std::vector<PupilAnswer>& answers) {
  registry::v1::LookUpPupilNumbersRequest request;
  request.set_institution_id(institution_id);
  request.set_day(questions[open.front()].day);
  std::map<std::string, int> positions;
  for (const std::size_t i : open) {
    if (positions.size() == kMostNumbers) break;
    const auto [at, added] =
        positions.try_emplace(crypto::NormaliseIdentifier(questions[i].number), request.pupil_numbers_size());
    if (added) request.add_pupil_numbers(questions[i].number);
  }
  TILTS_ASSIGN(const auto response, registry_.LookUp(request, call));
  if (response.pupils_size() != request.pupil_numbers_size()) {
    return core::Fail(core::Errc::kCorrupt, "the registry answered for another number of pupils than it was asked for",
                      "VAULT_ANSWER");
  }
  std::vector<std::size_t> left;
  for (const std::size_t i : open) {
    const auto position = positions.find(crypto::NormaliseIdentifier(questions[i].number));
    if (position == positions.end()) {
      left.push_back(i);
      continue;
    }
    const registry::v1::PupilNumberEntry& found = response.pupils(position->second);
    const PupilEntry entry{found.person_id(), found.statistics_id(), found.valid_from_day(), found.valid_to_day()};
    if (questions[i].day != request.day() && !entry.HoldsOn(questions[i].day)) {
      left.push_back(i);
      continue;
    }
    answers[i] = {entry.person_id.empty() ? PupilAnswer::Kind::kUnknown : PupilAnswer::Kind::kKnown, entry};
    // Only who is known: an unknown number may become known at any moment.
    if (!entry.person_id.empty()) cache_.Put(institution_id, questions[i].number, entry);
  }
  open = std::move(left);
  return {};
}

}  // namespace tilts::case_intake
