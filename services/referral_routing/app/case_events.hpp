#pragma once

#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "log/log.hpp"
#include "referral_routing/app/desk.hpp"

namespace tilts::referral_routing {

// What routing does about events of the case register. Each call is one event within the consumer's transaction; the
// same event again finds everything done and changes nothing.
class CaseEvents {
 public:
  CaseEvents(const RoutingData& data, const DirectoryHolder& directory, const core::CityClock& clock,
             const log::Logger& log)
      : data_(data), directory_(directory), clock_(clock), log_(log) {}

  core::Status On(RoutingStore& store, const events::v1::Envelope& envelope, const cases::v1::CaseOpened& event) const;
  core::Status On(RoutingStore& store, const events::v1::Envelope& envelope,
                  const cases::v1::ReportAttached& event) const;
  core::Status On(RoutingStore& store, const events::v1::Envelope& envelope,
                  const cases::v1::CaseFactsChanged& event) const;
  core::Status On(RoutingStore& store, const events::v1::Envelope& envelope,
                  const cases::v1::CaseStateChanged& event) const;

 private:
  core::Status Picture(RoutingStore& store, const events::v1::Envelope& envelope, const std::string& case_id,
                       const cases::v1::CaseFacts& facts, const std::string& subject) const;
  core::Status HandOver(Desk& desk, RoutingStore& store, const CaseRecord& before) const;
  core::Status Withdraw(Desk& desk, RoutingStore& store, Move move) const;
  core::Status DropDuplicates(Desk& desk, RoutingStore& store) const;

  const RoutingData& data_;
  const DirectoryHolder& directory_;
  const core::CityClock& clock_;
  const log::Logger& log_;
};

}  // namespace tilts::referral_routing
