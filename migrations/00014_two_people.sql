-- +goose Up

-- From when on an account counts as one of the two people whom something needs.
-- One that a colleague made, or let in anew, does so only after some days, so that
-- nobody is two people at once unseen. What the operator made counts from the first.
ALTER TABLE account ADD COLUMN counts_from timestamptz NOT NULL DEFAULT timestamptz 'epoch';
UPDATE account a SET counts_from = a.created_at + interval '7 days' FROM invitation i WHERE i.account = a.id;
GRANT UPDATE (counts_from) ON account TO casustafel_committer;
