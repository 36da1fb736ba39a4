#include "migrate.hpp"

#include <unistd.h>

#include <iostream>
#include <optional>

#include "kafka/producer.hpp"
#include "kafka/topic_copy.hpp"

namespace tilts::kafka {
namespace {

constexpr char kNext[] =
    "next: 1. release the readers of FROM so that they read TO as well\n"
    "      2. stop the writers of FROM and wait until `tiltsctl status` says that every reader is at rest\n"
    "      3. run this again: it copies what came since and compares everything\n"
    "      4. start the writers' release that writes to TO\n"
    "      5. release the readers without FROM, then delete FROM; docs/operations/topics.md says more\n";

std::optional<events::Topic> Declared(const MigrateWords& words) {
  const auto& catalogue = events::Catalogue::BuiltIn();
  if (const events::Topic* topic = catalogue.FindTopic(words.to)) return *topic;
  if (words.partitions == 0) return std::nullopt;
  const events::Topic* like = catalogue.FindTopic(words.from);
  events::Topic rehearsal = like != nullptr ? *like : events::Topic{};
  rehearsal.name = words.to;
  rehearsal.partitions = words.partitions;
  return rehearsal;
}

}  // namespace

int Migrate(const KafkaOptions& kafka, const MigrateWords& words) {
  const auto to = Declared(words);
  if (!to || words.from == words.to) {
    std::cerr << words.to << " is not another topic of the contracts: declare it, or rehearse with --partitions\n";
    return 2;
  }
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  TopicCopyOptions options{.from = words.from, .to = *to, .replication = words.replication};
  options.progress = [terminal](std::uint64_t done, std::uint64_t all) {
    std::cerr << (terminal ? "\r" : "") << "looked at " << done << " of " << all << (terminal ? "   " : "\n");
  };
  const auto producer = Producer::Create(kafka);
  const auto result = producer ? CopyTopic(kafka, **producer, options) : tl::make_unexpected(producer.error());
  if (terminal) std::cerr << "\n";
  if (!result) {
    std::cerr << result.error().message << "\n";
    return result.error().code == core::Errc::kUnavailable ? 3 : 1;
  }
  std::cout << words.to << " (" << to->partitions << " partitions) holds what " << words.from << " ("
            << result->from_partitions << ") holds: " << result->records << " records, " << result->broadcasts
            << " broadcasts, digest " << result->digest << "; " << result->copied << " written now\n";
  if (result->waiting > 0) {
    std::cout << result->waiting << " records wait behind a broadcast that has not reached every partition yet\n";
  }
  std::cout << kNext;
  return result->waiting > 0 ? 3 : 0;
}

}  // namespace tilts::kafka
