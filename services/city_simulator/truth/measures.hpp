#pragma once

#include <tilts/risk/v1/card.pb.h>

#include <span>

#include "city_simulator/truth/history.hpp"

namespace tilts::city_simulator {

// A pupil as of the close of a school day; `closed` ends with that day.
struct AsOf {
  const risk::v1::Card& card;
  std::span<const ClosedDay> closed;
  const History& history;

  const ClosedDay& today() const { return closed.back(); }
  int day() const { return closed.back().day; }
};

// The value of one factor.
int MeasureOf(const risk::v1::Factor& factor, const AsOf& as_of);

// Unexcused lessons of a semester as the law counts them: those of unknown reason once their grace has passed.
int UnexcusedLessons(const AsOf& as_of, int from, int through);

// From when on the current enrolment's records are expected; the pupil is enrolled.
int ExpectedFrom(const AsOf& as_of, const PlainFact& enrolment);
// Day of the latest attendance record; 0: none.
int LatestAttendance(const AsOf& as_of);

}  // namespace tilts::city_simulator
