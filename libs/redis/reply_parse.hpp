#pragma once

#include "redis/redis.hpp"

struct redisReply;

namespace tilts::redis {

// An error reply becomes an error; everything else a value that outlives the connection.
core::Result<Reply> ParseReply(const redisReply* reply);

}  // namespace tilts::redis
