-- +goose Up

-- How far servers have come in checking the leaves before the newest, stretch by stretch
-- and round after round: every leaf before that place was right in this round. Wrong: the
-- stretch that begins there was not what was signed, and is checked until it is.
ALTER TABLE log_check ADD COLUMN place bigint NOT NULL DEFAULT 0, ADD COLUMN wrong boolean NOT NULL DEFAULT false;
GRANT UPDATE (place, wrong) ON log_check TO casustafel_committer;
