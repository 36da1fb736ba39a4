#pragma once

#include <tilts/risk/v1/risk_service.pb.h>

#include <string>
#include <vector>

#include "core/result.hpp"
#include "risk_scoring/app/contract.hpp"
#include "risk_scoring/app/partition.hpp"

namespace tilts::risk_scoring {

// The institution that may see the pupil's score: where the pupil is enrolled as of the latest closed day, else was
// last. Empty: none is known.
std::string SchoolOf(const PupilState& state, const Control& control);

// As of the latest closed day. Before the first one: an abstention, new in the register.
risk::v1::Score ScoreNow(const std::string& pupil_id, const PupilState& state, const Control& control, Facts facts);

// Now, and if these facts were added.
risk::v1::WhatIfResponse ScoreIf(const std::string& pupil_id, const PupilState& state, const Control& control,
                                 const std::vector<Fact>& facts);

// Most points first, then by pupil id; of one institution, of one tier when `tier` is not 0; the first `places`.
struct Ranked {
  std::vector<risk::v1::Score> listed;
  std::size_t not_listed = 0;
};
Ranked Rank(std::vector<risk::v1::Score> proposals, const std::string& institution_id, unsigned tier,
            std::size_t places);

}  // namespace tilts::risk_scoring
