#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "case_intake/adapters/fact_office.hpp"
#include "case_intake/domain/fact_check.hpp"

namespace tilts::case_intake {

// A checked fact on its way to the log.
struct FactInHand {
  enum class Fate {
    kOpen,
    kReady,     // `draft` is to be published
    kRecorded,  // an enrolment: in its table, its event in the outbox
    kUnknown,   // nobody has the pupil's number
    kUnasked,   // the registry could not be asked
    kClosed,    // a support fact of a school year whose figures are final
  };

  const intake::v1::Fact* sent = nullptr;
  std::string path;  // "facts[3]"
  Fact fact{};
  std::string record_id{};  // empty: a support fact whose pupil is not known
  Fate fate = Fate::kOpen;
  std::optional<events::Draft> draft{};
  std::vector<Warning> warnings{};

  bool on_its_way() const { return fate == Fate::kReady || fate == Fate::kRecorded; }
  bool held() const { return fate == Fate::kUnknown || fate == Fate::kUnasked; }
};

// How long the registry may be asked, newly for each call.
using VaultCalls = std::function<VaultCall()>;

// How far a batch is looked up before the rest waits (PupilDirectory::Find).
struct Placing {
  const FactOrigin& origin;
  VaultCalls calls;
  std::size_t most_lookups = PupilDirectory::kCallsOfABatch;
};

// Finds the pupils: enrolments make them known (vault, then table and outbox in one transaction), every other kind asks
// for them. Each fact has a fate afterwards; an error says that PostgreSQL could not be used and nothing is claimed.
core::Status PlaceFacts(const FactOffice& facts, const Placing& placing, const std::vector<FactInHand*>& in_hand);

// Of the above: the enrolments among them only.
core::Status PlaceEnrolments(const FactOffice& facts, const Placing& placing,
                             const std::vector<FactInHand*>& enrolments);

}  // namespace tilts::case_intake
