#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "city.hpp"

namespace tilts::e2e {

// One school's facts, the same for every school but for the pupil numbers: batch i revises one school day of every
// pupil and one enrolment. The first three pupils miss more lessons without an excuse than the law allows.
class SchoolFacts {
 public:
  static constexpr int kPupils = 8;
  static constexpr int kTruants = 3;
  static constexpr int kDays = 25;

  SchoolFacts(City& city, std::string prefix);

  std::string Number(int pupil) const;
  // The enrolment of every pupil.
  Json Enrolments() const;
  Json Batch(int i) const;
  // Attendance rows of the school and the sum of their revisions ("rows|revisions") once so many batches are in.
  static std::string RowsAfter(int batches);

 private:
  Json Enrolment(int pupil, int revision) const;

  std::string prefix_;
  std::vector<std::string> days_;  // ISO dates, working days before the city's today
};

// Pushes one batch after the other until stopped, each again until it is acknowledged, some twice.
class FactLoad {
 public:
  // `pause` between one batch's answer and the next batch.
  FactLoad(City& city, Caller school, const SchoolFacts& facts, std::chrono::milliseconds pause = {},
           bool vault_may_be_away = false);
  ~FactLoad() { Stop(); }

  // Stop ends when the batch in hand is acknowledged.
  void Stop();
  int acknowledged() const { return acknowledged_; }
  // Blocks until so many more batches were acknowledged.
  bool MoreBatches(int count, std::chrono::seconds limit = std::chrono::seconds(90));
  std::vector<std::string> faults() const { return faults_; }  // after Stop

 private:
  void Loop();

  City& city_;
  const Caller school_;
  const SchoolFacts& facts_;
  const std::chrono::milliseconds pause_;
  const bool vault_may_be_away_;  // then held facts count as taken
  std::atomic<bool> stop_{false};
  std::atomic<int> acknowledged_{0};
  std::vector<std::string> faults_;
  std::thread thread_;
};

// The first `batches` in an order of their own, many at a time, every third one twice. False: something was refused.
bool PushShuffled(City& city, const Caller& school, const SchoolFacts& facts, int batches);

}  // namespace tilts::e2e
