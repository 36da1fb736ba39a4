-- A number's holders follow each other: each holds it from valid_from until the next one begins, the first one since
-- ever. claimed_from is when the holder is known to have had it, and decides the order of holders reported late.
ALTER TABLE person_identifier DROP COLUMN valid_to;
ALTER TABLE person_identifier ADD COLUMN claimed_from timestamptz;
UPDATE person_identifier SET claimed_from = valid_from;
ALTER TABLE person_identifier ALTER COLUMN claimed_from SET NOT NULL;
ALTER TABLE person_identifier ADD CHECK (claimed_from >= valid_from);

-- The key of a school year's statistics ids. Gone: destroyed, its ids can never be made again.
CREATE TABLE statistics_key (
  school_year   text PRIMARY KEY,
  wrapped_key   bytea,
  master_key_id text,
  created_at    timestamptz NOT NULL,
  destroyed_at  timestamptz,
  CHECK ((destroyed_at IS NULL) = (wrapped_key IS NOT NULL))
);
