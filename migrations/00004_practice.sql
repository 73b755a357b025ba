-- +goose Up

-- Invented colleagues of practice cases: they sit at that table and nowhere else,
-- and nobody ever signs in as one.
ALTER TABLE account ADD COLUMN invented boolean NOT NULL DEFAULT false;

-- The practice case of each organisation: the one in which its people practise now.
CREATE TABLE practice (
    organisation text PRIMARY KEY REFERENCES organisation,
    case_id      text NOT NULL REFERENCES cases
);

REVOKE ALL ON practice FROM PUBLIC;
GRANT SELECT, INSERT ON practice TO casustafel_committer;
GRANT UPDATE (case_id) ON practice TO casustafel_committer;
