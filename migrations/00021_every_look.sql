-- +goose Up

-- The access log, complete by NEN 7513 and in months: one that holds millions of
-- lines is read a month at a time. Lines of no month that is there go into rest.
ALTER TABLE record RENAME TO record_of_before;
ALTER TABLE record_of_before RENAME CONSTRAINT record_pkey TO record_of_before_pkey;
DROP INDEX record_actor_organisation, record_case_organisation, record_account_at, record_case_at, record_actor_refused, record_case_refused;
CREATE TABLE record (
    id                 text NOT NULL,
    at                 timestamptz NOT NULL,
    event              text NOT NULL,
    action             text NOT NULL CHECK (action IN ('C', 'R', 'U', 'D', 'E')),
    outcome            text NOT NULL,
    checks             text NOT NULL DEFAULT '', -- what the outcome rests on, words with a space between
    account            text NOT NULL,
    role               text NOT NULL,
    organisation       text NOT NULL,
    behalf             text NOT NULL DEFAULT '', -- through whose eyes, ids of accounts
    access_point       text NOT NULL,
    source             text NOT NULL DEFAULT '', -- which program, in which version, wrote this
    case_id            text NOT NULL,
    object_kind        text NOT NULL,
    object             text NOT NULL,
    object_version     text NOT NULL DEFAULT '',
    policy_rule        text NOT NULL,
    policy             text NOT NULL,
    relation           text NOT NULL DEFAULT '', -- what connects the actor to the case
    ground             text NOT NULL,
    question           text NOT NULL DEFAULT '', -- keyed hash of what was searched by
    request            text NOT NULL,
    detail             jsonb,                     -- gone when it is erased, with its salt
    actor_organisation text NOT NULL DEFAULT '',
    case_organisation  text NOT NULL DEFAULT '',
    -- What the parts of the line are hashed with, so that nobody can guess them.
    salt               bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()),
    detail_salt        bytea DEFAULT uuid_send(gen_random_uuid()),
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE TABLE record_rest PARTITION OF record DEFAULT;

CREATE INDEX record_actor_organisation ON record (actor_organisation, at, id);
CREATE INDEX record_case_organisation ON record (case_organisation, at, id) WHERE case_organisation <> actor_organisation;
CREATE INDEX record_account_at ON record (account, at, id);
CREATE INDEX record_case_at ON record (case_id, at, id);
CREATE INDEX record_actor_refused ON record (actor_organisation, at, id) WHERE outcome = 'refused';
CREATE INDEX record_case_refused ON record (case_organisation, at, id) WHERE outcome = 'refused' AND case_organisation <> actor_organisation;

-- Makes the months that lines will come in; months that are over and lines that went
-- into rest stay as they are. Months are those of UTC.
-- +goose StatementBegin
CREATE FUNCTION make_record_months(since timestamptz, ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    month timestamp := date_trunc('month', since AT TIME ZONE 'UTC');
    name text;
BEGIN
    FOR i IN 0..least(ahead, 120) LOOP
        name := 'record_' || to_char(month, 'YYYY_MM');
        IF to_regclass('public.' || name) IS NULL
            AND NOT EXISTS (SELECT FROM record_rest WHERE at >= month AT TIME ZONE 'UTC' AND at < (month + interval '1 month') AT TIME ZONE 'UTC') THEN
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.record FOR VALUES FROM (%L) TO (%L)',
                name, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
        END IF;
        month := month + interval '1 month';
    END LOOP;
END
$$;
-- +goose StatementEnd

-- Lines of before get their months too, up to what is kept at most.
-- +goose StatementBegin
DO $$
DECLARE first timestamptz := (SELECT min(at) FROM record_of_before);
BEGIN
    IF first IS NOT NULL THEN
        first := greatest(first, now() - interval '8 years');
        PERFORM make_record_months(first, (extract(epoch FROM now() - first) / 86400 / 28)::int + 1);
    END IF;
END
$$;
-- +goose StatementEnd
INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object, policy_rule, policy,
        ground, request, detail, actor_organisation, case_organisation)
    SELECT id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object, policy_rule, policy,
        ground, request, detail, actor_organisation, case_organisation FROM record_of_before;
