#pragma once

#include <tilts/config/v1/config.pb.h>

#include "core/result.hpp"
#include "redis/redis.hpp"

namespace tilts::redis {

// The configuration's section `redis`; the password is read here.
core::Result<RedisOptions> RedisSettings(const config::v1::Redis& section);

}  // namespace tilts::redis
