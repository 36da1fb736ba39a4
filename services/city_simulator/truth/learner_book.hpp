#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/time/riga_time.hpp"
#include "city_simulator/truth/evening.hpp"
#include "city_simulator/truth/sent_records.hpp"

namespace tilts::city_simulator {

// Everything the simulator knows of the city's learners by its own reckoning: the plain list of what the schools told,
// and what the closes of school days make of it.
class LearnerBook {
 public:
  LearnerBook(risk::v1::Card card, std::vector<ClosedDay> school_days);

  enum class Fate { kAccepted, kHeld };
  // What must become of a good fact. Held ones count from the moment the number becomes known.
  Fate Take(unsigned learner, const std::string& pupil_number, const PlainFact& fact, const std::string& record_id);

  struct Said {
    unsigned learner = 0;
    Evenings::Said what;
  };
  // The next close, for all learners.
  std::vector<Said> CloseNext();
  // The school day that closes next; none: the calendar ends.
  std::optional<Day> next_close() const;
  bool closed_any() const { return !closed_.empty(); }
  const ClosedDay& last_closed() const { return closed_.back(); }

  const std::map<unsigned, Evenings>& evenings() const { return evenings_; }
  const std::map<unsigned, History>& histories() const { return histories_; }
  const SentRecords& sent() const { return sent_; }
  const risk::v1::Card& card() const { return card_; }
  std::size_t held() const { return held_.size(); }
  // Records told twice under one revision and differently: id as the door answered, and revision.
  const std::set<std::pair<std::string, unsigned>>& conflicts() const { return conflicts_; }

  // A check of the check: one learner's score is made wrong.
  bool Spoil();

 private:
  struct Waiting {
    unsigned learner = 0;
    std::string pupil_number;
    PlainFact fact;
  };
  bool IsKnown(const std::string& school, const std::string& pupil_number, int day) const;

  const risk::v1::Card card_;
  const std::vector<ClosedDay> school_days_;
  std::vector<ClosedDay> closed_;
  std::map<unsigned, History> histories_;
  std::map<unsigned, Evenings> evenings_;
  std::map<std::pair<std::string, std::string>, int> known_from_;  // school and number
  std::vector<Waiting> held_;
  SentRecords sent_;
  std::set<std::pair<std::string, unsigned>> conflicts_;
};

// The school days from `first` to `last`, as the register will close them.
std::vector<ClosedDay> DaysToClose(Day first, Day last);

}  // namespace tilts::city_simulator
