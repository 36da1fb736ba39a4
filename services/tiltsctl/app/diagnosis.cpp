#include "tiltsctl/app/diagnosis.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/concat.hpp"
#include "tiltsctl/app/message_text.hpp"

namespace tilts::tiltsctl {
namespace {

using core::Concat;
using operations::v1::Diagnosis;
using operations::v1::FaultCode;
using operations::v1::GetStatusResponse;

// One page of docs/runbooks and its safe next command.
struct Advice {
  const char* runbook;
  std::string command;
};

Advice Restart(const char* runbook, const std::string& service) {
  return {runbook, "scripts/services restart --service " + service};
}

class Doctor {
 public:
  Doctor(const std::vector<StatusAnswer>& earlier, const std::vector<StatusAnswer>& later)
      : earlier_(earlier), later_(later) {}

  Diagnosis Examine() {
    Silent();
    Stores();
    for (std::size_t i = 0; i < later_.size(); ++i) {
      if (!later_[i].status) continue;
      Faults(later_[i].service, *later_[i].status);
      Waiting(i);
      Kept(later_[i].service, *later_[i].status);
    }
    Unready();
    Oldest();
    diagnosis_.set_healthy(diagnosis_.findings().empty());
    return std::move(diagnosis_);
  }

 private:
  void Add(std::string hop, std::string what, std::string oldest, const Advice& advice) {
    auto& finding = *diagnosis_.add_findings();
    finding.set_hop(std::move(hop));
    finding.set_what(std::move(what));
    finding.set_oldest(std::move(oldest));
    finding.set_runbook(advice.runbook);
    finding.set_next_command(advice.command);
  }

  void Silent() {
    for (const StatusAnswer& answer : later_) {
      if (answer.status) continue;
      named_.insert(answer.service);
      Add(answer.service, Concat("does not answer: ", answer.status.error().message), "",
          Restart("service-down", answer.service));
    }
  }

  // One finding a store, with everybody who misses it.
  void Stores() {
    std::map<std::string, std::string> missed_by;
    for (const StatusAnswer& answer : later_) {
      if (!answer.status) continue;
      for (const auto& store : answer.status->stores()) {
        if (store.reachable()) continue;
        std::string& who = missed_by[store.name()];
        who += Concat(who.empty() ? "" : ", ", answer.service);
        named_.insert(answer.service);
      }
    }
    for (const auto& [store, who] : missed_by) {
      Add(store, "does not answer " + who, OldestOutbox(), {"store-unreachable", "scripts/servers start"});
    }
  }

  std::string OldestOutbox() const {
    const StatusAnswer* oldest = nullptr;
    for (const StatusAnswer& answer : later_) {
      if (!answer.status || !answer.status->has_oldest_outbox_at()) continue;
      if (oldest == nullptr ||
          answer.status->oldest_outbox_at().seconds() < oldest->status->oldest_outbox_at().seconds()) {
        oldest = &answer;
      }
    }
    if (oldest == nullptr) return {};
    return Concat("outbox of ", oldest->service, ", since ", TimeText(oldest->status->oldest_outbox_at()));
  }

  void Faults(const std::string& service, const GetStatusResponse& status) {
    for (const auto& fault : status.faults()) {
      named_.insert(service);
      if (fault.code() == FaultCode::FAULT_CODE_AUDIT_CHAIN_BROKEN) {
        Add("audit chain " + fault.object(), "is not what was chained", "",
            {"audit-chain-broken", "tiltsctl audit verify"});
      } else if (fault.code() == FaultCode::FAULT_CODE_HANDLER_STUCK) {
        Add("handlers of " + service, "a batch is over its limit", "", Restart("consumer-lag", service));
      } else {
        Add(Concat(fault.object(), " -> ", service), "is not read until somebody acts", "",
            {"fault", "tiltsctl status --json"});
      }
    }
  }