DROP TABLE record_of_before;

-- Every line waits for its place in the tree. No line comes in by another way than
-- an INSERT into record, and none is taken off this queue but by append_leaves.
CREATE TABLE record_waiting (
    record text NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (at, record)
);
INSERT INTO record_waiting SELECT id, at FROM record;
-- +goose StatementBegin
CREATE FUNCTION await_leaf() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO record_waiting (record, at) SELECT id, at FROM added;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER await_leaf AFTER INSERT ON record REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION await_leaf();

-- The tree: a leaf per line of the log, numbered from zero without a gap. Beside the
-- hash of the leaf stand those of the subtrees that it completes, lowest first, 32
-- bytes each. The hash of the detail stays when the detail is erased.
CREATE TABLE leaf (
    number      bigint PRIMARY KEY,
    record      text NOT NULL,
    at          timestamptz NOT NULL, -- of the record, by which it is found
    form        smallint NOT NULL,    -- how the record was turned into a leaf
    detail_hash bytea NOT NULL,
    hashes      bytea NOT NULL
);
CREATE INDEX leaf_record ON leaf (record);

-- +goose StatementBegin
CREATE FUNCTION append_leaves(first bigint, form smallint, records text[], ats timestamptz[], detail_hashes bytea[], hashes bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE taken int;
BEGIN
    PERFORM pg_advisory_xact_lock(7513, 2);
    IF first IS DISTINCT FROM (SELECT coalesce(max(number) + 1, 0) FROM leaf) THEN
        RAISE EXCEPTION 'the next leaf has another number' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    DELETE FROM record_waiting w USING unnest(records, ats) AS r (record, at) WHERE w.record = r.record AND w.at = r.at;
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken = 0 OR taken <> cardinality(records) THEN
        RAISE EXCEPTION 'these records do not all wait for a leaf' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO leaf (number, record, at, form, detail_hash, hashes)
        SELECT first + r.place - 1, r.record, r.at, append_leaves.form, r.detail_hash, r.stored
        FROM unnest(records, ats, detail_hashes, append_leaves.hashes) WITH ORDINALITY AS r (record, at, detail_hash, stored, place);
END
$$;
-- +goose StatementEnd

-- Checkpoints: what this server signed of the tree, and what others saw of it.
CREATE TABLE checkpoint (
    size bigint PRIMARY KEY,
    at   timestamptz NOT NULL,
    note text NOT NULL -- a signed note, C2SP tlog-checkpoint
);
CREATE TABLE cosignature (
    size    bigint NOT NULL REFERENCES checkpoint,
    witness text NOT NULL, -- the name in its key
    at      timestamptz NOT NULL,
    line    text NOT NULL, -- of the signed note, C2SP tlog-cosignature
    PRIMARY KEY (size, witness)
);

REVOKE ALL ON record, record_rest, record_waiting, leaf, checkpoint, cosignature FROM PUBLIC;
REVOKE ALL ON FUNCTION make_record_months(timestamptz, int), await_leaf(), append_leaves(bigint, smallint, text[], timestamptz[], bytea[], bytea[]) FROM PUBLIC;
GRANT SELECT, INSERT ON record TO casustafel_committer;
GRANT SELECT ON record_waiting, leaf TO casustafel_committer;
GRANT SELECT, INSERT ON checkpoint, cosignature TO casustafel_committer;
GRANT EXECUTE ON FUNCTION make_record_months(timestamptz, int), append_leaves(bigint, smallint, text[], timestamptz[], bytea[], bytea[]) TO casustafel_committer;
GRANT SELECT ON record TO casustafel_reader;

ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON record TO casustafel_reader USING (account = current_reader());
CREATE POLICY reviewed ON record TO casustafel_reader USING (
    (actor_organisation = current_reviewer() OR case_organisation = current_reviewer())
    AND EXISTS (SELECT FROM account a WHERE a.id = current_reader() AND a.organisation = current_reviewer()));
CREATE POLICY every ON record TO casustafel_committer USING (true) WITH CHECK (true);
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('CREATE POLICY owner ON record TO %I USING (true) WITH CHECK (true)', current_user);
END
$$;
-- +goose StatementEnd
