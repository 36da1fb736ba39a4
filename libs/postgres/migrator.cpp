#include "postgres/migrator.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/sha256.hpp"
#include "postgres/platform_schema.hpp"

namespace tilts::postgres {
namespace {

// "0012_name.sql" -> 12; 0 for anything else.
int NumberOf(const std::string& name) {
  if (name.size() < 10 || name[4] != '_' || !name.ends_with(".sql")) return 0;
  int number = 0;
  for (int i = 0; i < 4; ++i) {
    const char digit = name[static_cast<std::size_t>(i)];
    if (digit < '0' || digit > '9') return 0;
    number = number * 10 + (digit - '0');
  }
  return number;
}

core::Status ApplyOne(UnitOfWork& unit, const Migration& migration, std::vector<std::string>& applied) {
  const std::string digest = core::Hex(core::Sha256(migration.sql));
  TILTS_ASSIGN(const Rows known, unit.Exec("SELECT sha256 FROM schema_migration WHERE name = $1", {migration.name}));
  if (!known.empty()) {
    if (known.front().Text(0) == digest) return {};
    return core::Fail(core::Errc::kRefused,
                      "migration " + migration.name + " was changed after it was applied: restore it, write a new one",
                      "MIGRATION_CHANGED");
  }
  auto done = unit.ExecScript(migration.sql);
  if (!done) {
    core::Error error = done.error();
    error.message = "migration " + migration.name + ": " + error.message;
    return core::Fail(std::move(error));
  }
  TILTS_CHECK(unit.Exec("INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)", {migration.name, digest}));
  applied.push_back(migration.name);
  return {};
}

}  // namespace

core::Result<std::vector<Migration>> ReadMigrations(const std::string& folder) {
  std::error_code failure;
  std::map<int, Migration> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    const int number = NumberOf(name);
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    if (number == 0 || !file || !found.emplace(number, Migration{name, text.str()}).second) {
      return core::Fail(core::Errc::kInvalid, name + ": migrations are NNNN_name.sql, each number once",
                        "MIGRATION_NAME");
    }
  }
  if (failure) return core::Fail(core::Errc::kInvalid, "cannot read the migrations folder", "MIGRATION_FOLDER");
  std::vector<Migration> migrations;
  for (auto& [number, migration] : found) {
    if (number != static_cast<int>(migrations.size()) + 1) {
      return core::Fail(core::Errc::kInvalid, migration.name + ": a number before it is missing", "MIGRATION_GAP");
    }
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

core::Result<std::vector<std::string>> Migrate(Database& database, const std::vector<Migration>& migrations) {
  // Connections of its own: a migration may take longer than a service's statements may.
  DatabaseOptions options = database.options();
  options.statement_limit = std::chrono::minutes(30);
  options.idle_in_transaction_limit = std::chrono::minutes(30);
  options.connections = 1;
  Database own(options);
  if (options.schema.empty()) {
    return core::Fail(core::Errc::kInvalid, "set the service's schema before migrating", "SCHEMA_NAME");
  }
  TILTS_CHECK(own.Transact([&](UnitOfWork& unit) -> core::Status {
    TILTS_CHECK(unit.Exec("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", {"migrate/" + options.schema}));
    // CREATE SCHEMA asks for a right on the database even when the schema exists; a service's role has none.
    TILTS_ASSIGN(const Rows exists, unit.Exec("SELECT 1 FROM pg_namespace WHERE nspname = $1", {options.schema}));
    if (exists.empty()) TILTS_CHECK(unit.ExecScript("CREATE SCHEMA " + options.schema));
    return unit.ExecScript("CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, sha256 text NOT NULL)");
  }));
  std::vector<Migration> all = PlatformMigrations();
  all.insert(all.end(), migrations.begin(), migrations.end());
  std::vector<std::string> applied;
  for (const Migration& migration : all) {
    std::vector<std::string> names;
    TILTS_CHECK(own.Transact([&](UnitOfWork& unit) -> core::Status {
      names.clear();
      TILTS_CHECK(unit.Lock("migrate", "schema"));
      return ApplyOne(unit, migration, names);
    }));
    applied.insert(applied.end(), names.begin(), names.end());
  }
  return applied;
}

}  // namespace tilts::postgres
