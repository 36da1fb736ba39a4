#pragma once

#include <array>
#include <string>
#include <vector>

#include "city_simulator/truth/plain_fact.hpp"

namespace tilts::city_simulator {

// A school day the register closed.
struct ClosedDay {
  int day = 0;
  std::string school_year;
  unsigned semester = 1;
  int semester_from = 0;
  int school_year_from = 0;
};

// What all schools told of one pupil so far: the newest revision of each record; of two that contradict each other
// under one revision the smaller, field by field.
class History {
 public:
  // True: the record's revision is known with another content.
  bool Take(const PlainFact& fact);
  // In the order their records were first told; withdrawn ones too.
  const std::vector<PlainFact>& records(FactKind kind) const { return records_[static_cast<std::size_t>(kind)]; }

  // Calls `each` with the records that count on `day`: not withdrawn and not of a later day.
  template <typename Each>
  void ForEach(FactKind kind, int day, const Each& each) const {
    for (const PlainFact& fact : records(kind)) {
      if (!fact.withdrawn && fact.day <= day) each(fact);
    }
  }

  // Where the pupil is enrolled on the day; null: nowhere.
  const PlainFact* EnrolmentOn(int day) const;

 private:
  std::array<std::vector<PlainFact>, 7> records_;
};

}  // namespace tilts::city_simulator
