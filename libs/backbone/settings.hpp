#pragma once

#include <tilts/config/v1/config.pb.h>

#include <string>

#include "core/result.hpp"
#include "kafka/kafka_options.hpp"
#include "log/log.hpp"
#include "postgres/database.hpp"

namespace tilts::backbone {

// The sections `postgres` and `kafka` of the configuration as the libraries want them; secrets are read here.
core::Result<postgres::DatabaseOptions> DatabaseSettings(const config::v1::ServiceConfig& config,
                                                         const std::string& service);
core::Result<kafka::KafkaOptions> KafkaSettings(const config::v1::ServiceConfig& config, const std::string& service);

// For service::Definition::migrate: applies the numbered files of `migrations_dir` to the service's schema.
core::Status MigrateSchema(const config::v1::ServiceConfig& config, const std::string& service, const log::Logger& log);

}  // namespace tilts::backbone
