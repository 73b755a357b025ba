-- +goose Up

-- After how many minutes without a signature an organisation wants to be told that the
-- access log waits for one.
ALTER TABLE organisation ADD COLUMN alarm_checkpoint int NOT NULL DEFAULT 5 CHECK (alarm_checkpoint BETWEEN 2 AND 60);
GRANT UPDATE (alarm_checkpoint) ON organisation TO casustafel_committer;

-- Alarms about the log itself are about nobody and about no case.
ALTER TABLE alarm ALTER COLUMN account DROP NOT NULL;
ALTER TABLE alarm DROP CONSTRAINT alarm_kind_check,
    ADD CONSTRAINT alarm_kind_check CHECK (kind IN ('refusals', 'many_cases', 'after_end', 'checkpoint_old', 'verify_failed', 'log_restored')),
    ADD CONSTRAINT alarm_about CHECK (CASE WHEN kind IN ('checkpoint_old', 'verify_failed', 'log_restored') THEN account IS NULL AND case_id = '' ELSE account IS NOT NULL END);

-- When a server last checked the newest stretch of the log by itself, and from which
-- leaf on it was then not what was signed; null: it was. Until it is found to be again,
-- that place is checked every time.
CREATE TABLE log_check (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    at      timestamptz, -- null: never
    suspect bigint
);
INSERT INTO log_check DEFAULT VALUES;
REVOKE ALL ON log_check FROM PUBLIC;
GRANT SELECT, UPDATE (at, suspect) ON log_check TO casustafel_committer;