  // What waited at the first look and has not moved since; not where the cause is named already.
  void Waiting(std::size_t i) {
    const std::string& service = later_[i].service;
    if (named_.contains(service) || !earlier_[i].status) return;
    const GetStatusResponse& before = *earlier_[i].status;
    const GetStatusResponse& now = *later_[i].status;
    if (before.outbox_rows() > 0 && now.outbox_rows() > 0 &&
        SameTime(before.oldest_outbox_at(), now.oldest_outbox_at()))
      Add("outbox of " + service, Concat(now.outbox_rows(), " committed events do not leave"),
          "since " + TimeText(now.oldest_outbox_at()), Restart("outbox-stuck", service));
    Lag(service, before, now);
    if (before.due_now() > 0 && now.due_now() > 0 && before.oldest_undone() == now.oldest_undone()) {
      const bool ladder = service == "referral-routing";
      const std::string oldest = now.oldest_undone().empty()
                                     ? std::string()
                                     : Concat(now.oldest_undone(), ", since ", TimeText(now.oldest_undone_at()));
      Add("due work of " + service, Concat(now.due_now(), " items are due and not done"), oldest,
          ladder ? Restart("deadline-not-fired", service) : Advice{"oldest-undone", "tiltsctl doctor"});
    }
  }

  void Lag(const std::string& service, const GetStatusResponse& before, const GetStatusResponse& now) {
    std::map<std::pair<std::string, std::int32_t>, std::int64_t> stood;
    for (const auto& consumer : before.consumers()) {
      if (consumer.end_offset() > consumer.stored_offset())
        stood[{consumer.topic(), consumer.partition()}] = consumer.stored_offset();
    }
    std::int64_t waiting = 0;
    std::string first;
    for (const auto& consumer : now.consumers()) {
      const auto stuck = stood.find({consumer.topic(), consumer.partition()});
      if (stuck == stood.end() || stuck->second != consumer.stored_offset()) continue;
      waiting += consumer.end_offset() - consumer.stored_offset();
      if (first.empty())
        first = Concat(consumer.topic(), "/", consumer.partition(), " from offset ", consumer.stored_offset());
    }
    if (waiting == 0) return;
    Add(Concat(first.substr(0, first.find('/')), " -> ", service), Concat(waiting, " records are not read"), first,
        Restart("consumer-lag", service));
  }

  void Kept(const std::string& service, const GetStatusResponse& status) {
    if (status.dead_letters() > 0) {
      Add("dead letters of " + service, Concat(status.dead_letters(), " records could not be processed"), "",
          {"dead-letter", "tiltsctl dlq list --service " + service});
    }
    if (status.parked_deliveries() > 0) {
      Add("deliveries", Concat(status.parked_deliveries(), " are parked"), "",
          {"delivery-parked", "tiltsctl delivery list --state parked"});
    }
  }

  void Unready() {
    for (const StatusAnswer& answer : later_) {
      if (!answer.status || answer.status->ready() || named_.contains(answer.service)) continue;
      std::string unmet;
      for (const std::string& condition : answer.status->unmet_conditions()) {
        unmet += Concat(unmet.empty() ? "" : ", ", condition);
      }
      Add(answer.service, "takes no work; it waits for: " + unmet, "", {"service-not-ready", "tiltsctl doctor"});
    }
  }

  void Oldest() {
    for (const StatusAnswer& answer : later_) {
      if (!answer.status || answer.status->oldest_undone().empty()) continue;
      const auto& at = answer.status->oldest_undone_at();
      if (!diagnosis_.oldest_undone().empty() && at.seconds() >= diagnosis_.oldest_undone_at().seconds()) continue;
      diagnosis_.set_oldest_undone(answer.status->oldest_undone());
      *diagnosis_.mutable_oldest_undone_at() = at;
    }
  }

  static bool SameTime(const google::protobuf::Timestamp& a, const google::protobuf::Timestamp& b) {
    return a.seconds() == b.seconds() && a.nanos() == b.nanos();
  }

  const std::vector<StatusAnswer>& earlier_;
  const std::vector<StatusAnswer>& later_;
  std::set<std::string> named_;  // services whose trouble has its cause named
  Diagnosis diagnosis_;
};

}  // namespace

bool NeedsSecondLook(const std::vector<StatusAnswer>& round) {
  return std::any_of(round.begin(), round.end(), [](const StatusAnswer& answer) {
    return answer.status && (answer.status->outbox_rows() > 0 || answer.status->lag_records() > 0 ||
                             answer.status->due_now() > 0 || !answer.status->ready());
  });
}

Diagnosis Diagnose(const std::vector<StatusAnswer>& earlier, const std::vector<StatusAnswer>& later) {
  return Doctor(earlier, later).Examine();
}

}  // namespace tilts::tiltsctl
