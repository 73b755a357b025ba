-- +goose Up

-- A session that its person locked, or that was left alone: it holds, but
-- nothing is shown under it until it is unlocked. Empty: it is open.
ALTER TABLE session ADD COLUMN locked_at timestamptz;
GRANT UPDATE (locked_at) ON session TO casustafel_committer;
