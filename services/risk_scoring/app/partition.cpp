#include "risk_scoring/app/partition.hpp"

#include <tilts/facts/v1/events.pb.h>

#include <algorithm>
#include <type_traits>

#include "events/batch_processor.hpp"
#include "events/envelope_codec.hpp"
#include "risk_scoring/app/attendance_reading.hpp"
#include "risk_scoring/app/contract.hpp"
#include "risk_scoring/app/outputs.hpp"
#include "risk_scoring/app/pupil_years.hpp"
#include "wire/bytes.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr char kCardKey[] = "card";
constexpr std::size_t kActivationsKept = 64;
constexpr unsigned kLowestProposedTier = 2;

tl::unexpected<core::Error> Blocks(const core::Error& cause) {
  return core::Fail(core::Errc::kRefused, "a card of the log cannot be used: " + cause.message, events::kRecordBlocks);
}

// Nothing of the record is to blame, and something may have been done already.
core::Error OurFault(const core::Error& error) {
  return {core::Errc::kInternal, "what follows from a record cannot be said: " + error.message, "OUTPUT", {}, 0};
}

template <typename Event>
const std::string& TypeOf() {
  return Event::descriptor()->full_name();
}

template <typename Event>
bool Is(const events::v1::Envelope& envelope) {
  return envelope.type() == TypeOf<Event>();
}

// The record at this offset changed the pupil: whoever changed since the effects' first record is listed already.
void List(const std::string& pupil_id, PupilAt& pupil, std::int64_t offset, Effects& effects) {
  const bool listed = *effects.first_offset <= pupil.as_of && pupil.as_of <= offset;
  if (!listed) effects.pupils.push_back(pupil_id);
  pupil.as_of = offset;
}

void Count(const std::string& type, Effects& effects) {
  const auto counted = effects.handled.find(type);
  if (counted != effects.handled.end()) {
    ++counted->second;
  } else {
    effects.handled.emplace(type, 1);
  }
}

}  // namespace

// One record being taken in.
struct Partition::Turn {
  const events::Record& record;
  const events::v1::Envelope& envelope;
  Effects& effects;

  Cause cause() const { return {envelope, record.offset}; }
};

Partition::Partition(CardInForce first_card) {
  control_.card = std::move(first_card);
}

core::Status Partition::LoadControl(std::string_view bytes) {
  TILTS_ASSIGN(control_, UnpackControl(bytes));
  return {};
}

core::Status Partition::LoadPupil(const std::string& pupil_id, std::string_view bytes) {
  TILTS_ASSIGN(pupils_[pupil_id], UnpackPupil(bytes));
  return {};
}

void Partition::LoadProposal(const std::string& pupil_id, std::string bytes) {
  proposals_[pupil_id] = std::move(bytes);
}

core::Status Partition::Take(const events::Record& record, Effects& effects) {
  if (!effects.first_offset) effects.first_offset = record.offset;
  const std::optional<AttendanceRead> read = ReadAttendance(record.value);
  // A fact under another key is for the slow way to refuse.
  if (!read || read->pupil_id != record.key) return TakeAny(record, effects);
  TILTS_CHECK(Merge(record, read->fact, effects));
  Count(TypeOf<facts::v1::AttendanceRecorded>(), effects);
  return {};
}

core::Status Partition::TakeAny(const events::Record& record, Effects& effects) {
  const auto envelope = events::Decode(record.value);
  if (!envelope) {
    // Whatever it is, it stands where a card stands.
    if (record.key == kCardKey) return Blocks(envelope.error());
    return core::Fail(envelope.error());
  }
  Turn turn{record, *envelope, effects};
  TILTS_CHECK(Dispatch(turn));
  Count(envelope->type(), effects);
  return {};
}

core::Status Partition::Dispatch(Turn& turn) {
  if (Is<facts::v1::AttendanceRecorded>(turn.envelope)) return TakeFact<facts::v1::AttendanceRecorded>(turn);
  if (Is<facts::v1::EnrolmentRecorded>(turn.envelope)) return TakeFact<facts::v1::EnrolmentRecorded>(turn);
  if (Is<facts::v1::ResultRecorded>(turn.envelope)) return TakeFact<facts::v1::ResultRecorded>(turn);
  if (Is<facts::v1::RepetitionRecorded>(turn.envelope)) return TakeFact<facts::v1::RepetitionRecorded>(turn);
  if (Is<facts::v1::BehaviourRecorded>(turn.envelope)) return TakeFact<facts::v1::BehaviourRecorded>(turn);
  if (Is<facts::v1::SchoolDayClosed>(turn.envelope)) return Close(turn);
  if (Is<risk::v1::CardActivated>(turn.envelope)) return Activate(turn);
  return {};
}

template <typename Event>
core::Status Partition::TakeFact(Turn& turn) {
  Event event;
  TILTS_CHECK(events::DecodeEventInto(turn.envelope, event));
  // Readers look for a pupil in the partition of the pupil's id.
  if (event.pupil_id() != turn.record.key) {
    return core::Fail(core::Errc::kInvalid, "a fact travels under its pupil's id", "RECORD_KEY");
  }
  TILTS_ASSIGN(const Fact fact, FactOf(event));
  if constexpr (std::is_same_v<Event, facts::v1::EnrolmentRecorded>) LearnMunicipality(turn, fact.institution_id);
  return Merge(turn.record, fact, turn.effects);
}

