-- +goose Up

-- What needs the yes of a second person: opening a closed case again, and an
-- export. The ground is a code; nothing of the case stands here.
CREATE TABLE second_person (
    id          text PRIMARY KEY,
    case_id     text NOT NULL REFERENCES cases,
    act         text NOT NULL CHECK (act IN ('reopen', 'export')),
    ground      text NOT NULL,
    asked_by    text NOT NULL REFERENCES account,
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL CHECK (state IN ('waiting', 'yes', 'no', 'withdrawn', 'lapsed')),
    answered_by text REFERENCES account,
    answered_at timestamptz,
    CHECK (answered_by <> asked_by OR state = 'withdrawn')
);
-- One question of a kind at a time.
CREATE UNIQUE INDEX second_person_waiting ON second_person (case_id, act) WHERE state = 'waiting';
CREATE INDEX second_person_case ON second_person (case_id, asked_at);

REVOKE ALL ON second_person FROM PUBLIC;
GRANT SELECT, INSERT ON second_person TO casustafel_committer;
GRANT UPDATE (state, answered_by, answered_at) ON second_person TO casustafel_committer;
