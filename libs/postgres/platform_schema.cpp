#include "postgres/platform_schema.hpp"

namespace tilts::postgres {

const std::vector<Migration>& PlatformMigrations() {
  static const std::vector<Migration> migrations = {{"platform/0001_stores.sql", R"sql(
CREATE TABLE consumer_offset (
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  partition      integer NOT NULL,
  next_offset    bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (consumer_group, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE consumed_sequence (
  consumer_group text NOT NULL,
  source         text NOT NULL,
  aggregate_id   text NOT NULL,
  sequence       bigint NOT NULL,
  PRIMARY KEY (consumer_group, source, aggregate_id)
) WITH (fillfactor = 80);

-- emitted_at is the database's own time, for operators who ask how old the oldest row is; no rule reads it.
CREATE TABLE outbox (
  seq        bigserial PRIMARY KEY,
  topic      text NOT NULL,
  key        text NOT NULL,
  partition  integer,
  event_id   text NOT NULL,
  body       bytea NOT NULL,
  headers    text[] NOT NULL DEFAULT '{}',
  emitted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Rows live for milliseconds; without this the table bloats before the default thresholds notice.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE dead_letter (
  id             bigserial PRIMARY KEY,
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  partition      integer NOT NULL,
  record_offset  bigint NOT NULL,
  key            text NOT NULL,
  aggregate_id   text NOT NULL,
  event_id       text NOT NULL,
  event_type     text NOT NULL,
  code           text NOT NULL,
  reason         text NOT NULL,
  attempts       integer NOT NULL,
  blocking       boolean NOT NULL,
  body           bytea NOT NULL,
  parked_at      timestamptz NOT NULL,
  UNIQUE (consumer_group, topic, partition, record_offset)
);
CREATE INDEX dead_letter_aggregate ON dead_letter (consumer_group, aggregate_id, id);

CREATE TABLE idempotency (
  institution_id text NOT NULL,
  key            text NOT NULL,
  fingerprint    bytea NOT NULL,
  response       bytea NOT NULL,
  completed_at   timestamptz NOT NULL,
  PRIMARY KEY (institution_id, key)
);
CREATE INDEX idempotency_age ON idempotency (completed_at);
)sql"}};
  return migrations;
}

}  // namespace tilts::postgres
