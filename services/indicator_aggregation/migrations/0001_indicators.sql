-- Everything down to indicator_value is derived from the log: a rebuild makes it anew beside and switches.

-- What each record counts as: the newest revision, with which an older contribution can be taken back exactly.
CREATE TABLE fact_row (
  record_id      bytea PRIMARY KEY,
  revision       integer NOT NULL,
  withdrawn      boolean NOT NULL,
  kind           smallint NOT NULL,
  day            integer NOT NULL,
  to_day         integer NOT NULL,
  subject_id     text NOT NULL,
  institution_id text NOT NULL,
  municipality   text NOT NULL,
  school_year    text NOT NULL,
  codes          text NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX fact_row_day ON fact_row (institution_id, day);
CREATE INDEX fact_row_enrolment ON fact_row (subject_id) WHERE kind = 3;

-- No indicator counts attendance and there are millions a year: only what a reconciliation needs.
CREATE TABLE attendance_row (
  record_id      bytea PRIMARY KEY,
  revision       integer NOT NULL,
  withdrawn      boolean NOT NULL,
  day            integer NOT NULL,
  pupil_id       text NOT NULL,
  institution_id text NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX attendance_row_day ON attendance_row (institution_id, day);

CREATE TABLE school_day (
  day         integer PRIMARY KEY,
  school_year text NOT NULL
);

-- The latest school year with a closed day: so far open enrolments count.
CREATE TABLE current_year (
  only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  school_year text NOT NULL
);
INSERT INTO current_year (school_year) VALUES ('');

-- side: 0 numerator, 1 denominator
CREATE TABLE membership (
  indicator_id       text NOT NULL,
  definition_version integer NOT NULL,
  school_year        text NOT NULL,
  municipality       text NOT NULL,
  institution_id     text NOT NULL,
  category           text NOT NULL,
  side               smallint NOT NULL,
  subject_id         text NOT NULL,
  row_count          bigint NOT NULL,
  PRIMARY KEY (indicator_id, school_year, municipality, institution_id, category, side, subject_id, definition_version)
) WITH (fillfactor = 80);

CREATE TABLE indicator_value (
  indicator_id       text NOT NULL,
  definition_version integer NOT NULL,
  school_year        text NOT NULL,
  municipality       text NOT NULL,
  institution_id     text NOT NULL,
  category           text NOT NULL,
  numerator          bigint NOT NULL,
  denominator        bigint NOT NULL,
  PRIMARY KEY (indicator_id, school_year, municipality, institution_id, category, definition_version)
) WITH (fillfactor = 70);

-- The definitions the values were counted with.
CREATE TABLE counted_definitions (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  hash     text NOT NULL
);

-- What somebody published. Another value for the same figure is a restatement and keeps the one before.
CREATE TABLE official_figure (
  indicator_id   text NOT NULL,
  school_year    text NOT NULL,
  municipality   text NOT NULL,
  institution_id text NOT NULL,
  category       text NOT NULL,
  value          double precision NOT NULL,
  source         text NOT NULL,
  published_on   text NOT NULL,
  PRIMARY KEY (indicator_id, school_year, municipality, institution_id, category)
);
CREATE TABLE official_figure_history (
  number         bigserial PRIMARY KEY,
  indicator_id   text NOT NULL,
  school_year    text NOT NULL,
  municipality   text NOT NULL,
  institution_id text NOT NULL,
  category       text NOT NULL,
  value          double precision NOT NULL,
  source         text NOT NULL,
  published_on   text NOT NULL,
  replaced_by    text NOT NULL,
  replaced_at    timestamptz
);
-- A file version is loaded once, so that a later --migrate cannot undo what was imported since.
CREATE TABLE official_file (
  name    text NOT NULL,
  version text NOT NULL,
  PRIMARY KEY (name, version)
);
