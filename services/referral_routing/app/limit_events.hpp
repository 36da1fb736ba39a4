#pragma once

#include <tilts/events/v1/envelope.pb.h>
#include <tilts/risk/v1/events.pb.h>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "log/log.hpp"
#include "referral_routing/app/desk.hpp"

namespace tilts::referral_routing {

// What routing does when a learner crosses the law's line of unexcused lessons or is taken back below it. The notice's
// id is derived from pupil, semester and crossing and stands where a case's would; the same event again changes
// nothing.
class LimitEvents {
 public:
  LimitEvents(const RoutingData& data, const DirectoryHolder& directory, const core::CityClock& clock,
              const log::Logger& log)
      : data_(data), directory_(directory), clock_(clock), log_(log) {}

  core::Status On(RoutingStore& store, const events::v1::Envelope& envelope, const risk::v1::LimitCrossed& event) const;
  core::Status On(RoutingStore& store, const events::v1::Envelope& envelope,
                  const risk::v1::LimitRetracted& event) const;

 private:
  const RoutingData& data_;
  const DirectoryHolder& directory_;
  const core::CityClock& clock_;
  const log::Logger& log_;
};

core::CaseId NoticeIdOf(const std::string& pupil_id, const std::string& school_year, unsigned semester,
                        unsigned crossing);

}  // namespace tilts::referral_routing
