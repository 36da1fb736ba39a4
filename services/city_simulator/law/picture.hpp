#pragma once

#include <tilts/codes/v1/codes.pb.h>

#include <set>
#include <string>

namespace tilts::cases::v1 {
class CaseFacts;
}

namespace tilts::city_simulator {

// What is known of a case in codes, as the simulator reckons it from the reports it sent itself.
struct Picture {
  codes::v1::Stream stream = codes::v1::STREAM_UNSPECIFIED;
  std::set<codes::v1::ConcernCode> concerns;
  codes::v1::Relation relation = codes::v1::RELATION_UNSPECIFIED;
  codes::v1::Place place = codes::v1::PLACE_UNSPECIFIED;
  std::set<codes::v1::AggravatingFact> aggravating;
  unsigned level = 0;
  codes::v1::Urgency urgency = codes::v1::URGENCY_UNSPECIFIED;
  unsigned age = 0;
  std::string school;
  std::string residence;
  std::string event_municipality;
  bool in_care = false;
  bool staff_alleged = false;
  std::string staff_institution;
  std::string coordinator;

  bool operator==(const Picture&) const = default;
};

// The picture after another report on the same child and stream. What is unknown is filled, sets grow, level and
// urgency only rise; the family, once suspected, stays suspected.
Picture Join(const Picture& known, const Picture& added);

// What the case register shows, for comparison.
Picture PictureOf(const cases::v1::CaseFacts& facts);
// One line of codes, for ledger entries.
std::string Describe(const Picture& picture);

}  // namespace tilts::city_simulator
