#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "city_simulator/truth/plain_fact.hpp"

namespace tilts::city_simulator {

// What each school sent for each day, record by record: what reconciliation has to show.
class SentRecords {
 public:
  // `pupil` is the school's own number; `record_id` as the door answered (32 hex digits), empty when it did not say.
  void Add(const std::string& pupil, const PlainFact& fact, const std::string& record_id);

  struct Figure {
    std::uint64_t records = 0;
    std::uint64_t withdrawn = 0;
    std::string digest;  // empty: an id or revision is not known, so none can be reckoned
  };
  // By the names of the kinds.
  std::map<std::string, Figure> FiguresOf(const std::string& school, int day) const;
  std::set<std::pair<std::string, int>> SchoolDays() const;
  std::uint64_t size() const;

 private:
  struct Record {
    std::string id;
    unsigned revision = 0;
    bool withdrawn = false;
  };
  using RecordKey = std::tuple<std::string, FactKind, std::string, std::string>;  // school, kind, pupil, key
  // The day each record stands on: a later revision may move it.
  std::map<RecordKey, int> day_of_;
  // School and day; kind; pupil and key.
  std::map<std::pair<std::string, int>, std::map<FactKind, std::map<std::pair<std::string, std::string>, Record>>>
      days_;
};

// SHA-256 of the bytes, in hex; and the bytes themselves.
std::string Sha256Hex(const std::string& bytes);
std::string HexOf(std::string_view bytes);

}  // namespace tilts::city_simulator
