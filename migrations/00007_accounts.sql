-- +goose Up

-- How colleagues reach somebody, in one line.
ALTER TABLE account ADD COLUMN contact text NOT NULL DEFAULT '';
GRANT UPDATE (contact) ON account TO casustafel_committer;

-- Who was asked to have an account with an organisation. The link that was handed
-- out holds the token; here is its hash. What became of it is never forgotten.
CREATE TABLE invitation (
    id           text PRIMARY KEY,
    token_hash   bytea NOT NULL,
    login        text NOT NULL CHECK (login = lower(login)),
    name         text NOT NULL,
    discipline   text NOT NULL,
    organisation text NOT NULL REFERENCES organisation,
    language     text NOT NULL,
    issuer       text NOT NULL REFERENCES account,
    sent_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    account      text REFERENCES account, -- that it made; empty: none yet
    withdrawn_at timestamptz
);
CREATE UNIQUE INDEX invitation_token ON invitation (token_hash);
CREATE UNIQUE INDEX invitation_open ON invitation (organisation, login) WHERE account IS NULL AND withdrawn_at IS NULL;
CREATE INDEX invitation_issuer ON invitation (issuer);

-- The link by which the first organisation and its administrator are made.
CREATE TABLE set_up_link (
    token_hash bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

REVOKE ALL ON invitation, set_up_link FROM PUBLIC;
GRANT SELECT, INSERT ON invitation, set_up_link TO casustafel_committer;
GRANT UPDATE (token_hash, issuer, sent_at, expires_at, account, withdrawn_at) ON invitation TO casustafel_committer;
GRANT DELETE ON set_up_link TO casustafel_committer;
