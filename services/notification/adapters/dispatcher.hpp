#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.hpp"
#include "log/log.hpp"
#include "metrics/metrics.hpp"
#include "notification/adapters/delivery_store.hpp"
#include "notification/adapters/endpoint_store.hpp"
#include "notification/adapters/webhook_sender.hpp"
#include "notification/domain/retry.hpp"
#include "postgres/database.hpp"

namespace tilts::notification {

struct DispatcherOptions {
  std::string worker;  // tells leases of replicas apart; the same after a restart, and no other's
  std::size_t in_flight = 256;
  std::size_t endpoint_in_flight = 4;
  // Longer than any attempt: after it another worker may take the delivery.
  std::chrono::milliseconds lease{20'000};
};

// A number in [-1, 1] for an attempt; passed in, so that tests and replays know it.
using JitterSource = std::function<double(const std::string& delivery_id, unsigned step)>;
// From the ids themselves: spread like chance, the same whoever computes it.
double DerivedJitter(const std::string& delivery_id, unsigned step);

struct DispatcherParts {
  postgres::Database& database;
  const EndpointStore& endpoints;
  WebhookSender& sender;
  const domain::RetryPolicy& policy;
  const core::CityClock& city_clock;
  const core::MachineClock& machine_clock;
  const log::Logger& log;
  metrics::Registry& metrics;
  JitterSource jitter = DerivedJitter;
};

// One thread that takes due deliveries, hands them to the sender and writes what became of them. Several may work on
// one database, in one process or many.
class Dispatcher {
 public:
  Dispatcher(DispatcherParts parts, DispatcherOptions options);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  void Start();
  // Something may be due: new deliveries, a re-drive, another address.
  void Wake();
  // Takes nothing more.
  void Quiesce();
  // Lets what is in flight finish until `deadline`, then gives it back.
  void Stop(std::chrono::steady_clock::time_point deadline);

 private:
  struct Finished {
    Claim claim;
    std::optional<domain::Attempt> attempt;
    std::chrono::steady_clock::time_point began;
  };

  void Run();
  bool TimeToLook();
  void Look();
  void CannotTake(const core::Error& error) const;
  void Begin(Claim claim);
  void Finish(Finished finished);
  void SettleAll(std::vector<Finished>& finished);
  core::Status Settle(std::span<const Finished> finished);
  core::Status SettleOne(postgres::UnitOfWork& unit, const Finished& finished);
  void Count(const Finished& finished, const domain::Decision& decision);

  DispatcherParts parts_;
  const DispatcherOptions options_;
  metrics::Counter delivered_;
  metrics::Counter retried_;
  metrics::Counter parked_;
  metrics::Counter lost_lease_;
  metrics::Histogram arrival_[2];  // by imminence
  metrics::Histogram seconds_;

  // Of the thread alone.
  std::optional<core::CityTime> next_due_;
  std::chrono::steady_clock::time_point last_look_{};
  std::uint64_t claims_made_ = 0;
  bool began_ = false;  // nothing is held from an earlier life
  bool database_away_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Finished> finished_;
  std::size_t in_flight_ = 0;
  bool woken_ = true;
  bool quiet_ = false;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_by_{};
  std::thread thread_;
};

}  // namespace tilts::notification
