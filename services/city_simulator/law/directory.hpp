#pragma once

#include <tilts/registry/v1/registry_service.pb.h>

#include <set>
#include <string>
#include <vector>

#include "city_simulator/law/picture.hpp"
#include "city_simulator/time/riga_time.hpp"
#include "city_simulator/time/working_days.hpp"

namespace tilts::city_simulator {

// The institutions as GET /v1/institutions shows them, and the simulator's own reading of who has a duty.
class Directory {
 public:
  void Fill(std::vector<registry::v1::Institution> institutions) { institutions_ = std::move(institutions); }
  const std::vector<registry::v1::Institution>& all() const { return institutions_; }
  std::vector<registry::v1::Institution>& all() { return institutions_; }

  const registry::v1::Institution* Find(const std::string& id) const;
  bool InForce(const registry::v1::Institution& institution, Instant at) const;
  Follows CalendarOf(const std::string& institution_id) const;

  // The one accountable institution of a case.
  std::string Coordinator(const Picture& picture, Instant at) const;

  struct Search {
    std::vector<codes::v1::InstitutionKind> kinds;  // in order of preference
    bool replaceable = false;
    std::string territory;
    std::string school;
    std::set<std::string> passed_over;  // had it before, or must not have it
    Instant at;
  };
  // Who has the duty; empty: nobody is left.
  std::string Choose(const Search& search) const;

 private:
  const registry::v1::Institution* FirstOf(codes::v1::InstitutionKind kind, const Search& search) const;

  std::vector<registry::v1::Institution> institutions_;
};

}  // namespace tilts::city_simulator
