#include "risk_scoring/domain/byte_codec.hpp"
#include "risk_scoring/domain/pupil_state.hpp"
#include "risk_scoring/domain/state_format.hpp"

namespace tilts::risk_scoring {
namespace {

std::uint16_t Short(ByteReader& in) {
  const std::uint32_t value = in.Number();
  in.Require(value <= 0xFFFF);
  return static_cast<std::uint16_t>(value);
}

std::uint8_t Byte(ByteReader& in) {
  return static_cast<std::uint8_t>(in.Byte());
}

std::vector<std::string> ReadNames(ByteReader& in) {
  std::vector<std::string> names;
  const std::size_t count = in.Count();
  names.reserve(count);
  while (names.size() < count && !in.broken()) {
    const std::string_view name = in.Text();
    in.Require(names.empty() || names.back() < name);
    names.emplace_back(name);
  }
  return names;
}

template <typename Entry, typename Read>
std::vector<Entry> ReadEntries(ByteReader& in, const Read& read) {
  std::vector<Entry> entries;
  const std::size_t count = in.Count();
  entries.reserve(count);
  Entry previous;
  while (entries.size() < count && !in.broken()) {
    const Entry entry = read(previous);
    in.Require(entries.empty() || previous.Key() < entry.Key());
    entries.push_back(entry);
    previous = entry;
  }
  return entries;
}

// Entries name only what the state's tables hold: checked while reading, so that nothing indexes past them later.
class StateReader {
 public:
  StateReader(ByteReader& in, PupilState& state) : in_(in), state_(state) {}

  void Read() {
    in_.Require(in_.Byte() == kStateVersion);
    state_.institutions = ReadNames(in_);
    state_.subjects = ReadNames(in_);
    state_.proposal = Proposal();
    state_.crossings = ReadEntries<SemesterCrossings>(in_, [this](const auto&) { return Crossings(); });
    state_.enrolments = ReadEntries<EnrolmentEntry>(in_, [this](const auto&) { return Enrolled(); });
    state_.attendance = ReadEntries<AttendanceEntry>(in_, [this](const auto& previous) { return Attended(previous); });
    state_.results = ReadEntries<ResultEntry>(in_, [this](const auto& previous) { return Marked(previous); });
    state_.repetitions = ReadEntries<RepetitionEntry>(in_, [this](const auto&) { return Repeated(); });
    state_.behaviour = ReadEntries<BehaviourEntry>(in_, [this](const auto&) { return Behaved(); });
    for (const AttendanceEntry& entry : state_.attendance) {
      if (!entry.withdrawn()) state_.recorded_days.Set(entry.day);
    }
  }

 private:
  InstitutionIndex Institution() {
    const std::uint16_t index = Short(in_);
    in_.Require(index < state_.institutions.size());
    return index;
  }

  LastProposal Proposal() {
    LastProposal proposal{.tier = Byte(in_), .digest = in_.Fixed(8)};
    const std::uint16_t institution = Short(in_);
    in_.Require(institution <= state_.institutions.size());
    if (institution > 0) proposal.institution = static_cast<InstitutionIndex>(institution - 1);
    return proposal;
  }

  SemesterCrossings Crossings() {
    SemesterCrossings entry{.school_year = Short(in_)};
    const std::uint8_t semester = Byte(in_);
    entry.semester = semester / 2;
    entry.stands = semester % 2 != 0;
    entry.crossings = Short(in_);
    entry.institution = Institution();
    return entry;
  }

  EnrolmentEntry Enrolled() {
    EnrolmentEntry entry{.from_day = Short(in_), .institution = Institution(), .revision = Short(in_)};
    entry.withdrawn = in_.Byte() != 0;
    if (entry.withdrawn) return entry;
    entry.to_day = Short(in_);
    entry.end_reason = Byte(in_);
    entry.stage = Byte(in_);
    entry.grade = Byte(in_);
    return entry;
  }

  AttendanceEntry Attended(const AttendanceEntry& previous) {
    const unsigned first = in_.Byte();
    const unsigned code = first & kStepMask;
    const unsigned step = code == kOtherStep ? Short(in_) : code == 2 ? 3U : code;
    AttendanceEntry entry{.day = static_cast<std::uint16_t>(previous.day + step)};
    entry.institution = (first & kInstitution) != 0 ? Institution() : previous.institution;
    in_.Require(entry.institution < state_.institutions.size());
    entry.revision = (first & kRevision) != 0 ? Short(in_) : std::uint16_t{1};
    if ((first & kWithdrawn) != 0) return entry;
    if ((first & kOffered) != 0) offered_ = Byte(in_);
    in_.Require(offered_ != 0);
    entry.offered = offered_;
    const unsigned away = (first & kAway) != 0 ? in_.Byte() : 0;
    const unsigned rest = (first & kUnexcusedOrLate) != 0 ? in_.Byte() : 0;
    entry.unknown = away & 0x0F;
    entry.excused = static_cast<std::uint8_t>(away >> 4);
    entry.unexcused = rest & 0x0F;
    entry.late = static_cast<std::uint8_t>(rest >> 4);
    return entry;
  }

  ResultEntry Marked(const ResultEntry& previous) {
    const std::uint32_t step = in_.Number();
    ResultEntry entry{.school_year = static_cast<std::uint16_t>(previous.school_year + step / 4),
                      .period = static_cast<std::uint8_t>(step % 4)};
    entry.institution = Institution();
    entry.subject = Short(in_);
    in_.Require(entry.subject < state_.subjects.size());
    entry.revision = Short(in_);
    entry.mark = Byte(in_);
    if (!entry.withdrawn()) entry.day = static_cast<std::uint16_t>(previous.day + in_.Difference());
    return entry;
  }

  RepetitionEntry Repeated() {
    RepetitionEntry entry{
        .school_year = Short(in_), .institution = Institution(), .revision = Short(in_), .day = Short(in_)};
    if (!entry.withdrawn()) entry.grade = Byte(in_);
    return entry;
  }

  BehaviourEntry Behaved() {
    BehaviourEntry entry;
    for (std::uint8_t& byte : entry.record_id) byte = Byte(in_);
    entry.institution = Institution();
    entry.revision = Short(in_);
    entry.kind = static_cast<BehaviourKind>(in_.Byte());
    if (!entry.withdrawn()) entry.day = Short(in_);
    return entry;
  }

  ByteReader& in_;
  PupilState& state_;
  std::uint8_t offered_ = 0;
};

}  // namespace

core::Result<PupilState> DecodePupilState(std::string_view bytes) {
  ByteReader in(bytes);
  PupilState state;
  StateReader(in, state).Read();
  if (!in.complete()) return core::Fail(core::Errc::kCorrupt, "the pupil's state is not as it was written");
  return state;
}

}  // namespace tilts::risk_scoring
