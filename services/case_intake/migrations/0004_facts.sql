-- Who was where when, as the schools say: for rosters, for the stage of support facts, and to tell own pupils.
CREATE TABLE enrolment (
  record_id      text PRIMARY KEY,      -- keyed hash of institution, pupil number and first day
  institution_id text NOT NULL,
  person_id      text NOT NULL,         -- random id of the vault
  from_day       integer NOT NULL,      -- days since 1970-01-01
  to_day         integer NOT NULL,      -- last day; 0: still enrolled
  end_reason     smallint NOT NULL,
  stage          smallint NOT NULL,
  grade          smallint NOT NULL,
  revision       integer NOT NULL CHECK (revision BETWEEN 1 AND 65535),
  withdrawn      boolean NOT NULL,
  as_of_day      integer NOT NULL       -- the latest day on which somebody said so: an older roster changes nothing
);
CREATE INDEX enrolment_of_person ON enrolment (institution_id, person_id);

-- Facts whose pupil nobody knows yet, sealed whole. One row a record: a greater revision replaces it.
CREATE TABLE held_fact (
  held_id        text PRIMARY KEY,      -- keyed hash of the natural key
  institution_id text NOT NULL,
  kind           text NOT NULL,
  revision       integer NOT NULL,
  number_index   bytea NOT NULL,        -- keyed hash of institution and pupil number
  sealed         bytea NOT NULL,        -- tilts.intake.v1.Fact
  wrapped_key    bytea NOT NULL,        -- by the service's holding key
  held_since     timestamptz NOT NULL,  -- city clock, like due_at
  due_at         timestamptz,           -- null: waits for somebody to say whose number it is
  attempts       integer NOT NULL
);
CREATE INDEX held_fact_of_institution ON held_fact (institution_id, held_since, held_id);
CREATE INDEX held_fact_number ON held_fact (institution_id, number_index);
CREATE INDEX held_fact_due ON held_fact (due_at) WHERE due_at IS NOT NULL;
