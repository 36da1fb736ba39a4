#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "log/log.hpp"
#include "referral_routing/app/directory.hpp"
#include "referral_routing/app/publish.hpp"
#include "referral_routing/app/routing_data.hpp"
#include "referral_routing/app/store.hpp"
#include "referral_routing/domain/plan.hpp"
#include "referral_routing/domain/referral_moves.hpp"

namespace tilts::referral_routing {

// The work on one case within one transaction: every change of a referral saves it, sets its next rung and emits its
// event. The case's lock is held by the caller.
class Desk {
 public:
  Desk(const RoutingData& data, const Directory& directory, RoutingStore& store, CaseRecord record, Occasion occasion,
       const log::Logger& log)
      : data_(data),
        directory_(directory),
        store_(store),
        record_(std::move(record)),
        occasion_(std::move(occasion)),
        log_(log) {}

  const CaseRecord& record() const { return record_; }
  const Occasion& occasion() const { return occasion_; }

  // Evaluates the rules over the case's facts and sends what is new.
  core::Status Route();

  // Sends one referral that no routing rule planned: a notice that a law orders.
  core::Status Send(const Planned& planned);
  // Cancels it for the system, if it is there.
  core::Status Withdraw(const core::ReferralId& id);

  struct Moved {
    Referral referral;
    bool changed = false;
  };
  // One move; on a rejection or expiry the next institution gets the referral in the same transaction.
  core::Result<Moved> Make(const Referral& before, const MoveRequest& request, Actor actor,
                           const InstitutionId& acting_institution, const std::string& note_id);

  // Reports a rung: to whom, and whether the referral is overdue from now on.
  core::Status Escalate(Referral& referral, const ScheduledRung& rung, bool overdue);

  // The case's coordinator becomes the requester of an open referral, and everybody concerned hears it.
  core::Status HandOver(Referral referral);

  // New calendar: counts the deadlines of an open referral again and says so.
  core::Status Recount(Referral& referral);

  // The next rung of the ladder, as things stand.
  core::Status Reschedule(const Referral& referral);

  // One audit record of the system for `objects` and everything changed so far, if anything was. `reason` says by what
  // right.
  core::Status Audit(const char* handler, const char* reason, std::vector<std::string> objects = {});

  // "referral/…" of everything changed so far, for the audit record of a call.
  const std::vector<std::string>& touched() const { return touched_; }

 private:
  core::Result<Situation> CurrentSituation() const;
  core::Status Perform(const Plan& plan);
  core::Status Replace(const Referral& ended);
  core::Status SetDueTimes(Referral& referral);
  core::Status Publish(const google::protobuf::Message& event, const Referral& referral);
  core::Status PublishMove(const Referral& referral, Move move, const InstitutionId& actor, const std::string& note_id);
  core::Status PublishExhausted(Referral& task, const core::ReferralId& last);
  std::vector<InstitutionId> Resolve(const std::vector<Audience>& audience, const Referral& referral,
                                     bool any_hour) const;
  void Touch(const Referral& referral);

  const RoutingData& data_;
  const Directory& directory_;
  RoutingStore& store_;
  const CaseRecord record_;
  const Occasion occasion_;
  const log::Logger& log_;
  std::vector<std::string> touched_;
};

}  // namespace tilts::referral_routing
