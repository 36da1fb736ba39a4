// What Redis gives back: a pupil's state and a partition's closed days, each with its checksum put right, because no
// mutation would; then also as it came.
#include "require.hpp"
#include "risk_scoring/app/partition.hpp"
#include "risk_scoring/domain/byte_codec.hpp"

namespace tilts::risk_scoring {
namespace {

using fuzz::Require;

std::string WithChecksum(std::string_view bytes) {
  ByteWriter out;
  out.Raw(bytes);
  return out.Finish();
}

void RequirePupil(const std::string& bytes) {
  const core::Result<PupilState> state = DecodePupilState(bytes);
  if (!state) return Require(state.error().code == core::Errc::kCorrupt, "what is not ours is corrupt");
  const std::string written = Encode(*state);
  const core::Result<PupilState> again = DecodePupilState(written);
  Require(again.has_value() && *again == *state, "a state is written as it can be read");
  Require(Encode(*again) == written, "equal states have equal bytes");
  // Nothing read indexes past the state's own tables, which a fact that is applied walks.
  PupilState next = *state;
  Fact fact;
  fact.institution_id = "school-1";
  fact.revision = 65'535;
  fact.content = Attendance{20'000, 7, 0, 0, 0, 1};
  Apply(next, fact);
  DropBefore(next, 2024);
  const core::Result<PupilState> after = DecodePupilState(Encode(next));
  Require(after.has_value() && *after == next, "and so is what a fact makes of it");
}

void RequireDays(const std::string& bytes) {
  const core::Result<ClosedDays> days = DecodeClosedDays(bytes);
  if (!days) return Require(days.error().code == core::Errc::kCorrupt, "what is not ours is corrupt");
  const core::Result<ClosedDays> again = DecodeClosedDays(Encode(*days));
  Require(again.has_value() && *again == *days, "closed days are written as they can be read");
  for (const ClosedDay& day : days->days())
    Require(CheckClosedDay(day).has_value(), "each is a day that can be closed");
  if (!days->empty()) Require(days->Latest()->day >= *days->Oldest(), "in order");
}

void RequireStored(std::string_view bytes) {
  const core::Result<PupilAt> pupil = UnpackPupil(bytes);
  if (pupil) Require(UnpackPupil(PackPupil(*pupil))->as_of == pupil->as_of, "an offset is kept whole");
  const core::Result<Control> control = UnpackControl(bytes);
  if (control) Require(PackControl(*control).has_value(), "what all pupils share can be written again");
}

}  // namespace
}  // namespace tilts::risk_scoring

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts::risk_scoring;
  const std::string_view bytes = tilts::fuzz::Input(data, size);
  const std::string ours = WithChecksum(bytes);
  RequirePupil(ours);
  RequireDays(ours);
  RequireStored(bytes);
  RequireStored(std::string("\0\0\0\0\0\0\0\7", 8) + ours);
  return 0;
}
