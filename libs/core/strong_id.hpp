#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace tilts::core {

// A string that cannot be passed where another kind of id is expected.
template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}

  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string value_;
};

using CaseId = Id<struct CaseTag>;
using ReferralId = Id<struct ReferralTag>;
using InstitutionId = Id<struct InstitutionTag>;
using PersonId = Id<struct PersonTag>;
using ReportId = Id<struct ReportTag>;
using EventId = Id<struct EventTag>;
using NoteId = Id<struct NoteTag>;

}  // namespace tilts::core

template <typename Tag>
struct std::hash<tilts::core::Id<Tag>> {
  std::size_t operator()(const tilts::core::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value()); }
};
