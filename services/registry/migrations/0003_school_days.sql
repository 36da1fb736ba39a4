-- School days that were announced as over. The first day is fixed by the first start, so that days slept through
-- before anything was closed are not forgotten.

CREATE TABLE school_day_start (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  first_day integer NOT NULL
);

-- Days since 1970-01-01, as the events carry them.
CREATE TABLE closed_school_day (
  day              integer PRIMARY KEY,
  school_year      text NOT NULL,
  semester         integer NOT NULL,
  calendar_version text NOT NULL,
  event_id         text NOT NULL,
  closed_at        timestamptz NOT NULL
);
