-- What the score proposes for a pupil and what a person decided on it: one row a pupil.
CREATE TABLE tier (
  pupil_id          text PRIMARY KEY,
  institution_id    text NOT NULL,        -- the school whose turn it is
  proposed_tier     smallint NOT NULL CHECK (proposed_tier BETWEEN 0 AND 3),  -- 0: never proposed, 1: taken back
  points            integer NOT NULL,
  material_digest   text NOT NULL,
  as_of_day         integer NOT NULL,     -- days since 1970-01-01
  proposal_id       text NOT NULL,        -- id of the event
  proposal_sequence bigint NOT NULL,
  card_id           text NOT NULL,
  card_version      integer NOT NULL,
  domains           text[] NOT NULL,      -- of the contributions with points
  proposed_at       timestamptz NOT NULL, -- of the nomination while nothing was ever proposed
  decision          smallint NOT NULL,    -- 0: nobody decided yet
  decided_tier      smallint NOT NULL,
  reason            smallint NOT NULL,
  role              text NOT NULL,
  decided_by        text NOT NULL,        -- institution
  decided_at        timestamptz,
  decided_digest    text NOT NULL,        -- of the proposal that was answered
  note_id           text NOT NULL,
  case_id           text NOT NULL,        -- opened or joined by the decision; empty: none
  open              boolean NOT NULL,     -- waits for a decision
  sequence          bigint NOT NULL,      -- of the last TierDecided
  revision          bigint NOT NULL       -- rises with every write
);
CREATE INDEX tier_of_institution ON tier (institution_id, proposed_at DESC, pupil_id DESC);
-- At which school is this pupil now?
CREATE INDEX enrolment_person ON enrolment (person_id, from_day DESC);

-- Reasons in words for decisions that no case belongs to; the others are notes of the case's report.
CREATE TABLE tier_note (
  note_id        text PRIMARY KEY,
  pupil_id       text NOT NULL,
  person_id      text,                    -- whose key wraps it; null: the service's holding key
  sealed         bytea NOT NULL,
  wrapped_key    bytea NOT NULL,
  written_at     timestamptz NOT NULL,
  vault_due_at   timestamptz,             -- city clock; null: nothing waits for the vault
  vault_attempts integer NOT NULL
);
CREATE INDEX tier_note_vault_due ON tier_note (vault_due_at) WHERE vault_due_at IS NOT NULL;
