-- One row per chain: where it ends. Locked while an entry is added, so that a chain never forks.
CREATE TABLE chain (
  chain_id            text PRIMARY KEY,
  head_sequence       bigint NOT NULL DEFAULT 0,
  head_hash           bytea NOT NULL,
  caller_records      bigint NOT NULL DEFAULT 0,
  system_records      bigint NOT NULL DEFAULT 0,
  checkpoint_sequence bigint NOT NULL DEFAULT 0
);

-- Written once, never changed. event_id makes a record that arrives twice one entry.
CREATE TABLE entry (
  chain_id      text NOT NULL REFERENCES chain,
  sequence      bigint NOT NULL,
  previous_hash bytea NOT NULL,
  hash          bytea NOT NULL,
  event_id      text NOT NULL UNIQUE,
  record        bytea NOT NULL,
  PRIMARY KEY (chain_id, sequence)
);

-- A copy for readers; the witness file outside the database is what counts.
CREATE TABLE checkpoint (
  chain_id  text NOT NULL REFERENCES chain,
  sequence  bigint NOT NULL,
  hash      bytea NOT NULL,
  at        timestamptz NOT NULL,
  key_id    text NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (chain_id, sequence)
);
