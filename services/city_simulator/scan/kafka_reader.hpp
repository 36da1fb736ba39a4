#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tilts::city_simulator {

// Reads every record of every topic whose name begins with `prefix`, from the beginning to where it ended when the
// reading began: key, headers and value, as raw bytes. Returns how many were read, or a reason why not all could be.
struct KafkaReading {
  std::uint64_t records = 0;
  std::string failure;  // empty: all were read
};
using KafkaVisitor = std::function<void(std::string_view where, std::string_view bytes)>;
KafkaReading ReadAllRecords(const std::string& brokers, const std::string& prefix, const KafkaVisitor& visit);

}  // namespace tilts::city_simulator
