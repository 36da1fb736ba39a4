#pragma once

#include <sys/types.h>

#include <string>

#include "redis/redis.hpp"

namespace tilts::risk_scoring {

// A Redis of this test alone, so that it can be flushed, killed and given an older snapshot.
class PrivateRedis {
 public:
  explicit PrivateRedis(std::string folder);
  ~PrivateRedis();
  PrivateRedis(const PrivateRedis&) = delete;
  PrivateRedis& operator=(const PrivateRedis&) = delete;

  redis::RedisOptions options() const;
  // Writes the snapshot file and keeps a copy aside.
  void KeepSnapshot();
  // Kills the server and starts it with the kept snapshot.
  void RestartWithKeptSnapshot();

 private:
  void Start();
  void Kill();

  const std::string folder_;
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace tilts::risk_scoring
