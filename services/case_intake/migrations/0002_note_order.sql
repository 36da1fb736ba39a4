-- Texts written at one instant keep the order in which they came.
ALTER TABLE note ADD COLUMN position bigserial;
