-- Referrals of cases and their deadlines. Codes and random ids in the open; texts only sealed.

CREATE TABLE routed_case (
  case_id        text PRIMARY KEY,
  state          smallint NOT NULL,
  subject_id     text,                 -- random person id; null while the child is unknown
  coordinator_id text NOT NULL,
  merged_into_id text,
  facts          bytea NOT NULL,       -- tilts.cases.v1.CaseFacts, the last picture
  correlation_id text NOT NULL,
  school_year    text NOT NULL,
  municipality   text NOT NULL
);
CREATE INDEX routed_case_merged ON routed_case (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE TABLE referral (
  referral_id      text PRIMARY KEY,
  position         bigint GENERATED ALWAYS AS IDENTITY,
  case_id          text NOT NULL REFERENCES routed_case (case_id),
  requester_id     text NOT NULL,
  recipient_id     text NOT NULL,
  purpose          text NOT NULL,
  state            smallint NOT NULL,
  is_open          boolean NOT NULL,
  urgency_rank     smallint NOT NULL,  -- minus urgency, so that the most urgent sorts first
  clock_due_at     timestamptz NOT NULL,  -- of the running clock; the end of time: none runs
  calendar_id      text NOT NULL,
  calendar_version text NOT NULL,
  sequence         bigint NOT NULL CHECK (sequence > 0),  -- events so far, also the etag
  content          bytea NOT NULL      -- tilts.referrals.v1.StoredReferral
);

-- One owner: at most one open referral per case, recipient and purpose.
CREATE UNIQUE INDEX one_open_referral ON referral (case_id, recipient_id, purpose) WHERE is_open;
CREATE INDEX referral_case ON referral (case_id, position);
CREATE INDEX referral_recipient ON referral (recipient_id, urgency_rank, clock_due_at, referral_id);
CREATE INDEX referral_requester ON referral (requester_id, urgency_rank, clock_due_at, referral_id);
CREATE INDEX referral_calendar ON referral (calendar_id, calendar_version) WHERE is_open;

-- The next rung of each referral's ladder, in city time.
CREATE TABLE due (
  referral_id text PRIMARY KEY REFERENCES referral (referral_id),
  clock       text NOT NULL,
  rung        text NOT NULL,
  due_at      timestamptz NOT NULL
);
CREATE INDEX due_at ON due (due_at);

-- Each rung fires once.
CREATE TABLE fired_rung (
  referral_id text NOT NULL REFERENCES referral (referral_id),
  clock       text NOT NULL,
  rung        text NOT NULL,
  fired_at    timestamptz NOT NULL,
  PRIMARY KEY (referral_id, clock, rung)
);

-- Free text of the parties. Readable only with the key of the child it is about.
CREATE TABLE note (
  note_id     text PRIMARY KEY,
  referral_id text NOT NULL REFERENCES referral (referral_id),
  move        smallint NOT NULL,       -- the move it explains
  person_id   text,                    -- whose key wraps it; null: the service's holding key
  sealed      bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  written_at  timestamptz NOT NULL
);
CREATE INDEX note_referral ON note (referral_id, written_at);
CREATE INDEX note_held ON note (note_id) WHERE person_id IS NULL;
