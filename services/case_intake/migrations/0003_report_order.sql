-- Reports received at one instant keep the order in which they came.
ALTER TABLE report ADD COLUMN position bigserial;