// The fact is one of the pupil the record's key names.
core::Status Partition::Merge(const events::Record& record, const Fact& fact, Effects& effects) {
  PupilAt& pupil = pupils_[record.key];
  const Applied applied = Apply(pupil.state, fact);
  if (applied == Applied::kConflict) {
    const auto envelope = events::Decode(record.value);
    if (!envelope) return core::Fail(OurFault(envelope.error()));
    auto draft = ConflictDraft({*envelope, record.offset}, record.key, fact);
    if (!draft) return core::Fail(OurFault(draft.error()));
    effects.drafts.push_back(*std::move(draft));
  }
  if (applied == Applied::kChanged || applied == Applied::kConflict) {
    List(record.key, pupil, record.offset, effects);
  }
  return {};
}

// Nothing that closes a day knows where a school stands; its enrolments do.
void Partition::LearnMunicipality(Turn& turn, const std::string& institution_id) {
  const std::string& said = turn.envelope.municipality();
  if (said.empty()) return;
  std::string& known = control_.municipalities[institution_id];
  if (said == known) return;
  known = said;
  turn.effects.control = true;
}

core::Status Partition::Close(Turn& turn) {
  facts::v1::SchoolDayClosed event;
  TILTS_CHECK(events::DecodeEventInto(turn.envelope, event));
  TILTS_ASSIGN(const ClosedDay day, ClosedDayOf(event));
  const std::optional<ClosedDay> ended = YearEndedBy(control_.closed, day);
  if (!control_.closed.Close(day)) return {};
  turn.effects.control = true;
  const auto as_of = SeenAt(control_.closed, control_.card->checked, day.day);
  if (!as_of) return core::Fail(OurFault(as_of.error()));
  if (ended) TILTS_CHECK(CloseYear(turn, *ended));
  std::vector<std::pair<const std::string*, Outcome>> outcomes;
  for (auto& [pupil_id, pupil] : pupils_) {
    Outcome outcome = CloseDay(pupil.state, *as_of);
    if (!outcome.state_changed) continue;
    List(pupil_id, pupil, turn.record.offset, turn.effects);
    outcomes.emplace_back(&pupil_id, std::move(outcome));
  }
  // A repeat publishes in the same order.
  std::sort(outcomes.begin(), outcomes.end(), [](const auto& a, const auto& b) { return *a.first < *b.first; });
  for (const auto& [pupil_id, outcome] : outcomes) {
    if (auto said = Say(turn, *pupil_id, outcome, *as_of); !said) return core::Fail(OurFault(said.error()));
  }
  return {};
}

// Before the day is closed: that forgets what the new year does not need.
core::Status Partition::CloseYear(Turn& turn, const ClosedDay& last) {
  std::vector<const std::pair<const std::string, PupilAt>*> in_order;
  in_order.reserve(pupils_.size());
  for (const auto& pupil : pupils_) in_order.push_back(&pupil);
  std::sort(in_order.begin(), in_order.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* pupil : in_order) {
    auto draft = PupilYearDraft(turn.cause(), pupil->first, pupil->second.state, last, control_.municipalities);
    if (!draft) return core::Fail(OurFault(draft.error()));
    turn.effects.drafts.push_back(*std::move(draft));
  }
  return {};
}

core::Status Partition::Say(Turn& turn, const std::string& pupil_id, const Outcome& outcome, const AsOf& as_of) {
  TILTS_ASSIGN(auto drafts,
               DraftsOf(turn.cause(), pupil_id, outcome, *control_.card, as_of.day, control_.municipalities));
  std::move(drafts.begin(), drafts.end(), std::back_inserter(turn.effects.drafts));
  if (!outcome.proposal) return {};
  turn.effects.proposals.insert(pupil_id);
  return Remember(pupil_id, *outcome.proposal, as_of);
}

core::Status Partition::Remember(const std::string& pupil_id, const Proposal& proposal, const AsOf& as_of) {
  if (proposal.tier < kLowestProposedTier) {
    proposals_.erase(pupil_id);
    return {};
  }
  risk::v1::Score score = ScoreOf(pupils_.at(pupil_id).state, {proposal.assessment, proposal.by_factor},
                                  control_.card->contract, control_.card->checked, as_of.day.day, Facts::kLeftOut);
  score.set_pupil_id(pupil_id);
  TILTS_ASSIGN(proposals_[pupil_id], wire::Serialize(score));
  return {};
}

core::Status Partition::Activate(Turn& turn) {
  risk::v1::CardActivated event;
  if (const auto decoded = events::DecodeEventInto(turn.envelope, event); !decoded) return Blocks(decoded.error());
  auto& known = control_.activations;
  // Sent again: another card may be in force since.
  if (std::find(known.begin(), known.end(), turn.envelope.id()) != known.end()) return {};
  const auto card = MakeCard(event.card());
  if (!card) return Blocks(card.error());
  if ((*card)->hash != event.card_hash()) {
    return Blocks({core::Errc::kCorrupt, "it is not the card that was activated", "CARD_HASH", {}, 0});
  }
  control_.card = *card;
  known.push_back(turn.envelope.id());
  if (known.size() > kActivationsKept) known.erase(known.begin());
  turn.effects.control = true;
  return {};
}

}  // namespace tilts::risk_scoring
