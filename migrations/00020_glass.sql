-- +goose Up

-- What somebody else made of a glass that was broken: of one without a row here the
-- review is still open. A row is only ever added.
CREATE TABLE glass_review (
    given    text PRIMARY KEY REFERENCES given,
    judged   text NOT NULL CHECK (judged IN ('justified', 'not_justified')),
    sealed   bytea NOT NULL, -- in a sentence why, with the case's key
    by       text NOT NULL REFERENCES account,
    at       timestamptz NOT NULL
);
CREATE INDEX given_glass ON given (valid_from) WHERE kind = 'glass';

REVOKE ALL ON glass_review FROM PUBLIC;
GRANT SELECT, INSERT ON glass_review TO casustafel_committer;
