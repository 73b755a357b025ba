-- +goose Up

-- Three roles, each with no more than its work needs. The role that runs the
-- migrations owns the tables. On an outside server the sign-in role becomes a
-- member of the other two and takes one on per connection.
-- +goose StatementBegin
DO $$
DECLARE role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['casustafel_committer', 'casustafel_reader'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of this server made it at this moment
        END;
        BEGIN
            EXECUTE format('GRANT %I TO %I', role, current_user);
        EXCEPTION WHEN unique_violation THEN
            NULL; -- likewise
        END;
    END LOOP;
END
$$;
-- +goose StatementEnd

CREATE TABLE organisation (
    id   text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE account (
    id            text PRIMARY KEY,
    login         text NOT NULL CHECK (login = lower(login)),
    name          text NOT NULL,
    discipline    text NOT NULL,
    organisation  text NOT NULL REFERENCES organisation,
    language      text NOT NULL DEFAULT 'nl',
    password_hash text NOT NULL DEFAULT '', -- argon2id; empty: cannot sign in by password
    active        boolean NOT NULL DEFAULT true,
    demo          boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX account_login ON account (login);

CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    account    text NOT NULL REFERENCES account,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX session_account ON session (account) WHERE ended_at IS NULL;

-- A link that signs in once, for the demo.
CREATE TABLE sign_in_link (
    token_hash bytea PRIMARY KEY,
    account    text NOT NULL REFERENCES account,
    expires_at timestamptz NOT NULL
);

-- Failed sign-ins, by login (keyed hash, as it may be anything typed) and by address.
CREATE TABLE sign_in_failure (
    key text NOT NULL,
    at  timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_key ON sign_in_failure (key, at);

-- The secret from which this database's tokens and hashes get their keys,
-- wrapped by the master key.
CREATE TABLE secret (
    name   text PRIMARY KEY,
    sealed bytea NOT NULL
);

CREATE TABLE cases (
    id         text PRIMARY KEY,
    seq        bigint NOT NULL,
    data_key   bytea NOT NULL, -- the case's key, wrapped by the master key
    name_text  text NOT NULL,  -- id of the text that is the present name
    opened_at  timestamptz NOT NULL
);

CREATE TABLE membership (
    case_id    text NOT NULL REFERENCES cases,
    account    text NOT NULL REFERENCES account,
    role       text NOT NULL,
    beside     text[] NOT NULL DEFAULT '{}',
    contact    boolean NOT NULL DEFAULT false,
    ground     text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    PRIMARY KEY (case_id, account)
);
CREATE INDEX membership_account ON membership (account);

CREATE TABLE event (
    case_id text NOT NULL REFERENCES cases,
    seq     bigint NOT NULL,
    epoch   bigint NOT NULL,
    actor   text NOT NULL,
    at      timestamptz NOT NULL,
    command text NOT NULL,
    undoes  text NOT NULL DEFAULT '',
    type    text NOT NULL,
    data    jsonb NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- Which commands were carried out, so that none is twice.
CREATE TABLE command (
    case_id text NOT NULL, -- empty for opening a case
    account text NOT NULL,
    id      text NOT NULL,
    made    text NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, account, id)
);

-- Free text, sealed with the case's key. The row is all there is of it.
CREATE TABLE text (
    case_id text NOT NULL REFERENCES cases,
    id      text NOT NULL,
    object  text NOT NULL, -- card, person or column it belongs to; empty: the case's name
    sealed  bytea NOT NULL,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX text_object ON text (case_id, object);

CREATE TABLE snapshot (
    case_id text NOT NULL REFERENCES cases,
    seq     bigint NOT NULL,
    state   jsonb NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- The access log; fields after NEN 7513. It never holds content.
CREATE TABLE record (
    id           text PRIMARY KEY,
    at           timestamptz NOT NULL,
    event        text NOT NULL, -- what happened: join, leave, view, command, sign_in, ...
    action       text NOT NULL CHECK (action IN ('C', 'R', 'U', 'D', 'E')),
    outcome      text NOT NULL, -- done, refused
    account      text NOT NULL, -- empty: nobody signed in
    role         text NOT NULL,
    organisation text NOT NULL,
    access_point text NOT NULL, -- node and kind of door
    case_id      text NOT NULL,
    object_kind  text NOT NULL,
    object       text NOT NULL,
    policy_rule  text NOT NULL,
    policy       text NOT NULL, -- version
    ground       text NOT NULL,
    request      text NOT NULL, -- command, connection or request id
    detail       jsonb NOT NULL
);
CREATE INDEX record_case ON record (case_id, at);
CREATE INDEX record_account ON record (account, at);

-- The policy that serves now is the one published last.
CREATE TABLE policy (
    number       bigint PRIMARY KEY,
    model        text NOT NULL,
    lines        text NOT NULL,
    source       text NOT NULL, -- builtin or file
    published_at timestamptz NOT NULL
);

-- Everything that changes who may see what counts this up in its own
-- transaction; everything that reads on somebody's behalf holds it.
-- Functions name pg_temp last: it comes first where it is not named, and a
-- temporary table in front of a real one, with a trigger on it, would run its
-- maker's code with the owner's rights.
CREATE TABLE access_epoch (epoch bigint NOT NULL);
INSERT INTO access_epoch VALUES (1);

-- +goose StatementBegin
CREATE FUNCTION hold_access() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7513, 1);
    RETURN (SELECT epoch FROM access_epoch); -- a fresh snapshot, taken after the lock
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION bump_access() RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE now_at bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(7513, 1);
    UPDATE access_epoch SET epoch = epoch + 1 RETURNING epoch INTO now_at;
    RETURN now_at;
END
$$;
-- +goose StatementEnd

-- The one way a text goes: with every snapshot and every version of it.
-- +goose StatementBegin
CREATE FUNCTION redact(which_case text, which_object text) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
    DELETE FROM text WHERE case_id = which_case AND object = which_object;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM snapshot WHERE case_id = which_case;
    RETURN gone;
END
$$;
-- +goose StatementEnd

-- The one way a snapshot comes: of each case the newest two stay.
-- +goose StatementBegin
CREATE FUNCTION save_snapshot(which_case text, at_seq bigint, structure jsonb) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO snapshot (case_id, seq, state) VALUES (which_case, at_seq, structure) ON CONFLICT DO NOTHING;
    DELETE FROM snapshot WHERE case_id = which_case
        AND seq NOT IN (SELECT seq FROM snapshot WHERE case_id = which_case ORDER BY seq DESC LIMIT 2);
END
$$;
-- +goose StatementEnd

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON FUNCTION redact(text, text), save_snapshot(text, bigint, jsonb), bump_access(), hold_access() FROM PUBLIC;
-- Nobody makes tables or functions of their own, not even for a while.
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO casustafel_committer, casustafel_reader;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO casustafel_committer;
GRANT INSERT ON organisation, account, session, sign_in_link, sign_in_failure, cases, membership, event, command, text,
    record, policy, secret TO casustafel_committer;
GRANT UPDATE (seq, name_text, data_key) ON cases TO casustafel_committer;
GRANT UPDATE (sealed) ON secret TO casustafel_committer;
GRANT UPDATE (seen_at, ended_at) ON session TO casustafel_committer;
GRANT UPDATE (password_hash, active, language, name, discipline) ON account TO casustafel_committer;
GRANT UPDATE (role, beside, contact, ground, valid_from, valid_until) ON membership TO casustafel_committer;
GRANT DELETE ON sign_in_link, sign_in_failure TO casustafel_committer;
GRANT EXECUTE ON FUNCTION redact(text, text), save_snapshot(text, bigint, jsonb), bump_access(), hold_access() TO casustafel_committer;

-- The reader serves one person at a time, named by casustafel.user, and gets
-- only rows that are that person's. Without a name there are none: after the
-- first transaction that names one the setting of a connection is empty, not
-- absent, and the records of nobody have an empty account.
CREATE FUNCTION current_reader() RETURNS text LANGUAGE sql STABLE
    RETURN nullif(current_setting('casustafel.user', true), '');
REVOKE ALL ON FUNCTION current_reader() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_reader() TO casustafel_reader;

GRANT SELECT (id, seq, opened_at) ON cases TO casustafel_reader;
GRANT SELECT ON membership, record TO casustafel_reader;
GRANT SELECT (id, name, discipline, organisation, language, active) ON account TO casustafel_reader;
GRANT SELECT ON organisation TO casustafel_reader;
GRANT EXECUTE ON FUNCTION hold_access() TO casustafel_reader;
GRANT SELECT ON access_epoch TO casustafel_reader;

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON membership TO casustafel_reader USING (account = current_reader());
CREATE POLICY own ON cases TO casustafel_reader USING (EXISTS (
    SELECT FROM membership m WHERE m.case_id = cases.id AND m.account = current_reader()
      AND m.valid_from <= now() AND (m.valid_until IS NULL OR m.valid_until > now())));
CREATE POLICY own ON record TO casustafel_reader USING (account = current_reader());
CREATE POLICY own ON account TO casustafel_reader USING (id = current_reader());
CREATE POLICY own ON organisation TO casustafel_reader USING (EXISTS (
    SELECT FROM account a WHERE a.organisation = organisation.id AND a.id = current_reader()));
CREATE POLICY every ON organisation TO casustafel_committer USING (true) WITH CHECK (true);
CREATE POLICY every ON cases TO casustafel_committer USING (true) WITH CHECK (true);
CREATE POLICY every ON membership TO casustafel_committer USING (true) WITH CHECK (true);
CREATE POLICY every ON record TO casustafel_committer USING (true) WITH CHECK (true);
CREATE POLICY every ON account TO casustafel_committer USING (true) WITH CHECK (true);
-- FORCE binds the owner too; migrations still have to reach every row.
-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['organisation', 'cases', 'membership', 'record', 'account'] LOOP
        EXECUTE format('CREATE POLICY owner ON %I TO %I USING (true) WITH CHECK (true)', name, current_user);
    END LOOP;
END
$$;
-- +goose StatementEnd
