#pragma once

#include <tilts/risk/v1/risk_service.pb.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "events/draft.hpp"
#include "events/record.hpp"
#include "risk_scoring/app/cards.hpp"
#include "risk_scoring/app/outputs.hpp"
#include "risk_scoring/domain/close_day.hpp"
#include "risk_scoring/domain/closed_days.hpp"
#include "risk_scoring/domain/pupil_state.hpp"

namespace tilts::risk_scoring {

// A pupil's state and the offset of the record that changed it last.
struct PupilAt {
  PupilState state;
  std::int64_t as_of = -1;  // -1: nothing has changed it yet
};
// As kept: eight bytes big-endian offset, then the canonical bytes of the state.
std::string PackPupil(const PupilAt& pupil);
core::Result<PupilAt> UnpackPupil(std::string_view bytes);
// What a comparison looks at: the canonical bytes alone.
std::string_view CanonicalPart(std::string_view packed);

// What all pupils of a partition share.
struct Control {
  ClosedDays closed;
  CardInForce card;
  std::vector<std::string> activations;  // envelope ids, oldest first
  Municipalities municipalities;
};
core::Result<std::string> PackControl(const Control& control);
core::Result<Control> UnpackControl(std::string_view bytes);

// What records did to a partition: what to publish, and what to write.
struct Effects {
  std::vector<events::Draft> drafts;
  std::vector<std::string> pupils;  // each once
  std::set<std::string> proposals;
  bool control = false;
  std::map<std::string, std::size_t, std::less<>> handled;  // records by event type
  std::optional<std::int64_t> first_offset;                 // of the records taken in
};

// Everything known of one partition of the learning topic: a pure function of its records. The live worker keeps one
// and writes its effects; a replay makes one anew and compares.
class Partition {
 public:
  // As before the first record.
  explicit Partition(CardInForce first_card);

  // As it was kept.
  core::Status LoadControl(std::string_view bytes);
  core::Status LoadPupil(const std::string& pupil_id, std::string_view bytes);
  void LoadProposal(const std::string& pupil_id, std::string bytes);

  // Takes the next record in. Errors:
  //   kRefused, reason events::kRecordBlocks   a card that cannot be used: nothing after it may be scored
  //   kInternal                                our fault, half way: this object is of no use any more
  //   anything else                            the record cannot be read; nothing has changed
  // Offsets rise from record to record.
  core::Status Take(const events::Record& record, Effects& effects);

  const std::unordered_map<std::string, PupilAt>& pupils() const { return pupils_; }
  const Control& control() const { return control_; }
  // Pupils with a proposed tier of 2 or 3 to the bytes of their score at the close that proposed it.
  const std::map<std::string, std::string>& proposals() const { return proposals_; }

 private:
  struct Turn;
  core::Status TakeAny(const events::Record& record, Effects& effects);
  core::Status Dispatch(Turn& turn);
  template <typename Event>
  core::Status TakeFact(Turn& turn);
  core::Status Merge(const events::Record& record, const Fact& fact, Effects& effects);
  void LearnMunicipality(Turn& turn, const std::string& institution_id);
  core::Status Close(Turn& turn);
  core::Status CloseYear(Turn& turn, const ClosedDay& last);
  core::Status Say(Turn& turn, const std::string& pupil_id, const Outcome& outcome, const AsOf& as_of);
  core::Status Remember(const std::string& pupil_id, const Proposal& proposal, const AsOf& as_of);
  core::Status Activate(Turn& turn);

  Control control_;
  std::unordered_map<std::string, PupilAt> pupils_;
  std::map<std::string, std::string> proposals_;
};

}  // namespace tilts::risk_scoring
