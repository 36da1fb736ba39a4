#include "case_intake/app/fact_record.hpp"

#include <initializer_list>

#include "crypto/blind_index.hpp"
#include "crypto/hash.hpp"

namespace tilts::case_intake {
namespace {

constexpr std::size_t kRecordIdBytes = 16;

// Lengths in front keep ("ab", "c") and ("a", "bc") apart.
std::string Join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += std::to_string(part.size()) + ":";
    text += part;
  }
  return text;
}

// The part of the natural key that the kind adds to institution and pupil.
struct KindKey {
  std::string operator()(const std::monostate&) const { return {}; }
  std::string operator()(const EnrolmentFact& fact) const { return std::to_string(fact.from.day); }
  std::string operator()(const AttendanceFact& fact) const { return std::to_string(fact.day.day); }
  std::string operator()(const ResultFact& fact) const {
    return Join({SchoolYearOn(fact.day.day), std::to_string(fact.period), fact.subject_code});
  }
  std::string operator()(const RepetitionFact& fact) const { return SchoolYearOn(fact.day.day); }
  std::string operator()(const BehaviourFact& fact) const { return fact.number; }
  std::string operator()(const ConsultationFact& fact) const { return fact.number; }
  std::string operator()(const MeasureFact& fact) const { return fact.number; }
};

std::string Short(const core::HmacKey& key, const std::string& text) {
  return core::Hex(key.Of(text), kRecordIdBytes);
}

}  // namespace

FactKeys::FactKeys(std::string_view secret)
    : record_key_(crypto::DeriveKey(secret, "case-intake/fact-record")),
      held_key_(crypto::DeriveKey(secret, "case-intake/held-fact")),
      number_key_(crypto::DeriveKey(secret, "case-intake/pupil-number")),
      vault_key_(crypto::DeriveKey(secret, "case-intake/enrolment-person")) {}

std::string FactKeys::RecordId(const Fact& fact, std::string_view institution_id,
                               std::string_view statistics_id) const {
  const std::string kind_key = std::visit(KindKey(), fact.body);
  if (!IsSupport(fact)) {
    const std::string number = crypto::NormaliseIdentifier(fact.pupil_number);
    return Short(record_key_, Join({KindOf(fact), institution_id, number, kind_key}));
  }
  if (statistics_id.empty()) return {};
  return Short(record_key_, Join({KindOf(fact), institution_id, statistics_id, kind_key}));
}

std::string FactKeys::EnrolmentRecordId(std::string_view institution_id, std::string_view pupil_number,
                                        Day from) const {
  Fact fact{std::string(pupil_number), 1, false, {}};
  fact.body = EnrolmentFact{.from = {{}, from}};
  return RecordId(fact, institution_id, {});
}

std::string FactKeys::HeldId(const Fact& fact, std::string_view institution_id) const {
  if (!IsSupport(fact)) return RecordId(fact, institution_id, {});
  return Short(held_key_, Join({KindOf(fact), institution_id, crypto::NormaliseIdentifier(fact.pupil_number),
                                SchoolYearOn(DayOf(fact)), std::visit(KindKey(), fact.body)}));
}

std::string FactKeys::NumberIndex(std::string_view institution_id, std::string_view pupil_number) const {
  const core::Sha256Digest index = number_key_.Of(Join({institution_id, crypto::NormaliseIdentifier(pupil_number)}));
  return {index.begin(), index.end()};
}

std::string FactKeys::VaultRequestId(std::string_view content) const {
  return core::Hex(vault_key_.Of(content));
}

}  // namespace tilts::case_intake
