#include "indicator_aggregation/domain/row.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <tuple>

namespace tilts::indicator_aggregation {
namespace {

auto Tuple(const Row& row) {
  return std::tie(row.withdrawn, row.day, row.to_day, row.codes, row.subject_id, row.institution_id, row.municipality,
                  row.school_year, row.kind);
}

const Row& Stays(const Row& a, const Row& b) {
  if (a.revision != b.revision) return a.revision > b.revision ? a : b;
  return Tuple(b) < Tuple(a) ? b : a;
}

std::vector<int*> Fields(Codes& codes) {
  return {&codes.end_reason,     &codes.specialist,    &codes.mode,     &codes.place,
          &codes.measure,        &codes.stage,         &codes.grade,    &codes.institution_kind,
          &codes.referral_state, &codes.reject_reason, &codes.semester, &codes.decision,
          &codes.marks};
}

// Numbers parted by `separator`; false when something else stands there.
bool ReadNumbers(std::string_view text, char separator, std::vector<int>& numbers) {
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (true) {
    int number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) return false;
    numbers.push_back(number);
    if (next == end) return true;
    if (*next != separator) return false;
    at = next + 1;
  }
}

}  // namespace

Row Merge(const Row& a, const Row& b) {
  if (a.kind != RowKind::kReferral || b.kind != RowKind::kReferral) return Stays(a, b);
  // The marks take no part in who stays: they are the same afterwards.
  Row left = a;
  Row right = b;
  left.codes.marks = right.codes.marks = a.codes.marks | b.codes.marks;
  left.day = right.day = std::min(a.day, b.day);
  return Stays(left, right);
}

std::string ToText(const Codes& codes) {
  Codes copy = codes;
  std::string text;
  for (const int* field : Fields(copy)) text += (text.empty() ? "" : ",") + std::to_string(*field);
  text += ';';
  for (std::size_t i = 0; i < codes.reasons.size(); ++i) {
    text += (i == 0 ? "" : ",") + std::to_string(codes.reasons[i]);
  }
  return text;
}

bool FromText(const std::string& text, Codes& codes) {
  const auto part = text.find(';');
  if (part == std::string::npos) return false;
  Codes read;
  const std::vector<int*> fields = Fields(read);
  std::vector<int> numbers;
  if (!ReadNumbers(std::string_view(text).substr(0, part), ',', numbers) || numbers.size() != fields.size()) {
    return false;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) *fields[i] = numbers[i];
  const std::string_view reasons = std::string_view(text).substr(part + 1);
  if (!reasons.empty() && !ReadNumbers(reasons, ',', read.reasons)) return false;
  codes = std::move(read);
  return true;
}

}  // namespace tilts::indicator_aggregation
