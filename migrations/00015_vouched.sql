-- +goose Up

-- A place is given by the chair who sees for whom, and of which organisation, its
-- yes is: an address alone proves neither.
ALTER TABLE proposal ADD COLUMN vouched_for text REFERENCES account; -- empty: nobody said yes yet
GRANT UPDATE (vouched_for) ON proposal TO casustafel_committer;
