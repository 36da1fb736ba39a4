// Creates the topics of the contracts and the dead-letter topics of those who read them. Safe to repeat.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "events/catalogue.hpp"
#include "kafka/admin.hpp"

namespace {

// Who reads what; a service's consumer group has its name.
const std::map<std::string, std::vector<std::string>> kReaders = {
    {"case-intake", {"tilts.referrals.pmp.v1", "tilts.referrals.protection.v1", "tilts.risk.v1"}},
    {"referral-routing", {"tilts.cases.pmp.v1", "tilts.cases.protection.v1"}},
    {"notification",
     {"tilts.cases.pmp.v1", "tilts.cases.protection.v1", "tilts.referrals.pmp.v1", "tilts.referrals.protection.v1"}},
    {"audit", {"tilts.audit.v1"}},
    {"risk-scoring", {"tilts.learning.v1"}},
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Creates what is missing of Tilts' Kafka topics, as the contracts describe them."};
  tilts::kafka::KafkaOptions options;
  options.client_id = "tilts-topics";
  int replication = 1;
  bool list = false;
  app.add_option("--brokers", options.brokers, "host:port,host:port")->required();
  app.add_option("--replication", replication, "copies of each partition")->check(CLI::Range(1, 7));
  app.add_flag("--list", list, "only print the contracts' topics as JSON");
  CLI11_PARSE(app, argc, argv);

  const tilts::events::Catalogue& catalogue = tilts::events::Catalogue::BuiltIn();
  if (list) {
    std::cout << catalogue.TopicsAsJson() << "\n";
    return 0;
  }
  std::vector<tilts::events::Topic> topics = catalogue.topics();
  for (const auto& [group, read] : kReaders) {
    const auto dead_letters = tilts::kafka::DeadLetterTopics(group, read);
    topics.insert(topics.end(), dead_letters.begin(), dead_letters.end());
  }
  auto admin = tilts::kafka::Admin::Create(options);
  const auto made = admin ? (*admin)->EnsureTopics(topics, replication) : tl::make_unexpected(admin.error());
  if (!made) {
    std::cerr << made.error().message << "\n";
    return 1;
  }
  std::cout << topics.size() << " topics are there\n";
  return 0;
}
