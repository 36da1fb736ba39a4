#pragma once

#include <string>

#include "kafka/kafka_options.hpp"

namespace tilts::kafka {

struct MigrateWords {
  std::string from;
  std::string to;
  int partitions = 0;  // for a rehearsal into a topic that the contracts do not name
  int replication = 1;
};

// Copies FROM to TO, shows progress on standard error and says on standard output what there is and what comes next.
// Exit code: 0 both are the same, 1 it did not succeed, 2 wrong words, 3 run it again.
int Migrate(const KafkaOptions& kafka, const MigrateWords& words);

}  // namespace tilts::kafka
