#pragma once

#include <chrono>
#include <map>
#include <string>

namespace tilts::kafka {

struct KafkaOptions {
  std::string brokers;                             // "host:port,host:port"
  std::string client_id;                           // "<service>-<instance>"
  std::chrono::milliseconds publish_limit{2'500};  // Publish answers within this and about a second
  std::chrono::milliseconds session_timeout{8'000};
  std::chrono::milliseconds admin_limit{15'000};
  std::chrono::milliseconds linger{2};
  // TLS, SASL and other client settings as librdkafka names them; what this library sets itself cannot be changed.
  std::map<std::string, std::string> extra;
};

}  // namespace tilts::kafka
