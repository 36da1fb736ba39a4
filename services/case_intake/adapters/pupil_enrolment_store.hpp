#pragma once

#include <set>
#include <string>
#include <vector>

#include "case_intake/domain/pupil_enrolment.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// The table enrolment of one institution, within one transaction.
class EnrolmentStore {
 public:
  EnrolmentStore(postgres::UnitOfWork& unit, const std::string& institution_id)
      : unit_(unit), institution_id_(institution_id) {}

  core::Result<std::vector<Enrolment>> OfPersons(const std::vector<std::string>& person_ids) const;
  core::Result<std::vector<Enrolment>> All() const;
  core::Result<std::vector<Enrolment>> OfRecords(const std::vector<std::string>& record_ids) const;
  // Writes what is newer than the row by its revision; the ids of the records written. Of one record given twice the
  // greatest revision counts.
  core::Result<std::set<std::string>> Apply(const std::vector<Enrolment>& enrolments) const;
  // The records still stood so on that day.
  core::Status Confirm(const std::vector<std::string>& record_ids, Day day) const;

 private:
  core::Result<std::vector<Enrolment>> Many(std::string_view where, const postgres::Params& params) const;

  postgres::UnitOfWork& unit_;
  const std::string& institution_id_;
};

}  // namespace tilts::case_intake
