#include <gtest/gtest.h>

#include "events/in_memory_bus.hpp"

namespace tilts::events {
namespace {

// The vectors of Kafka's own Utils.murmur2 test, through toPositive and the number of partitions.
TEST(PartitionTest, AgreesWithKafkasMurmur2) {
  const auto expected = [](std::int32_t hash) { return static_cast<std::int32_t>((hash & 0x7fffffff) % 1000); };
  EXPECT_EQ(PartitionOf("21", 1000), expected(-973932308));
  EXPECT_EQ(PartitionOf("foobar", 1000), expected(-790332482));
  EXPECT_EQ(PartitionOf("a-little-bit-long-string", 1000), expected(-985981536));
  EXPECT_EQ(PartitionOf("a-little-bit-longer-string", 1000), expected(-1486304829));
  EXPECT_EQ(PartitionOf("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 1000), expected(-58897971));
  EXPECT_EQ(PartitionOf("abc", 1000), expected(479470107));
}

}  // namespace
}  // namespace tilts::events
