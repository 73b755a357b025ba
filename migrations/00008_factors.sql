-- +goose Up

-- When a second factor was last shown under a session; empty: never, and until
-- then nothing can be done under it but showing one. Its token is made anew at
-- each such step: open sockets know the session by the hash of its first token.
ALTER TABLE session ADD COLUMN second_at timestamptz;
ALTER TABLE session ADD COLUMN first_hash bytea; -- empty: it still has its first token
ALTER TABLE session ADD COLUMN browser text NOT NULL DEFAULT ''; -- kind of browser, a word of ours
ALTER TABLE session ADD COLUMN place bytea; -- keyed hash of the address where a second factor was first shown
CREATE UNIQUE INDEX session_name ON session ((coalesce(first_hash, token_hash)));
CREATE INDEX session_place ON session (account, place) WHERE place IS NOT NULL;
GRANT UPDATE (token_hash, second_at, first_hash, place) ON session TO casustafel_committer;

-- What an account shows as its second factor. Secrets are sealed.
CREATE TABLE factor (
    id         text PRIMARY KEY,
    account    text NOT NULL REFERENCES account,
    kind       text NOT NULL CHECK (kind IN ('passkey', 'totp')),
    host       text NOT NULL DEFAULT '', -- of a passkey: where it can be shown
    browser    text NOT NULL DEFAULT '', -- kind of browser it was made in
    credential bytea UNIQUE,             -- of a passkey: keyed hash of its id
    sealed     bytea NOT NULL,
    last_step  bigint NOT NULL DEFAULT 0, -- of a totp: no code of this step or before counts
    added_at   timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX factor_account ON factor (account);

-- Codes for who lost the rest, as keyed hashes; each counts once.
CREATE TABLE recovery_code (
    account text NOT NULL REFERENCES account,
    hash    bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account, hash)
);

-- What a passkey was asked, until it answers: once, and soon.
CREATE TABLE passkey_question (
    token_hash bytea PRIMARY KEY,
    sealed     bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Asked by one, confirmed by another, after a delay: all factors of an account go.
CREATE TABLE factor_reset (
    id           text PRIMARY KEY,
    account      text NOT NULL REFERENCES account,
    asked_by     text NOT NULL REFERENCES account,
    asked_at     timestamptz NOT NULL,
    confirmed_by text REFERENCES account,
    due_at       timestamptz, -- when it takes effect; empty: nobody confirmed it
    closed_at    timestamptz  -- it took effect, or was called off
);
CREATE UNIQUE INDEX factor_reset_open ON factor_reset (account) WHERE closed_at IS NULL;

REVOKE ALL ON factor, recovery_code, passkey_question, factor_reset FROM PUBLIC;
GRANT SELECT, INSERT ON factor, recovery_code, passkey_question, factor_reset TO casustafel_committer;
GRANT UPDATE (sealed, last_step, used_at) ON factor TO casustafel_committer;
GRANT UPDATE (used_at) ON recovery_code TO casustafel_committer;
GRANT UPDATE (confirmed_by, due_at, closed_at) ON factor_reset TO casustafel_committer;
GRANT DELETE ON factor, recovery_code, passkey_question TO casustafel_committer;
