-- +goose Up

-- How many professionals a family can bear at one time, and on which grounds
-- the organisation brings somebody to a table: codes, told in the language files.
ALTER TABLE organisation ADD COLUMN professionals int NOT NULL DEFAULT 4 CHECK (professionals BETWEEN 1 AND 99);
ALTER TABLE organisation ADD COLUMN grounds text[] NOT NULL DEFAULT '{treatment,consent,legal_duty,vital_interest,public_task}';
GRANT UPDATE (professionals, grounds) ON organisation TO casustafel_committer;

-- A row of membership is a confirmed place at the table. Which of the two things
-- of a chair somebody does, who brought the member in, and, sealed with the
-- case's key, task and mandate.
ALTER TABLE membership ADD COLUMN chair_function text NOT NULL DEFAULT '' CHECK (chair_function IN ('', 'meeting', 'process', 'both'));
ALTER TABLE membership ADD COLUMN duty bytea NOT NULL DEFAULT '';
ALTER TABLE membership ADD COLUMN invited_by text NOT NULL DEFAULT ''; -- empty: the operator, or who opened the case
GRANT UPDATE (chair_function, duty, invited_by) ON membership TO casustafel_committer;

-- A place that waits for the yes of somebody's own organisation. It is bound to an
-- address, whether or not anybody has it, and stands apart from membership, so
-- that nothing that reads who is at a table can take it for a place.
CREATE TABLE proposal (
    id             text PRIMARY KEY,
    case_id        text NOT NULL REFERENCES cases,
    address        bytea NOT NULL,           -- keyed hash
    account        text REFERENCES account,  -- of a member whose place is to change; else empty, also when somebody has the address
    sealed         bytea NOT NULL,           -- address, task and mandate, with the case's key
    role           text NOT NULL,
    chair_function text NOT NULL,
    beside         text[] NOT NULL,
    contact        boolean NOT NULL,
    ground         text NOT NULL,
    valid_from     timestamptz NOT NULL,
    valid_until    timestamptz,
    invited_by     text NOT NULL REFERENCES account,
    proposed_at    timestamptz NOT NULL,
    state          text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'declined', 'withdrawn')),
    answered_by    text NOT NULL DEFAULT '',
    answered_at    timestamptz
);
CREATE INDEX proposal_address ON proposal (address) WHERE state = 'waiting';
CREATE INDEX proposal_case ON proposal (case_id);

-- Who must never come near a case: keyed hashes of the address and of the account
-- that had it, to compare by, and what was written, sealed with the case's key.
CREATE TABLE exclusion (
    id       text PRIMARY KEY,
    case_id  text NOT NULL REFERENCES cases,
    address  bytea NOT NULL,
    account  bytea,
    sealed   bytea NOT NULL,
    added_by text NOT NULL REFERENCES account,
    added_at timestamptz NOT NULL
);
CREATE INDEX exclusion_case ON exclusion (case_id);

-- An interpreter has a name and a signed statement, and no account.
CREATE TABLE interpreter (
    id       text PRIMARY KEY,
    case_id  text NOT NULL REFERENCES cases,
    sealed   bytea NOT NULL, -- the name, with the case's key
    added_by text NOT NULL REFERENCES account,
    added_at timestamptz NOT NULL
);
CREATE INDEX interpreter_case ON interpreter (case_id);

REVOKE ALL ON proposal, exclusion, interpreter FROM PUBLIC;
GRANT SELECT, INSERT ON proposal, exclusion, interpreter TO casustafel_committer;
GRANT UPDATE (state, answered_by, answered_at) ON proposal TO casustafel_committer;
GRANT DELETE ON exclusion, interpreter TO casustafel_committer;
