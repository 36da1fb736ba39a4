#include "redis/settings.hpp"

#include "config/config.hpp"

namespace tilts::redis {

core::Result<RedisOptions> RedisSettings(const config::v1::Redis& section) {
  RedisOptions options;
  options.host = section.host();
  options.port = static_cast<int>(section.port());
  options.connections = static_cast<int>(section.pool_size());
  options.command_limit =
      std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(section.command_timeout()));
  options.connect_limit = options.command_limit;
  TILTS_ASSIGN(options.password, config::Secret("the Redis password", section.password(), section.password_file()));
  return options;
}

}  // namespace tilts::redis
