#include "notification/adapters/dispatcher.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "notification/adapters/second_channel.hpp"

namespace tilts::notification {
namespace {

using std::chrono::steady_clock;

// The city clock is looked at this often, the database only when it may have something.
constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::milliseconds kLookAnyway{1'000};  // what other replicas wrote, leases that ran out
constexpr std::size_t kSettleBatch = 100;

// A second to a day: the retry ladder spans hours.
std::vector<double> ArrivalBuckets() {
  return {1, 5, 15, 30, 60, 120, 300, 900, 3'600, 14'400, 86'400};
}

bool IsOutage(const core::Error& error) {
  return error.code == core::Errc::kUnavailable || error.code == core::Errc::kTimeout ||
         error.code == core::Errc::kOverloaded || error.code == core::Errc::kConflict;
}

}  // namespace

double DerivedJitter(const std::string& delivery_id, unsigned step) {
  const std::string hash = crypto::Sha256(delivery_id + "/" + std::to_string(step));
  const auto high = static_cast<unsigned char>(hash[0]);
  const auto low = static_cast<unsigned char>(hash[1]);
  return (high * 256 + low) / 32767.5 - 1;
}

Dispatcher::Dispatcher(DispatcherParts parts, DispatcherOptions options)
    : parts_(std::move(parts)), options_(std::move(options)) {
  const auto counter = [this](const char* outcome) {
    return parts_.metrics.AddCounter("tilts_notification_attempts_total", "Delivery attempts by what became of them.",
                                     {{"outcome", outcome}});
  };
  delivered_ = counter("delivered");
  retried_ = counter("retried");
  parked_ = counter("parked");
  lost_lease_ = counter("lost_lease");
  for (const bool imminent : {false, true}) {
    arrival_[imminent] = parts_.metrics.AddHistogram("tilts_notification_delivery_seconds",
                                                     "City time from a delivery's beginning to the receiver's 2xx.",
                                                     {{"urgency", imminent ? "imminent" : "other"}}, ArrivalBuckets());
  }
  seconds_ = parts_.metrics.AddHistogram("tilts_notification_attempt_seconds", "Time of one exchange with a receiver.");
}

Dispatcher::~Dispatcher() {
  Stop(steady_clock::now());
}

void Dispatcher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Dispatcher::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Dispatcher::Quiesce() {
  const std::lock_guard lock(mutex_);
  quiet_ = true;
}

void Dispatcher::Stop(steady_clock::time_point deadline) {
  {
    const std::lock_guard lock(mutex_);
    quiet_ = true;
    stopping_ = true;
    stop_by_ = deadline;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Dispatcher::Run() {
  for (;;) {
    std::vector<Finished> finished;
    bool work = false;
    bool over = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kTick, [this] { return woken_ || stopping_ || (!finished_.empty() && !database_away_); });
      finished.swap(finished_);
      work = !quiet_;
      over = stopping_ && (in_flight_ == 0 || steady_clock::now() >= stop_by_);
    }
    SettleAll(finished);
    database_away_ = !finished.empty();
    if (database_away_) {  // what is known is kept and written later
      const std::lock_guard lock(mutex_);
      finished_.insert(finished_.end(), std::make_move_iterator(finished.begin()),
                       std::make_move_iterator(finished.end()));
    }
    if (over) break;
    if (work && TimeToLook()) Look();
  }
  // Callbacks of what is still in flight run in here; their deliveries go back untouched.
  parts_.sender.Stop();
  std::vector<Finished> rest;
  {
    const std::lock_guard lock(mutex_);
    rest.swap(finished_);
  }
  SettleAll(rest);
}

bool Dispatcher::TimeToLook() {
  const auto now = steady_clock::now();
  bool woken = false;
  {
    const std::lock_guard lock(mutex_);
    woken = std::exchange(woken_, false);
    if (in_flight_ >= options_.in_flight) return false;
  }
  return woken || now - last_look_ >= kLookAnyway || (next_due_ && *next_due_ <= parts_.city_clock.Now());
}

void Dispatcher::Look() {
  last_look_ = steady_clock::now();
  const core::CityTime now = parts_.city_clock.Now();
  next_due_.reset();
  // What this worker held when it was killed waits for no lease to run out: nobody else has its name.
  if (!began_) {
    const auto back = DeliveryStore::TakeBack(parts_.database, options_.worker);
    if (!back) return CannotTake(back.error());
    began_ = true;
  }
  const auto opened = OpenSecondChannels(parts_.database, parts_.endpoints, now);
  ClaimLimits limits;
  {
    const std::lock_guard lock(mutex_);
    limits.total = options_.in_flight - in_flight_;
  }
  limits.per_endpoint = options_.endpoint_in_flight;
  limits.now = now;
  limits.machine = parts_.machine_clock.Now();
  limits.lease_until = limits.machine + options_.lease;
  limits.lease = options_.worker + "/" + std::to_string(++claims_made_) + "/" +
                 std::to_string(limits.machine.time_since_epoch().count());
  auto claims = DeliveryStore::Take(parts_.database, limits);
  if (!opened || !claims) return CannotTake(opened ? claims.error() : opened.error());
  const bool more = !claims->empty();
  for (Claim& claim : *claims) Begin(std::move(claim));
  if (more) return Wake();
  if (auto due = DeliveryStore::NextDue(parts_.database)) next_due_ = *due;
  // What is due and was not taken waits for an exchange in flight to end, which wakes us.
  if (next_due_ && *next_due_ <= now) next_due_.reset();
}

void Dispatcher::CannotTake(const core::Error& error) const {
  parts_.log.Warning("deliveries cannot be taken", {{"reason", error.reason}, {"code", core::ToString(error.code)}});
}

void Dispatcher::Begin(Claim claim) {
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  const auto began = steady_clock::now();
  if (claim.endpoint_disabled) {
    domain::Attempt gone;
    gone.status = 410;
    return Finish({std::move(claim), gone, began});
  }
  auto shared = std::make_shared<Claim>(std::move(claim));
  parts_.sender.Send(*shared, [this, shared, began](std::optional<domain::Attempt> attempt) {
    Finish({std::move(*shared), attempt, began});
  });
}

void Dispatcher::Finish(Finished finished) {
  {
    const std::lock_guard lock(mutex_);
    finished_.push_back(std::move(finished));
    --in_flight_;
    woken_ = true;
  }
  changed_.notify_all();
}

// Leaves in `finished` what could not be written because the database is away.
void Dispatcher::SettleAll(std::vector<Finished>& finished) {
  while (!finished.empty()) {
    const std::size_t count = std::min(finished.size(), kSettleBatch);
    auto written = Settle({finished.data(), count});
    // One that can never be written must not hold up the others: it is tried alone, and its lease runs out.
    for (std::size_t i = 0; !written && !IsOutage(written.error()) && i < count; ++i) {
      const auto alone = Settle({&finished[i], 1});
      if (alone) continue;
      if (IsOutage(alone.error())) {
        written = alone;
        break;
      }
      parts_.log.Error("the outcome of a delivery cannot be written",
                       {{"delivery_id", finished[i].claim.delivery_id}, {"reason", alone.error().reason}});
    }
    if (!written && IsOutage(written.error())) {
      parts_.log.Warning("outcomes of deliveries wait for the database", {{"count", finished.size()}});
      return;
    }
    finished.erase(finished.begin(), finished.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

core::Status Dispatcher::Settle(std::span<const Finished> finished) {
  return parts_.database.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    for (const Finished& each : finished) TILTS_CHECK(SettleOne(unit, each));
    return {};
  });
}

core::Status Dispatcher::SettleOne(postgres::UnitOfWork& unit, const Finished& finished) {
  const Claim& claim = finished.claim;
  if (!finished.attempt) return DeliveryStore::Release(unit, claim);
  const core::CityTime now = parts_.city_clock.Now();
  const domain::Judgement judgement = domain::Judge(*finished.attempt);
  const domain::Decision decision =
      domain::Decide(parts_.policy, claim.imminent, claim.step, judgement, finished.attempt->retry_after,
                     parts_.jitter(claim.delivery_id, claim.step), now);
  TILTS_ASSIGN(const bool ours, DeliveryStore::Settle(unit, claim, decision, judgement.failure, now));
  if (!ours) {
    lost_lease_.Add();
    return {};
  }
  Count(finished, decision);
  return {};
}

void Dispatcher::Count(const Finished& finished, const domain::Decision& decision) {
  seconds_.Observe(std::chrono::duration<double>(steady_clock::now() - finished.began).count());
  switch (decision.next) {
    case domain::Decision::Next::kDelivered:
      arrival_[finished.claim.imminent].Observe(
          std::chrono::duration<double>(parts_.city_clock.Now() - finished.claim.created_at).count());
      return delivered_.Add();
    case domain::Decision::Next::kRetry: return retried_.Add();
    case domain::Decision::Next::kPark: return parked_.Add();
  }
}

}  // namespace tilts::notification
