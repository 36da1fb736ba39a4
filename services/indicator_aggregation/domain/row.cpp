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

std::vector<std::int64_t*> Fields(Times& times) {
  return {&times.requested, &times.received, &times.answered, &times.concluded};
}

// Numbers parted by `separator`; false when something else stands there.
template <typename Number>
bool ReadNumbers(std::string_view text, char separator, std::vector<Number>& numbers) {
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (true) {
    Number number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) return false;
    numbers.push_back(number);
    if (next == end) return true;
    if (*next != separator) return false;
    at = next + 1;
  }
}

template <typename Number>
bool ReadInto(std::string_view text, const std::vector<Number*>& fields) {
  std::vector<Number> numbers;
  if (!ReadNumbers(text, ',', numbers) || numbers.size() != fields.size()) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) *fields[i] = numbers[i];
  return true;
}

Times Earliest(Times a, Times b) {
  const std::vector<std::int64_t*> left = Fields(a);
  const std::vector<std::int64_t*> right = Fields(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (*left[i] == 0 || (*right[i] != 0 && *right[i] < *left[i])) *left[i] = *right[i];
  }
  return a;
}

}  // namespace

Row Merge(const Row& a, const Row& b) {
  if (a.kind != RowKind::kReferral || b.kind != RowKind::kReferral) return Stays(a, b);
  // Marks and times take no part in who stays: they are the same afterwards.
  Row left = a;
  Row right = b;
  left.codes.marks = right.codes.marks = a.codes.marks | b.codes.marks;
  left.codes.times = right.codes.times = Earliest(a.codes.times, b.codes.times);
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
  if (codes.times == Times{}) return text;
  text += ';';
  for (const std::int64_t* time : Fields(copy.times)) text += (text.back() == ';' ? "" : ",") + std::to_string(*time);
  return text;
}

bool FromText(const std::string& text, Codes& codes) {
  const auto part = text.find(';');
  if (part == std::string::npos) return false;
  Codes read;
  if (!ReadInto(std::string_view(text).substr(0, part), Fields(read))) return false;
  std::string_view reasons = std::string_view(text).substr(part + 1);
  if (const auto times = reasons.find(';'); times != std::string_view::npos) {
    if (!ReadInto(reasons.substr(times + 1), Fields(read.times))) return false;
    reasons = reasons.substr(0, times);
  }
  if (!reasons.empty() && !ReadNumbers(reasons, ',', read.reasons)) return false;
  codes = std::move(read);
  return true;
}

}  // namespace tilts::indicator_aggregation
