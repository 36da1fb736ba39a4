#include "backbone/settings.hpp"

#include "config/config.hpp"
#include "postgres/migrator.hpp"

namespace tilts::backbone {
namespace {

std::chrono::milliseconds Milliseconds(const google::protobuf::Duration& duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(duration));
}

std::string NameOf(const config::v1::ServiceConfig& config, const std::string& service) {
  return service + "-" + config.instance();
}

}  // namespace

core::Result<postgres::DatabaseOptions> DatabaseSettings(const config::v1::ServiceConfig& config,
                                                         const std::string& service) {
  TILTS_CHECK(config::Require(config, {"postgres"}));
  const config::v1::Postgres& section = config.postgres();
  postgres::DatabaseOptions options;
  options.host = section.host();
  options.port = static_cast<int>(section.port());
  options.database = section.database();
  options.user = section.user();
  TILTS_ASSIGN(options.password, config::Secret("postgres password", section.password(), section.password_file()));
  options.schema = section.schema();
  options.application_name = NameOf(config, service);
  options.connections = static_cast<int>(section.pool_size());
  options.connect_limit = Milliseconds(section.connect_timeout());
  options.statement_limit = Milliseconds(section.statement_timeout());
  options.pool_wait = Milliseconds(section.pool_wait());
  return options;
}

core::Result<kafka::KafkaOptions> KafkaSettings(const config::v1::ServiceConfig& config, const std::string& service) {
  TILTS_CHECK(config::Require(config, {"kafka"}));
  const config::v1::Kafka& section = config.kafka();
  kafka::KafkaOptions options;
  for (const std::string& broker : section.brokers()) options.brokers += (options.brokers.empty() ? "" : ",") + broker;
  options.client_id = section.client_id().empty() ? NameOf(config, service) : section.client_id();
  options.session_timeout = Milliseconds(section.session_timeout());
  options.linger = Milliseconds(section.linger());
  if (!section.username().empty()) {
    TILTS_ASSIGN(const std::string password,
                 config::Secret("kafka password", section.password(), section.password_file()));
    options.extra = {{"security.protocol", "SASL_SSL"},
                     {"sasl.mechanism", "SCRAM-SHA-512"},
                     {"sasl.username", section.username()},
                     {"sasl.password", password}};
  }
  return options;
}

core::Status MigrateSchema(const config::v1::ServiceConfig& config, const std::string& service,
                           const log::Logger& log) {
  TILTS_ASSIGN(const auto options, DatabaseSettings(config, service));
  TILTS_ASSIGN(const auto migrations, postgres::ReadMigrations(config.migrations_dir()));
  postgres::Database database(options);
  TILTS_ASSIGN(const auto applied, postgres::Migrate(database, migrations));
  for (const std::string& name : applied) log.Info("migration applied", {{"migration", name}});
  return {};
}

}  // namespace tilts::backbone
