-- +goose Up

-- What overviews of the access log count: how many lines of a kind there are in a day,
-- hour by hour, so that nobody has to read a year of lines to count them. A line is
-- counted when it gets its leaf, by the same transaction, and no role of the program
-- writes here: what is counted is what stands in the tree. Whoever counts lines that
-- still wait for their leaves beside it has counted every line once.
CREATE TABLE record_count (
    month              date NOT NULL, -- in UTC, as the tables of the log are
    day                date NOT NULL, -- in Dutch time, as the hours are
    actor_organisation text COLLATE "C" NOT NULL,
    case_organisation  text COLLATE "C" NOT NULL,
    case_id            text COLLATE "C" NOT NULL,
    account            text COLLATE "C" NOT NULL,
    role               text COLLATE "C" NOT NULL,
    ground             text COLLATE "C" NOT NULL,
    event              text COLLATE "C" NOT NULL, -- empty: any of what is done often
    outcome            text COLLATE "C" NOT NULL,
    policy_rule        text COLLATE "C" NOT NULL, -- of what was refused
    h0 int NOT NULL, h1 int NOT NULL, h2 int NOT NULL, h3 int NOT NULL, h4 int NOT NULL, h5 int NOT NULL,
    h6 int NOT NULL, h7 int NOT NULL, h8 int NOT NULL, h9 int NOT NULL, h10 int NOT NULL, h11 int NOT NULL,
    h12 int NOT NULL, h13 int NOT NULL, h14 int NOT NULL, h15 int NOT NULL, h16 int NOT NULL, h17 int NOT NULL,
    h18 int NOT NULL, h19 int NOT NULL, h20 int NOT NULL, h21 int NOT NULL, h22 int NOT NULL, h23 int NOT NULL,
    PRIMARY KEY (actor_organisation, day, case_id, account, event, role, outcome, ground, policy_rule, case_organisation, month)
) WITH (fillfactor = 80);
CREATE INDEX record_count_case ON record_count (case_organisation, day) WHERE case_organisation <> actor_organisation;
CREATE INDEX record_count_seldom ON record_count (actor_organisation, day) WHERE event <> '';
CREATE INDEX record_count_month ON record_count (month);

