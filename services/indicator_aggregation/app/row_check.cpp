#include "indicator_aggregation/app/row_check.hpp"

#include <algorithm>
#include <string_view>

#include "core/sha256.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr std::size_t kRecordIdBytes = 16;
constexpr std::size_t kLongestId = 128;
constexpr int kMostRevisions = 65'535;
constexpr int kFirstDay = 3'652;  // 1980-01-01
constexpr int kLastDay = 47'847;  // 2101-01-01

bool IsId(std::string_view text) {
  const auto printable = [](char letter) { return letter > ' ' && letter != 127; };
  return text.size() <= kLongestId && std::all_of(text.begin(), text.end(), printable);
}

bool IsDay(int day) {
  return day >= kFirstDay && day <= kLastDay;
}

core::Status Wrong(const char* what) {
  return core::Fail(core::Errc::kInvalid, what, "FACT_INVALID");
}

}  // namespace

core::Status CheckRow(const Row& row) {
  if (row.record_id.size() != kRecordIdBytes) return Wrong("a record id has 16 bytes");
  if (row.revision < 1 || row.revision > kMostRevisions) return Wrong("a revision is 1 to 65535");
  const bool nothing = row.withdrawn && row.day == 0;
  if (!nothing && !IsDay(row.day)) return Wrong("the day is not in this century");
  if (row.to_day != 0 && !IsDay(row.to_day)) return Wrong("the last day is not in this century");
  for (const std::string* id : {&row.subject_id, &row.institution_id, &row.municipality, &row.school_year}) {
    if (!IsId(*id)) return Wrong("an id has at most 128 printable characters");
  }
  return {};
}

std::string RecordIdOf(const std::string& kind, const std::string& key) {
  const core::Sha256Digest digest = core::Sha256(kind + "/" + key);
  return {digest.begin(), digest.begin() + kRecordIdBytes};
}

}  // namespace tilts::indicator_aggregation
