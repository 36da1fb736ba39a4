-- The case register. Codes and random ids in the open; names and texts only sealed.

CREATE TABLE case_file (
  case_id          text PRIMARY KEY,
  stream           smallint NOT NULL,
  state            smallint NOT NULL,
  subject_id       text,                -- random person id; null while the child is unknown
  coordinator_id   text NOT NULL,
  previous_case_id text,
  merged_into_id   text,
  facts            bytea NOT NULL,      -- tilts.cases.v1.CaseFacts
  opened_at        timestamptz NOT NULL,
  closed_at        timestamptz,
  outcome          smallint NOT NULL,
  open_referrals   integer NOT NULL CHECK (open_referrals >= 0),
  sequence         bigint NOT NULL,     -- of the last event
  version          bigint NOT NULL      -- the etag
);

-- One open file a child and stream. States 1 to 3 are OPEN, IN_COOPERATION, MONITORING.
CREATE UNIQUE INDEX one_open_case_per_child_and_stream ON case_file (subject_id, stream) WHERE state IN (1, 2, 3);
CREATE INDEX case_file_subject ON case_file (subject_id);
CREATE INDEX case_file_coordinator ON case_file (coordinator_id, opened_at DESC, case_id DESC);

CREATE TABLE report (
  report_id       text PRIMARY KEY,
  case_id         text NOT NULL REFERENCES case_file (case_id),
  institution_id  text NOT NULL,
  source_event_id text,
  fingerprint     bytea NOT NULL,       -- keyed hash of what was sent, without its request id
  received_at     timestamptz NOT NULL,
  content         bytea NOT NULL,       -- tilts.intake.v1.StoredReport
  revision        bigint NOT NULL,      -- rises with every change of content
  vault_due_at    timestamptz,          -- city clock; null: nothing waits for the vault
  vault_attempts  integer NOT NULL,
  CONSTRAINT one_report_per_source_event UNIQUE (institution_id, source_event_id)
);
CREATE INDEX report_case ON report (case_id);
CREATE INDEX report_vault_due ON report (vault_due_at) WHERE vault_due_at IS NOT NULL;

-- People of a report that the vault has not seen yet, sealed whole.
CREATE TABLE held_person (
  report_id        text PRIMARY KEY REFERENCES report (report_id),
  sealed           bytea NOT NULL,      -- tilts.intake.v1.HeldPeople
  wrapped_key      bytea NOT NULL,      -- by the service's holding key
  vault_request_id text NOT NULL        -- the vault was perhaps asked already: ask with the same id
);

-- Free text. Readable only with the key of the child it is about.
CREATE TABLE note (
  note_id     text PRIMARY KEY,
  report_id   text NOT NULL REFERENCES report (report_id),
  person_id   text,                     -- whose key wraps it; null: the service's holding key
  sealed      bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  written_at  timestamptz NOT NULL
);
CREATE INDEX note_report ON note (report_id);

-- What the register knows of referrals.
CREATE TABLE case_referral (
  referral_id text PRIMARY KEY,
  case_id     text NOT NULL,
  sequence    bigint NOT NULL,
  open        boolean NOT NULL,
  accepted    boolean NOT NULL
);
CREATE INDEX case_referral_case ON case_referral (case_id);
