-- +goose Up

-- What a chair says: that this case hangs together with another, which is named by
-- its code. Two cases are linked when each names the other. A keyed hash of the code
-- is there to compare by; the code itself is sealed with the case's key.
CREATE TABLE case_link (
    id       text PRIMARY KEY,
    case_id  text NOT NULL REFERENCES cases,
    names    bytea NOT NULL,
    sealed   bytea NOT NULL,
    named_by text NOT NULL REFERENCES account,
    named_at timestamptz NOT NULL,
    UNIQUE (case_id, names)
);

REVOKE ALL ON case_link FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON case_link TO casustafel_committer;
