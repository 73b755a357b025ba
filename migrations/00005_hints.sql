-- +goose Up

-- Which hints of the first minute the account has put away, as words.
ALTER TABLE account ADD COLUMN hints_seen text[] NOT NULL DEFAULT '{}';
GRANT UPDATE (hints_seen) ON account TO casustafel_committer;
