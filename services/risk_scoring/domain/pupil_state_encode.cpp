#include "risk_scoring/domain/byte_codec.hpp"
#include "risk_scoring/domain/pupil_state.hpp"
#include "risk_scoring/domain/state_format.hpp"

namespace tilts::risk_scoring {
namespace {

unsigned StepCode(unsigned step) {
  if (step <= 1) return step;
  return step == 3 ? 2 : kOtherStep;
}

void WriteNames(ByteWriter& out, const std::vector<std::string>& names) {
  out.Number(static_cast<std::uint32_t>(names.size()));
  for (const std::string& name : names) out.Text(name);
}

template <typename Entry, typename Write>
void WriteEntries(ByteWriter& out, const std::vector<Entry>& entries, const Write& write) {
  out.Number(static_cast<std::uint32_t>(entries.size()));
  Entry previous;
  for (const Entry& entry : entries) {
    write(entry, previous);
    previous = entry;
  }
}

void Write(ByteWriter& out, const LastProposal& proposal) {
  out.Byte(proposal.tier);
  out.Fixed(proposal.digest, 8);
  out.Number(proposal.institution ? *proposal.institution + 1U : 0U);
}

void Write(ByteWriter& out, const SemesterCrossings& entry) {
  out.Number(entry.school_year);
  out.Byte(entry.semester * 2U + (entry.stands ? 1U : 0U));
  out.Number(entry.crossings);
  out.Number(entry.institution);
}

void Write(ByteWriter& out, const EnrolmentEntry& entry) {
  out.Number(entry.from_day);
  out.Number(entry.institution);
  out.Number(entry.revision);
  out.Byte(entry.withdrawn ? 1 : 0);
  if (entry.withdrawn) return;
  out.Number(entry.to_day);
  out.Byte(entry.end_reason);
  out.Byte(entry.stage);
  out.Byte(entry.grade);
}

void Write(ByteWriter& out, const AttendanceEntry& entry, const AttendanceEntry& previous, unsigned offered) {
  const auto step = static_cast<unsigned>(entry.day - previous.day);
  const unsigned away = entry.unknown | static_cast<unsigned>(entry.excused << 4);
  const unsigned rest = entry.unexcused | static_cast<unsigned>(entry.late << 4);
  unsigned first = StepCode(step);
  if (entry.institution != previous.institution) first |= kInstitution;
  if (entry.revision != 1) first |= kRevision;
  if (entry.withdrawn()) {
    first |= kWithdrawn;
  } else {
    if (entry.offered != offered) first |= kOffered;
    if (away != 0) first |= kAway;
    if (rest != 0) first |= kUnexcusedOrLate;
  }
  out.Byte(first);
  if ((first & kStepMask) == kOtherStep) out.Number(step);
  if ((first & kInstitution) != 0) out.Number(entry.institution);
  if ((first & kRevision) != 0) out.Number(entry.revision);
  if ((first & kOffered) != 0) out.Byte(entry.offered);
  if ((first & kAway) != 0) out.Byte(away);
  if ((first & kUnexcusedOrLate) != 0) out.Byte(rest);
}

void Write(ByteWriter& out, const ResultEntry& entry, const ResultEntry& previous) {
  out.Number(static_cast<std::uint32_t>(entry.school_year - previous.school_year) * 4U + entry.period);
  out.Number(entry.institution);
  out.Number(entry.subject);
  out.Number(entry.revision);
  out.Byte(entry.mark);
  if (!entry.withdrawn()) out.Difference(entry.day - previous.day);
}

void Write(ByteWriter& out, const RepetitionEntry& entry) {
  out.Number(entry.school_year);
  out.Number(entry.institution);
  out.Number(entry.revision);
  out.Number(entry.day);
  if (!entry.withdrawn()) out.Byte(entry.grade);
}

void Write(ByteWriter& out, const BehaviourEntry& entry) {
  for (const std::uint8_t byte : entry.record_id) out.Byte(byte);
  out.Number(entry.institution);
  out.Number(entry.revision);
  out.Byte(static_cast<unsigned>(entry.kind));
  if (!entry.withdrawn()) out.Number(entry.day);
}

}  // namespace

std::string Encode(const PupilState& state) {
  ByteWriter out;
  out.Byte(kStateVersion);
  WriteNames(out, state.institutions);
  WriteNames(out, state.subjects);
  Write(out, state.proposal);
  const auto plain = [&out](const auto& entry, const auto&) { Write(out, entry); };
  WriteEntries(out, state.crossings, plain);
  WriteEntries(out, state.enrolments, plain);
  unsigned offered = 0;
  WriteEntries(out, state.attendance, [&](const AttendanceEntry& entry, const AttendanceEntry& previous) {
    Write(out, entry, previous, offered);
    if (!entry.withdrawn()) offered = entry.offered;
  });
  WriteEntries(out, state.results,
               [&out](const ResultEntry& entry, const ResultEntry& previous) { Write(out, entry, previous); });
  WriteEntries(out, state.repetitions, plain);
  WriteEntries(out, state.behaviour, plain);
  return out.Finish();
}

}  // namespace tilts::risk_scoring
