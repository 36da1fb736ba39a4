#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>

#include "city_simulator/play/simulation.hpp"

namespace {

using namespace tilts::city_simulator;  // NOLINT: the program's own namespace

int Scan(const std::string& run_path, const std::vector<std::string>& marks) {
  const ScanResult result = ScanForMarks(run_path, marks);
  for (const std::string& line : result.lines) std::printf("%s\n", line.c_str());
  std::printf("leaked=%zu\n", result.leaks);
  return result.leaks == 0 && result.complete ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Plays a whole city against a running Tilts and compares what came out with what had to."};
  SimulationOptions options;
  std::uint64_t seed = 0;
  app.add_option("--run", options.run_path, "private directory of servers and services")->default_val("run");
  app.add_option("--source", options.source_path, "clone with the published data files")->default_val(".");
  app.add_option("--schools", options.city.schools, "schools that take part")
      ->default_val(6U)
      ->check(CLI::Range(1, 101));
  app.add_option("--days", options.city.school_days, "school days to live through")
      ->default_val(73U)
      ->check(CLI::Range(1, 80));
  app.add_option("--learners", options.learners, "learners of the schools; 0: none")
      ->default_val(2500U)
      ->check(CLI::Range(0, 7500));
  app.add_option("--reports", options.city.reports, "reports to make, at least one of each situation")
      ->default_val(70U);
  const auto* seed_option = app.add_option("--seed", seed, "seed of the city; random when absent");
  app.add_option("--sabotage", options.sabotage, "spoil one thing that was seen: the run must end NOT BALANCED")
      ->check(CLI::IsMember({"receipt", "delivery", "deadline", "audit", "score"}));
  auto* scan = app.add_subcommand("scan", "search a run for given marks in Kafka, logs and metrics; plays nothing");
  std::vector<std::string> marks;
  scan->add_option("mark", marks, "texts to look for")->required();
  CLI11_PARSE(app, argc, argv);

  if (scan->parsed()) return Scan(options.run_path, marks);
  options.city.seed = *seed_option ? seed : std::random_device{}() % 1'000'000;
  return Simulate(options) ? 0 : 1;
}
