-- What an institution may register, what it registered, what it must hear and what was sent.

CREATE TABLE allowed_host (
  institution_id text NOT NULL,
  host text NOT NULL,
  PRIMARY KEY (institution_id, host)
);

CREATE TABLE endpoint (
  endpoint_id text PRIMARY KEY,
  institution_id text NOT NULL,
  channel_order integer NOT NULL CHECK (channel_order BETWEEN 1 AND 2),
  url text NOT NULL,
  wrapped_key bytea NOT NULL,
  sealed_secret bytea NOT NULL,
  previous_sealed_secret bytea,
  previous_until timestamptz,
  disabled_at timestamptz,
  rest_until timestamptz,
  version bigint NOT NULL DEFAULT 1,
  UNIQUE (institution_id, channel_order)
);

-- The head's row lock makes cursors gap-free and their order the order of commits.
CREATE TABLE feed_head (
  institution_id text PRIMARY KEY,
  last_cursor bigint NOT NULL
);

CREATE TABLE feed_item (
  institution_id text NOT NULL,
  cursor bigint NOT NULL,
  event_id text NOT NULL,
  own_move boolean NOT NULL,
  pushed boolean NOT NULL,
  notice bytea NOT NULL,
  PRIMARY KEY (institution_id, cursor),
  UNIQUE (institution_id, event_id)
);

-- state: 1 pending, 2 delivered, 3 parked (tilts.notification.v1.DeliveryState)
CREATE TABLE delivery (
  delivery_id text PRIMARY KEY,
  number bigserial UNIQUE,
  event_id text NOT NULL,
  endpoint_id text NOT NULL REFERENCES endpoint,
  institution_id text NOT NULL,
  referral_id text NOT NULL,
  report_id text NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  imminent boolean NOT NULL,
  state smallint NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 3),
  attempts integer NOT NULL DEFAULT 0,
  step integer NOT NULL DEFAULT 0,
  last_failure text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  second_channel_at timestamptz,
  delivered_at timestamptz,
  lease text,
  lease_until timestamptz,
  settlements bigint NOT NULL DEFAULT 0,
  correlation_id text NOT NULL,
  school_year text NOT NULL,
  municipality text NOT NULL,
  purpose integer NOT NULL,
  traceparent text NOT NULL,
  CONSTRAINT delivery_once UNIQUE (event_id, endpoint_id)
);
CREATE INDEX delivery_due ON delivery (endpoint_id, imminent DESC, next_attempt_at) WHERE state = 1;
CREATE INDEX delivery_leased ON delivery (endpoint_id, lease_until) WHERE lease IS NOT NULL;
CREATE INDEX delivery_second_channel ON delivery (second_channel_at) WHERE second_channel_at IS NOT NULL;
CREATE INDEX delivery_of_institution ON delivery (institution_id, number);
CREATE INDEX delivery_parked ON delivery (number) WHERE state = 3;
