// What the score costs: one pupil's assessment with all contributions, a day's close, a fact taken in, and the bytes a
// school year leaves in the store.
#include <benchmark/benchmark.h>

#include "school_year.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Closed;
using testing::ColdStartCard;
using testing::SchoolDay;

constexpr int kDays = 175;

struct Pupil {
  PupilState state = testing::StateOf(testing::SchoolYear());
  ClosedDays closed = Closed(kDays);
  AsOf as_of = SeenAt(closed, ColdStartCard(), SchoolDay(kDays - 1)).value();
};

void EvaluateFromRunningSums(benchmark::State& run) {
  Pupil pupil;
  CloseDay(pupil.state, pupil.as_of);
  for (auto _ : run) benchmark::DoNotOptimize(Evaluate(pupil.state, pupil.as_of));
}
BENCHMARK(EvaluateFromRunningSums);

void EvaluateReadingAnew(benchmark::State& run) {
  const Pupil pupil;
  for (auto _ : run) benchmark::DoNotOptimize(Evaluate(pupil.state, pupil.as_of));
}
BENCHMARK(EvaluateReadingAnew);

void CloseADay(benchmark::State& run) {
  Pupil pupil;
  std::vector<AsOf> days;
  for (int n = 100; n < kDays; ++n) days.push_back(SeenAt(pupil.closed, ColdStartCard(), SchoolDay(n)).value());
  std::size_t next = 0;
  for (auto _ : run) {
    benchmark::DoNotOptimize(CloseDay(pupil.state, days[next]));
    next = next + 1 == days.size() ? 0 : next + 1;
  }
}
BENCHMARK(CloseADay);

// A school year's facts one by one into an empty state.
void ApplyAYear(benchmark::State& run) {
  const std::vector<Fact> facts = testing::SchoolYear();
  for (auto _ : run) {
    PupilState state;
    for (const Fact& fact : facts) benchmark::DoNotOptimize(Apply(state, fact));
  }
  run.SetItemsProcessed(static_cast<std::int64_t>(facts.size()) * run.iterations());
}
BENCHMARK(ApplyAYear);

void ApplyACorrection(benchmark::State& run) {
  Pupil pupil;
  Fact fact = testing::Attended({.day = SchoolDay(170), .offered = 6, .unknown = 3}, 4, "riga-school-0042");
  for (auto _ : run) {
    fact.revision = static_cast<std::uint16_t>(fact.revision % 60'000 + 4);
    benchmark::DoNotOptimize(Apply(pupil.state, fact));
  }
}
BENCHMARK(ApplyACorrection);

void EncodeAYear(benchmark::State& run) {
  const Pupil pupil;
  for (auto _ : run) benchmark::DoNotOptimize(Encode(pupil.state));
  run.counters["bytes"] = static_cast<double>(Encode(pupil.state).size());
}
BENCHMARK(EncodeAYear);

void DecodeAYear(benchmark::State& run) {
  const std::string bytes = Encode(Pupil().state);
  for (auto _ : run) benchmark::DoNotOptimize(DecodePupilState(bytes));
}
BENCHMARK(DecodeAYear);

// What a worker does that keeps bytes only: read, take in, write.
void FactOnStoredBytes(benchmark::State& run) {
  const std::string bytes = Encode(Pupil().state);
  const Fact fact = testing::Attended({.day = SchoolDay(175), .offered = 6}, 1, "riga-school-0042");
  for (auto _ : run) {
    PupilState state = DecodePupilState(bytes).value();
    Apply(state, fact);
    benchmark::DoNotOptimize(Encode(state));
  }
}
BENCHMARK(FactOnStoredBytes);

}  // namespace
}  // namespace tilts::risk_scoring

BENCHMARK_MAIN();
