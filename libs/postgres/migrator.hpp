#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "postgres/database.hpp"

namespace tilts::postgres {

struct Migration {
  std::string name;  // "0001_cases.sql"
  std::string sql;
};

// Reads NNNN_name.sql files of a folder, in order. kInvalid: a gap or a number twice, another file name.
core::Result<std::vector<Migration>> ReadMigrations(const std::string& folder);

// Brings the service's schema (DatabaseOptions::schema) up to date: creates it, applies the platform's own tables
// (consumer_offset, consumed_sequence, outbox, dead_letter, idempotency), then `migrations`. Each is applied once, in
// a transaction, and recorded with its SHA-256; instances that start together wait for each other.
// kRefused, reason MIGRATION_CHANGED: an applied file has other contents now; write a new one instead.
// An applied migration this program does not know is no error: an older program runs against a newer schema (N-1).
// Returns the names applied by this call.
core::Result<std::vector<std::string>> Migrate(Database& database, const std::vector<Migration>& migrations);

}  // namespace tilts::postgres
