-- +goose Up

-- What a member was given beyond, or short of, the rights of its role in one case:
-- a lend, the glass that was broken, a bar. A row is only ever added and ended. What
-- kind names, card or person (both empty: everything), is an id of the case; why it
-- was given is sealed with the case's key.
CREATE TABLE given (
    id          text PRIMARY KEY,
    case_id     text NOT NULL REFERENCES cases,
    account     text NOT NULL REFERENCES account,
    kind        text NOT NULL CHECK (kind IN ('lend', 'glass', 'bar')),
    card        text NOT NULL DEFAULT '',
    person      text NOT NULL DEFAULT '' CHECK (card = '' OR person = ''),
    reason      bytea NOT NULL,
    given_by    text NOT NULL REFERENCES account,
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz CHECK (valid_until > valid_from), -- empty: until it is ended
    ended_at    timestamptz,
    ended_by    text NOT NULL DEFAULT ''
);
CREATE INDEX given_case ON given (case_id);

REVOKE ALL ON given FROM PUBLIC;
GRANT SELECT, INSERT ON given TO casustafel_committer;
GRANT UPDATE (ended_at, ended_by) ON given TO casustafel_committer;
