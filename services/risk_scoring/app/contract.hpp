#pragma once

#include <tilts/facts/v1/events.pb.h>
#include <tilts/intake/v1/fact_service.pb.h>
#include <tilts/risk/v1/card.pb.h>
#include <tilts/risk/v1/events.pb.h>
#include <tilts/risk/v1/risk_service.pb.h>

#include <string>
#include <vector>

#include "core/result.hpp"
#include "risk_scoring/domain/card.hpp"
#include "risk_scoring/domain/close_day.hpp"
#include "risk_scoring/domain/explain.hpp"
#include "risk_scoring/domain/fact.hpp"

namespace tilts::risk_scoring {

// What CheckedCard::Make judges.
Card CardOf(const risk::v1::Card& contract);

// Facts of the log. kInvalid: out of range (CheckFact), or no record id of 16 bytes.
core::Result<Fact> FactOf(const facts::v1::EnrolmentRecorded& event);
core::Result<Fact> FactOf(const facts::v1::AttendanceRecorded& event);
core::Result<Fact> FactOf(const facts::v1::ResultRecorded& event);
core::Result<Fact> FactOf(const facts::v1::RepetitionRecorded& event);
core::Result<Fact> FactOf(const facts::v1::BehaviourRecorded& event);

core::Result<ClosedDay> ClosedDayOf(const facts::v1::SchoolDayClosed& event);

// Facts as a door takes them, of this institution, for WhatIf. A missing revision stands above every known one. An
// incident is told apart by its number only among the request's own. Violations name "facts[i]…".
core::Result<std::vector<Fact>> HypotheticalFacts(const google::protobuf::RepeatedPtrField<intake::v1::Fact>& facts,
                                                  const std::string& institution_id);

risk::v1::FactReference ToContract(const FactReference& fact);

enum class Facts { kShown, kLeftOut };
// Contributions with points, or every factor with a bin reached, in card order. `evidence` may be empty.
void AddContributions(const CheckedCard& card, const Assessment& assessment, const std::vector<Evidence>& evidence,
                      Facts facts, google::protobuf::RepeatedPtrField<risk::v1::Contribution>& out);

// The score without whose it is: tier, points, abstention, contributions, card, day, limit, institution, digest.
risk::v1::Score ScoreOf(const PupilState& state, const Explanation& explanation, const risk::v1::Card& contract,
                        const CheckedCard& card, Day day, Facts facts);

std::string IsoDate(Day day);

}  // namespace tilts::risk_scoring
