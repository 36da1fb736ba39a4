#include "risk_scoring/app/comparison.hpp"

#include <algorithm>

#include "core/concat.hpp"
#include "core/sha256.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr int kMostNamed = 100;

std::string ControlName(std::int32_t partition) {
  return core::Concat("partition/", partition, "/control");
}

void Name(const std::string& object, const char* what, operations::v1::GetRebuildResponse& report) {
  report.set_difference_count(report.difference_count() + 1);
  if (report.differences_size() == kMostNamed) return;
  auto& difference = *report.add_differences();
  difference.set_object_id(object);
  difference.set_what(what);
}

}  // namespace

core::Result<Picture> PictureOf(const Partition& rebuilt, std::int32_t partition) {
  Picture picture;
  TILTS_ASSIGN(std::string control, PackControl(rebuilt.control()));
  picture.emplace_back(ControlName(partition), std::move(control));
  for (const auto& [pupil_id, bytes] : rebuilt.proposals()) picture.emplace_back("proposal/" + pupil_id, bytes);
  for (const auto& [pupil_id, pupil] : rebuilt.pupils()) picture.emplace_back("pupil/" + pupil_id, Encode(pupil.state));
  std::sort(picture.begin(), picture.end());
  return picture;
}

Picture PictureOf(std::int32_t partition, const std::string& control,
                  const std::vector<std::pair<std::string, std::string>>& pupils,
                  const std::vector<std::pair<std::string, std::string>>& proposals) {
  Picture picture;
  picture.emplace_back(ControlName(partition), control);
  for (const auto& [pupil_id, bytes] : proposals) picture.emplace_back("proposal/" + pupil_id, bytes);
  for (const auto& [pupil_id, bytes] : pupils) picture.emplace_back("pupil/" + pupil_id, CanonicalPart(bytes));
  std::sort(picture.begin(), picture.end());
  return picture;
}

std::string DigestOf(const Picture& picture) {
  std::string digests;
  for (const auto& [name, bytes] : picture) digests += core::Concat(name, "=", core::Hex(core::Sha256(bytes)), "\n");
  return core::Hex(core::Sha256(digests));
}

void Compare(const Picture& live, const Picture& rebuilt, operations::v1::GetRebuildResponse& report) {
  auto mine = live.begin();
  for (const auto& [name, bytes] : rebuilt) {
    for (; mine != live.end() && mine->first < name; ++mine) Name(mine->first, "superfluous", report);
    report.set_compared(report.compared() + 1);
    if (mine == live.end() || mine->first != name) {
      Name(name, "missing", report);
      continue;
    }
    if (mine->second != bytes) Name(name, "differs", report);
    ++mine;
  }
  for (; mine != live.end(); ++mine) Name(mine->first, "superfluous", report);
}

}  // namespace tilts::risk_scoring
