-- The figures of a school year as they were made final. Not derived from the log: a rebuild leaves them as they are.
CREATE TABLE frozen_year (
  school_year text PRIMARY KEY,
  frozen_at   timestamptz NOT NULL,
  watermark   text NOT NULL
);
CREATE TABLE frozen_value (
  indicator_id       text NOT NULL,
  definition_version integer NOT NULL,
  school_year        text NOT NULL REFERENCES frozen_year,
  municipality       text NOT NULL,
  institution_id     text NOT NULL,
  category           text NOT NULL,
  numerator          bigint NOT NULL,
  denominator        bigint NOT NULL,
  PRIMARY KEY (indicator_id, school_year, municipality, institution_id, category, definition_version)
);
