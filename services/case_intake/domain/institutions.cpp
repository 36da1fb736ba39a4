#include "case_intake/domain/institutions.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tilts::case_intake {
namespace {

// A chain of successors longer than this is a loop in the data.
constexpr int kLongestSuccession = 8;

bool Works(const Institution& institution, core::CityTime at) {
  return (!institution.valid_from || *institution.valid_from <= at) &&
         (!institution.valid_to || at < *institution.valid_to);
}

// How well the institution fits: 0 named in its territory, 1 stands there, 2 competent everywhere; nothing otherwise.
std::optional<int> Fit(const Institution& institution, std::string_view municipality) {
  if (municipality.empty()) return 0;
  const auto& territory = institution.territory;
  if (std::find(territory.begin(), territory.end(), municipality) != territory.end()) return 0;
  if (institution.municipality == municipality) return 1;
  if (territory.empty()) return 2;
  return std::nullopt;
}

}  // namespace

Institutions::Institutions(std::vector<Institution> list) {
  for (Institution& institution : list) {
    std::string id = institution.id;
    by_id_.insert_or_assign(std::move(id), std::move(institution));
  }
}

const Institution* Institutions::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

const Institution* Institutions::Valid(std::string_view id, core::CityTime at) const {
  const Institution* institution = Find(id);
  for (int step = 0; institution != nullptr && step < kLongestSuccession; ++step) {
    if (Works(*institution, at)) return institution;
    institution = Find(institution->successor_id);
  }
  return nullptr;
}

const Institution* Institutions::Competent(InstitutionKind kind, std::string_view municipality,
                                           core::CityTime at) const {
  const Institution* best = nullptr;
  std::tuple<int, std::uint32_t> best_rank;
  // In order of ids, so that equals are decided the same way everywhere.
  for (const auto& [id, institution] : by_id_) {
    if (institution.kind != kind || !Works(institution, at)) continue;
    const std::optional<int> fit = Fit(institution, municipality);
    if (!fit) continue;
    const std::tuple<int, std::uint32_t> rank{*fit, institution.preference};
    if (best == nullptr || rank < best_rank) {
      best = &institution;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace tilts::case_intake
