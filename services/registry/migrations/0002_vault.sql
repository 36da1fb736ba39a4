-- The vault. Every name, code and detail is sealed under the person's own key; the key is wrapped by a master key.

CREATE TABLE person (
  person_id     text PRIMARY KEY,
  wrapped_key   bytea,              -- gone: erased
  master_key_id text,               -- which master key wraps it, for rotation
  details       bytea,              -- sealed
  alias_of      text REFERENCES person,
  created_at    timestamptz NOT NULL,
  erased_at     timestamptz,
  erasure_basis text,
  CHECK ((erased_at IS NULL) = (wrapped_key IS NOT NULL)),
  CHECK (erased_at IS NULL OR details IS NULL)
);
CREATE INDEX person_aliases ON person (alias_of) WHERE alias_of IS NOT NULL;
CREATE INDEX person_master_key ON person (master_key_id) WHERE wrapped_key IS NOT NULL;

-- Several per person, or none. A pupil number belongs to an institution and to a time.
CREATE TABLE person_identifier (
  identifier_id  bigserial PRIMARY KEY,
  person_id      text NOT NULL REFERENCES person,
  system         integer NOT NULL,
  institution_id text NOT NULL DEFAULT '',
  blind_index    bytea NOT NULL,
  index_key_id   text NOT NULL,
  sealed_value   bytea NOT NULL,
  valid_from     timestamptz NOT NULL,
  valid_to       timestamptz CHECK (valid_to > valid_from),
  UNIQUE (system, institution_id, blind_index, valid_from)
);
CREATE INDEX identifier_of_person ON person_identifier (person_id);
CREATE INDEX identifier_index_key ON person_identifier (index_key_id);

-- Which institutions brought the person: who may link or erase.
CREATE TABLE person_source (
  person_id      text NOT NULL REFERENCES person,
  institution_id text NOT NULL,
  PRIMARY KEY (person_id, institution_id)
);
