-- Institutions, clients, credentials and grants: reference data, no child.

-- Rises with every change that other services cache.
CREATE TABLE registry_version (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version  bigint NOT NULL
);
INSERT INTO registry_version (version) VALUES (1);

CREATE TABLE institution (
  institution_id  text PRIMARY KEY,
  kind            integer NOT NULL,
  name_lv         text NOT NULL,
  name_en         text NOT NULL,
  municipality    text NOT NULL,
  territory       text[] NOT NULL,
  calendar_id     text NOT NULL,
  round_the_clock boolean NOT NULL,
  at_capacity     boolean NOT NULL,
  external        boolean NOT NULL,
  preference      integer NOT NULL,
  valid_from      timestamptz NOT NULL,
  valid_to        timestamptz CHECK (valid_to > valid_from),
  successor_id    text REFERENCES institution DEFERRABLE INITIALLY DEFERRED,
  supervisor_id   text REFERENCES institution DEFERRABLE INITIALLY DEFERRED,
  version         bigint NOT NULL,
  -- What people changed is not overwritten by a later seed file.
  seeded          boolean NOT NULL
);

CREATE TABLE institution_unit (
  institution_id text NOT NULL REFERENCES institution,
  position       integer NOT NULL,
  unit_id        text NOT NULL,
  name           text NOT NULL,
  territory      text[] NOT NULL,
  PRIMARY KEY (institution_id, unit_id)
);

CREATE TABLE institution_hours (
  institution_id text NOT NULL REFERENCES institution,
  weekday        integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  from_minute    integer NOT NULL,
  to_minute      integer NOT NULL CHECK (from_minute < to_minute AND to_minute <= 1440),
  PRIMARY KEY (institution_id, weekday, from_minute)
);

CREATE TABLE client (
  client_id  text PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE credential (
  credential_id text PRIMARY KEY,
  client_id     text NOT NULL REFERENCES client,
  secret_sha256 bytea NOT NULL CHECK (length(secret_sha256) = 32),
  issued_at     timestamptz NOT NULL,
  expires_at    timestamptz,
  revoked_at    timestamptz
);
CREATE INDEX credential_of_client ON credential (client_id);

CREATE TABLE institution_grant (
  grant_id       text PRIMARY KEY,
  client_id      text NOT NULL REFERENCES client,
  institution_id text NOT NULL REFERENCES institution,
  operations     text[] NOT NULL,
  valid_from     timestamptz,
  valid_to       timestamptz,
  revoked_at     timestamptz
);
CREATE INDEX grant_of_client ON institution_grant (client_id);