-- Lines as they are counted. What is done often (audit.Often) is all access and stands
-- together; but for what overviews count only when it was refused (audit.Uncounted).
-- Texts are only told apart, byte by byte: putting them in the order of a language takes
-- most of the time of counting.
CREATE VIEW counted_record WITH (security_invoker = true) AS
SELECT id, at, date_trunc('month', at AT TIME ZONE 'UTC')::date AS month, (at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
    extract(hour FROM at AT TIME ZONE 'Europe/Amsterdam')::int AS hour,
    actor_organisation COLLATE "C" AS actor_organisation, case_organisation COLLATE "C" AS case_organisation, case_id COLLATE "C" AS case_id,
    account COLLATE "C" AS account, role COLLATE "C" AS role, ground COLLATE "C" AS ground, outcome COLLATE "C" AS outcome,
    CASE WHEN outcome = 'refused' OR event <> ALL ('{join,command,list_cases,history,version,view_team,list_notices}'::text[]) THEN event ELSE '' END COLLATE "C" AS event,
    CASE outcome WHEN 'refused' THEN policy_rule ELSE '' END COLLATE "C" AS policy_rule
FROM record WHERE outcome = 'refused' OR event <> ALL ('{leave,view}'::text[]);

-- +goose StatementBegin
CREATE FUNCTION count_records(records text[], ats timestamptz[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first timestamptz := (SELECT min(at) FROM unnest(ats) AS at);
    last timestamptz := (SELECT max(at) FROM unnest(ats) AS at);
BEGIN
    PERFORM set_config('jit', 'off', true); -- so many columns take longer to compile than to count
    INSERT INTO record_count AS c
    SELECT month, day, actor_organisation, case_organisation, case_id, account, role, ground, event, outcome, policy_rule,
        count(*) FILTER (WHERE hour = 0), count(*) FILTER (WHERE hour = 1), count(*) FILTER (WHERE hour = 2), count(*) FILTER (WHERE hour = 3),
        count(*) FILTER (WHERE hour = 4), count(*) FILTER (WHERE hour = 5), count(*) FILTER (WHERE hour = 6), count(*) FILTER (WHERE hour = 7),
        count(*) FILTER (WHERE hour = 8), count(*) FILTER (WHERE hour = 9), count(*) FILTER (WHERE hour = 10), count(*) FILTER (WHERE hour = 11),
        count(*) FILTER (WHERE hour = 12), count(*) FILTER (WHERE hour = 13), count(*) FILTER (WHERE hour = 14), count(*) FILTER (WHERE hour = 15),
        count(*) FILTER (WHERE hour = 16), count(*) FILTER (WHERE hour = 17), count(*) FILTER (WHERE hour = 18), count(*) FILTER (WHERE hour = 19),
        count(*) FILTER (WHERE hour = 20), count(*) FILTER (WHERE hour = 21), count(*) FILTER (WHERE hour = 22), count(*) FILTER (WHERE hour = 23)
    FROM unnest(records, ats) AS n (id, at)
    CROSS JOIN LATERAL (SELECT * FROM counted_record r WHERE r.at = n.at AND r.id = n.id AND r.at BETWEEN first AND last LIMIT 1) r
    GROUP BY month, day, actor_organisation, case_organisation, case_id, account, role, ground, event, outcome, policy_rule
    ON CONFLICT ON CONSTRAINT record_count_pkey DO UPDATE SET
        h0 = c.h0 + excluded.h0, h1 = c.h1 + excluded.h1, h2 = c.h2 + excluded.h2, h3 = c.h3 + excluded.h3,
        h4 = c.h4 + excluded.h4, h5 = c.h5 + excluded.h5, h6 = c.h6 + excluded.h6, h7 = c.h7 + excluded.h7,
        h8 = c.h8 + excluded.h8, h9 = c.h9 + excluded.h9, h10 = c.h10 + excluded.h10, h11 = c.h11 + excluded.h11,
        h12 = c.h12 + excluded.h12, h13 = c.h13 + excluded.h13, h14 = c.h14 + excluded.h14, h15 = c.h15 + excluded.h15,
        h16 = c.h16 + excluded.h16, h17 = c.h17 + excluded.h17, h18 = c.h18 + excluded.h18, h19 = c.h19 + excluded.h19,
        h20 = c.h20 + excluded.h20, h21 = c.h21 + excluded.h21, h22 = c.h22 + excluded.h22, h23 = c.h23 + excluded.h23;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION count_leaves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM count_records(array_agg(record), array_agg(at)) FROM added;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER count_leaves AFTER INSERT ON leaf REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_leaves();

-- Counts a month of the log anew, but for what waits. It is for the owner alone.
-- +goose StatementBegin
CREATE FUNCTION recount_records(which date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first timestamptz := which::timestamp AT TIME ZONE 'UTC';
    last timestamptz := (which + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    PERFORM set_config('jit', 'off', true);
    PERFORM pg_advisory_xact_lock(7513, 2); -- no leaves come meanwhile
    DELETE FROM record_count WHERE month = which;
    INSERT INTO record_count
    SELECT month, day, actor_organisation, case_organisation, case_id, account, role, ground, event, outcome, policy_rule,
        count(*) FILTER (WHERE hour = 0), count(*) FILTER (WHERE hour = 1), count(*) FILTER (WHERE hour = 2), count(*) FILTER (WHERE hour = 3),
        count(*) FILTER (WHERE hour = 4), count(*) FILTER (WHERE hour = 5), count(*) FILTER (WHERE hour = 6), count(*) FILTER (WHERE hour = 7),
        count(*) FILTER (WHERE hour = 8), count(*) FILTER (WHERE hour = 9), count(*) FILTER (WHERE hour = 10), count(*) FILTER (WHERE hour = 11),
        count(*) FILTER (WHERE hour = 12), count(*) FILTER (WHERE hour = 13), count(*) FILTER (WHERE hour = 14), count(*) FILTER (WHERE hour = 15),
        count(*) FILTER (WHERE hour = 16), count(*) FILTER (WHERE hour = 17), count(*) FILTER (WHERE hour = 18), count(*) FILTER (WHERE hour = 19),
        count(*) FILTER (WHERE hour = 20), count(*) FILTER (WHERE hour = 21), count(*) FILTER (WHERE hour = 22), count(*) FILTER (WHERE hour = 23)
    FROM (SELECT * FROM counted_record r WHERE at >= first AND at < last AND NOT EXISTS (SELECT FROM record_waiting w WHERE w.at = r.at AND w.record = r.id) OFFSET 0) r -- the hour of a line is found once
    GROUP BY month, day, actor_organisation, case_organisation, case_id, account, role, ground, event, outcome, policy_rule;
END
$$;
-- +goose StatementEnd

-- Lines that go, go from what is counted.
-- +goose StatementBegin
CREATE FUNCTION uncount_records() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM recount_records(month) FROM (SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date AS month FROM gone) m;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER uncount_records AFTER DELETE ON record REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION uncount_records();

-- Lines of before are counted now, month by month: some minutes for ten million.
SELECT recount_records(month) FROM (SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date AS month FROM record) m;

-- Lines of the log of an organisation that wait, for whoever reviews it.
-- +goose StatementBegin
CREATE FUNCTION waiting_records() RETURNS TABLE (id text, at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.record, w.at FROM record_waiting w CROSS JOIN LATERAL (SELECT * FROM record r WHERE r.at = w.at AND r.id = w.record LIMIT 1) r
    WHERE r.actor_organisation = current_reviewer() OR r.case_organisation = current_reviewer()
$$;
-- +goose StatementEnd

ALTER TABLE record_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_count FORCE ROW LEVEL SECURITY;
CREATE POLICY reviewed ON record_count TO casustafel_reader USING (
    (actor_organisation = (SELECT current_reviewer()) OR case_organisation = (SELECT current_reviewer()))
    AND EXISTS (SELECT FROM account a WHERE a.id = current_reader() AND a.organisation = current_reviewer()));
CREATE POLICY every ON record_count TO casustafel_committer USING (true);
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('CREATE POLICY owner ON record_count TO %I USING (true) WITH CHECK (true)', current_user);
END
$$;
-- +goose StatementEnd

REVOKE ALL ON record_count, counted_record FROM PUBLIC;
REVOKE ALL ON FUNCTION count_records(text[], timestamptz[]), count_leaves(), recount_records(date), uncount_records(), waiting_records() FROM PUBLIC;
GRANT SELECT ON record_count, counted_record TO casustafel_committer;
GRANT SELECT ON record_count, counted_record TO casustafel_reader;
GRANT EXECUTE ON FUNCTION waiting_records() TO casustafel_reader;
