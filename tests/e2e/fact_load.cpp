#include "fact_load.hpp"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <random>

namespace tilts::e2e {
namespace {

constexpr int kBatchesAtOnce = 10;

// True once it is acknowledged; what is busy, down or unanswered is sent again.
bool PushUntilAcknowledged(City& city, const Caller& school, const Json& facts, bool vault_may_be_away,
                           std::string& fault) {
  return Eventually(
      [&] {
        const Answer answer = city.Post("/v1/facts", school, {{"facts", facts}});
        if (answer.status == 0 || answer.status == 409 || answer.status == 429 || answer.status >= 500) return false;
        // Held: an enrolment while the vault is away, finished by itself later.
        const auto held = vault_may_be_away ? answer.body.value("held", 0U) : 0U;
        const auto taken = answer.body.value("accepted", 0U) + held;
        if (!answer.ok() || taken != facts.size()) fault = answer.text;
        return true;
      },
      std::chrono::seconds(120));
}

}  // namespace

SchoolFacts::SchoolFacts(City& city, std::string prefix) : prefix_(std::move(prefix)) {
  constexpr int kDaysOfWeek = 7;
  const auto day_of_week = [](core::CityTime time) {  // 0: Monday; the first day of the count was a Thursday
    return (std::chrono::duration_cast<std::chrono::hours>(time.time_since_epoch()).count() / 24 + 3) % kDaysOfWeek;
  };
  for (core::CityTime time = city.Now(); days_.size() < kDays;) {
    time -= std::chrono::hours(24);
    if (day_of_week(time) < 5) days_.push_back(core::FormatRfc3339(time).substr(0, 10));
  }
}

std::string SchoolFacts::Number(int pupil) const {
  return absl::StrCat(prefix_, "-", pupil);
}

Json SchoolFacts::Enrolment(int pupil, int revision) const {
  const Json identifier = {{"system", "IDENTIFIER_SYSTEM_NATIONAL_CODE"}, {"value", "code-" + Number(pupil)}};
  return {
      {"pupil_number", Number(pupil)},
      {"revision", revision},
      {"enrolment", {{"from", "2025-09-01"}, {"grade", 7}, {"person", {{"identifiers", Json::array({identifier})}}}}}};
}

Json SchoolFacts::Enrolments() const {
  Json facts = Json::array();
  for (int pupil = 0; pupil < kPupils; ++pupil) facts.push_back(Enrolment(pupil, 1));
  return facts;
}

Json SchoolFacts::Batch(int i) const {
  const int day = i % kDays;
  const int revision = 1 + i / kDays;
  Json facts = Json::array({Enrolment(i % kPupils, 2 + i / kPupils)});
  for (int pupil = 0; pupil < kPupils; ++pupil) {
    const int unexcused = pupil < kTruants ? 2 + revision % 2 : ((pupil + day + revision) % 9 == 0 ? 1 : 0);
    facts.push_back({{"pupil_number", Number(pupil)},
                     {"revision", revision},
                     {"attendance",
                      {{"day", days_[static_cast<std::size_t>(day)]},
                       {"lessons_offered", 7},
                       {"absent_excused", (pupil * day + revision) % 5 == 0 ? 1 : 0},
                       {"absent_unexcused", unexcused}}}});
  }
  return facts;
}

std::string SchoolFacts::RowsAfter(int batches) {
  int rows = 0;
  int revisions = 0;
  for (int day = 0; day < std::min(batches, kDays); ++day) {
    rows += kPupils;
    revisions += kPupils * (1 + (batches - 1 - day) / kDays);
  }
  return absl::StrCat(rows, "|", revisions);
}

FactLoad::FactLoad(City& city, Caller school, const SchoolFacts& facts, std::chrono::milliseconds pause,
                   bool vault_may_be_away)
    : city_(city),
      school_(std::move(school)),
      facts_(facts),
      pause_(pause),
      vault_may_be_away_(vault_may_be_away),
      thread_([this] { Loop(); }) {}

void FactLoad::Stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

bool FactLoad::MoreBatches(int count, std::chrono::seconds limit) {
  const int wanted = acknowledged_ + count;
  return Eventually([&] { return acknowledged_ >= wanted; }, limit);
}

void FactLoad::Loop() {
  while (!stop_) {
    const int i = acknowledged_;
    std::string fault;
    for (int time = 0; time < (i % 4 == 0 ? 2 : 1); ++time) {
      if (!PushUntilAcknowledged(city_, school_, facts_.Batch(i), vault_may_be_away_, fault))
        fault = "a batch was never acknowledged";
    }
    if (!fault.empty()) faults_.push_back(std::move(fault));
    ++acknowledged_;
    (void)Eventually([&] { return stop_.load(); }, pause_);
  }
}

bool PushShuffled(City& city, const Caller& school, const SchoolFacts& facts, int batches) {
  std::vector<int> order;
  for (int i = 0; i < batches; ++i) {
    order.push_back(i);
    if (i % 3 == 0) order.push_back(i);
  }
  std::mt19937 random(7);
  std::shuffle(order.begin(), order.end(), random);
  std::string fault;
  bool acknowledged = true;
  for (std::size_t from = 0; from < order.size(); from += kBatchesAtOnce) {
    Json together = Json::array();
    for (std::size_t i = from; i < std::min(order.size(), from + kBatchesAtOnce); ++i) {
      for (const Json& fact : facts.Batch(order[i])) together.push_back(fact);
    }
    acknowledged = PushUntilAcknowledged(city, school, together, false, fault) && acknowledged;
  }
  return acknowledged && fault.empty();
}

}  // namespace tilts::e2e
