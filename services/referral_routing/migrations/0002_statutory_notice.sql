-- What a statutory notice says. Its id stands where a case's would: its referrals hang on it.

CREATE TABLE statutory_notice (
  notice_id text PRIMARY KEY REFERENCES routed_case (case_id),
  content   bytea NOT NULL       -- tilts.referrals.v1.StatutoryNotice without names
);
