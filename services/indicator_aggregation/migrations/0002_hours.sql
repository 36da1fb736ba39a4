-- Derived from the log like the others: how many rows of a cell took that many hours, from which its median is taken.
CREATE TABLE hour_count (
  indicator_id       text NOT NULL,
  definition_version integer NOT NULL,
  school_year        text NOT NULL,
  municipality       text NOT NULL,
  institution_id     text NOT NULL,
  category           text NOT NULL,
  hours              bigint NOT NULL,
  row_count          bigint NOT NULL,
  PRIMARY KEY (indicator_id, school_year, municipality, institution_id, category, hours, definition_version)
) WITH (fillfactor = 80);
