#include "referral_routing/adapters/referral_probe.hpp"

#include <absl/strings/ascii.h>
#include <tilts/codes/v1/codes.pb.h>

#include <algorithm>
#include <array>

namespace tilts::referral_routing {
namespace {

constexpr std::chrono::hours kSoon{24};

// "INSTITUTION_KIND_STATE_POLICE" -> "state_police"
std::string Label(const std::string& name) {
  return absl::AsciiStrToLower(name.substr(sizeof("INSTITUTION_KIND_") - 1));
}

constexpr char kOpen[] =
    "SELECT recipient_id, count(*), count(*) FILTER (WHERE clock_due_at <= $1), "
    "count(*) FILTER (WHERE clock_due_at > $1 AND clock_due_at <= $2), "
    "count(*) FILTER (WHERE urgency_rank = $3 AND state = $4), "
    "min(clock_due_at) FILTER (WHERE urgency_rank = $3 AND state = $4) "
    "FROM referral WHERE is_open GROUP BY recipient_id";

}  // namespace

ReferralProbe::ReferralProbe(metrics::Registry& registry)
    : imminent_(registry.AddGauge("tilts_referrals_imminent_unacknowledged",
                                  "Referrals about imminent danger that nobody has acknowledged")),
      imminent_seconds_(registry.AddGauge("tilts_referrals_imminent_late_seconds",
                                          "City time since the first of them should have been acknowledged")) {
  const auto& kinds = *codes::v1::InstitutionKind_descriptor();
  for (int i = 0; i < kinds.value_count(); ++i) {
    const metrics::Labels labels{{"institution_kind", Label(kinds.value(i)->name())}};
    const auto answers = [&](const char* outcome) {
      return registry.AddCounter("tilts_referrals_answers_total", "First answers in time, and times that ran out",
                                 {labels.front(), {"outcome", outcome}});
    };
    kinds_[static_cast<InstitutionKind>(kinds.value(i)->number())] = {
        answers("in_time"), answers("missed"),
        registry.AddGauge("tilts_referrals_open", "Referrals on which somebody owes something", labels),
        registry.AddGauge("tilts_referrals_overdue", "Open referrals whose running clock is past its time", labels),
        registry.AddGauge("tilts_referrals_due_soon", "Open referrals whose clock ends within 24 hours", labels)};
  }
}

void ReferralProbe::Changed(const Referral& before, const Referral& after) const {
  const auto found = kinds_.find(before.recipient_kind);
  if (found == kinds_.end() || before.answered_at || before.overdue) return;
  if (after.overdue || after.state == ReferralState::kExpired) {
    found->second.missed.Add();
  } else if (after.answered_at) {
    found->second.in_time.Add();
  }
}

core::Status ReferralProbe::Measure(postgres::Database& database, const Directory& directory,
                                    core::CityTime now) const {
  TILTS_ASSIGN(const auto rows, database.Query(kOpen, {now, now + kSoon, -static_cast<int>(Urgency::kImminent),
                                                       static_cast<int>(ReferralState::kRequested)}));
  std::map<InstitutionKind, std::array<std::int64_t, 3>> counts;
  std::int64_t imminent = 0;
  std::optional<core::CityTime> first;
  for (const postgres::Row row : rows) {
    const Institution* recipient = FindInstitution(directory.institutions(), InstitutionId(row.Text(0)));
    auto& kind = counts[recipient == nullptr ? InstitutionKind::kUnspecified : recipient->kind];
    for (int i = 0; i < 3; ++i) kind.at(static_cast<std::size_t>(i)) += row.Int(1 + i);
    imminent += row.Int(4);
    if (const auto due = row.OptionalTime(5); due && (!first || *due < *first)) first = due;
  }
  for (const auto& [kind, gauges] : kinds_) {
    const auto& [open, overdue, soon] = counts[kind];
    gauges.open.Set(static_cast<double>(open));
    gauges.overdue.Set(static_cast<double>(overdue));
    gauges.due_soon.Set(static_cast<double>(soon));
  }
  imminent_.Set(static_cast<double>(imminent));
  imminent_seconds_.Set(first ? std::max(0.0, std::chrono::duration<double>(now - *first).count()) : 0);
  return {};
}

}  // namespace tilts::referral_routing
