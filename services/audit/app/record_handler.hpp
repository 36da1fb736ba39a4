#pragma once

#include <tilts/audit/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include "core/result.hpp"
#include "metrics/metrics.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::audit {

// Puts each record of tilts.audit.v1 at the end of its chain, once.
class RecordHandler {
 public:
  explicit RecordHandler(metrics::Registry& metrics);
  core::Status Handle(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                      const v1::AuditRecorded& record) const;

 private:
  const metrics::Counter caller_records_;
  const metrics::Counter system_records_;
  const metrics::Counter duplicates_;
};

}  // namespace tilts::audit
