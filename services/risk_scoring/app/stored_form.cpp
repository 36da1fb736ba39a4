#include <tilts/risk/v1/stored.pb.h>

#include <algorithm>

#include "risk_scoring/app/partition.hpp"
#include "wire/bytes.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr std::size_t kOffsetBytes = 8;
constexpr unsigned kByte = 8;

}  // namespace

std::string PackPupil(const PupilAt& pupil) {
  std::string bytes(kOffsetBytes, '\0');
  const auto offset = static_cast<std::uint64_t>(pupil.as_of);
  for (std::size_t i = 0; i < kOffsetBytes; ++i) {
    bytes[i] = static_cast<char>(offset >> (kByte * (kOffsetBytes - 1 - i)) & 0xFF);
  }
  return bytes + Encode(pupil.state);
}

std::string_view CanonicalPart(std::string_view packed) {
  return packed.substr(std::min(packed.size(), kOffsetBytes));
}

core::Result<PupilAt> UnpackPupil(std::string_view bytes) {
  if (bytes.size() < kOffsetBytes) {
    return core::Fail(core::Errc::kCorrupt, "a pupil's state in Redis is not ours: rebuild it", "PUPIL_STATE");
  }
  PupilAt pupil;
  std::uint64_t offset = 0;
  for (const char byte : bytes.substr(0, kOffsetBytes)) offset = offset << kByte | static_cast<std::uint8_t>(byte);
  pupil.as_of = static_cast<std::int64_t>(offset);
  TILTS_ASSIGN(pupil.state, DecodePupilState(CanonicalPart(bytes)));
  return pupil;
}

core::Result<std::string> PackControl(const Control& control) {
  risk::v1::StoredControl stored;
  stored.set_closed_days(Encode(control.closed));
  *stored.mutable_card() = control.card->contract;
  stored.set_card_hash(control.card->hash);
  stored.mutable_activation_ids()->Add(control.activations.begin(), control.activations.end());
  for (const auto& [institution_id, municipality] : control.municipalities) {
    auto& entry = *stored.add_municipalities();
    entry.set_institution_id(institution_id);
    entry.set_municipality(municipality);
  }
  return wire::Serialize(stored);
}

core::Result<Control> UnpackControl(std::string_view bytes) {
  risk::v1::StoredControl stored;
  TILTS_CHECK(wire::Parse(bytes, stored));
  Control control;
  TILTS_ASSIGN(control.closed, DecodeClosedDays(stored.closed_days()));
  TILTS_ASSIGN(control.card, MakeCard(stored.card()));
  control.activations.assign(stored.activation_ids().begin(), stored.activation_ids().end());
  for (const auto& entry : stored.municipalities()) {
    control.municipalities[entry.institution_id()] = entry.municipality();
  }
  return control;
}

}  // namespace tilts::risk_scoring
