-- +goose Up

-- How long an organisation keeps a case after it was closed, and the lines of its
-- access log, in years.
ALTER TABLE organisation ADD COLUMN case_years int NOT NULL DEFAULT 20 CHECK (case_years BETWEEN 1 AND 50);
ALTER TABLE organisation ADD COLUMN log_years int NOT NULL DEFAULT 20 CHECK (log_years BETWEEN 5 AND 50);
GRANT UPDATE (case_years, log_years) ON organisation TO casustafel_committer;

-- That a closed case is kept longer than its period. A row is only ever added.
CREATE TABLE kept_longer (
    id         text PRIMARY KEY,
    case_id    text NOT NULL REFERENCES cases,
    until      timestamptz NOT NULL,
    ground     text NOT NULL, -- a code
    decided_by text NOT NULL REFERENCES account,
    decided_at timestamptz NOT NULL
);
CREATE INDEX kept_longer_case ON kept_longer (case_id);

-- A case, open or closed, of which nothing may go. One person places a hold, two lift
-- it.
CREATE TABLE legal_hold (
    id          text PRIMARY KEY,
    case_id     text NOT NULL REFERENCES cases,
    ground      text NOT NULL, -- a code
    placed_by   text NOT NULL REFERENCES account,
    placed_at   timestamptz NOT NULL,
    lifted_at   timestamptz,
    lifted_by   text REFERENCES account,
    lifted_with text REFERENCES account,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_by IS NULL) = (lifted_with IS NULL) AND lifted_with <> lifted_by)
);
CREATE UNIQUE INDEX legal_hold_case ON legal_hold (case_id) WHERE lifted_at IS NULL;

-- What about keeping needs the yes of a second person. With the yes to erasing the row
-- goes, as everything of the case does.
CREATE TABLE keeping_question (
    id          text PRIMARY KEY,
    case_id     text NOT NULL REFERENCES cases,
    act         text NOT NULL CHECK (act IN ('erase', 'lift')),
    ground      text NOT NULL, -- a code
    asked_by    text NOT NULL REFERENCES account,
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL CHECK (state IN ('waiting', 'yes', 'no', 'withdrawn', 'lapsed')),
    answered_by text REFERENCES account,
    answered_at timestamptz,
    CHECK (answered_by <> asked_by OR state IN ('withdrawn', 'lapsed'))
);
CREATE UNIQUE INDEX keeping_question_waiting ON keeping_question (case_id, act) WHERE state = 'waiting';
CREATE INDEX keeping_question_case ON keeping_question (case_id);

-- Cases that were erased: what is left of one, beside the lines of the access log
-- without their details, and who must never come near it, as hashes.
CREATE TABLE erased_case (
    id            text PRIMARY KEY, -- of the certificate
    case_id       text NOT NULL UNIQUE,
    organisation  text NOT NULL REFERENCES organisation,
    seated        text[] NOT NULL, -- organisations whose people sat there: it is in their logs too
    closed_at     timestamptz NOT NULL,
    kept_until    timestamptz NOT NULL,
    erased_at     timestamptz NOT NULL,
    ground        text NOT NULL,
    asked_by      text NOT NULL REFERENCES account,
    asked_at      timestamptz NOT NULL,
    yes_by        text NOT NULL REFERENCES account,
    backups_until timestamptz NOT NULL,            -- a backup may hold it until then
    details_left  boolean NOT NULL DEFAULT true,   -- lines of the log may still have details
    certificate   text NOT NULL DEFAULT ''         -- a signed note; empty: not made yet
);
CREATE INDEX erased_case_organisation ON erased_case (organisation);

-- The rule of keeping, in one place: which cases are closed, and until when each is
-- kept. A case that was opened again begins anew. What is only practised in is no case.
CREATE VIEW closed_case AS
SELECT c.id AS case_id, c.organisation, last.at AS closed_at,
    greatest(last.at + make_interval(years => o.case_years), longer.until) AS kept_until,
    EXISTS (SELECT FROM legal_hold h WHERE h.case_id = c.id AND h.lifted_at IS NULL) AS held
FROM cases c
JOIN organisation o ON o.id = c.organisation
CROSS JOIN LATERAL (SELECT type, at FROM event WHERE case_id = c.id AND type IN ('case_closed', 'case_reopened') ORDER BY seq DESC LIMIT 1) last
LEFT JOIN LATERAL (SELECT until FROM kept_longer WHERE case_id = c.id AND decided_at >= last.at ORDER BY decided_at DESC, id DESC LIMIT 1) longer ON true
WHERE last.type = 'case_closed' AND NOT EXISTS (SELECT FROM membership m WHERE m.case_id = c.id AND m.ground = 'practice');

-- Who must never come near a case must not learn of it from the log either, which
-- outlives it: of each there stays what somebody is compared by.
ALTER TABLE exclusion DROP CONSTRAINT exclusion_case_id_fkey;

-- Takes the details from the lines about erased cases that have their place in the
-- tree, where a hash stands in for each. Others follow when they have theirs.
-- +goose StatementBegin
CREATE FUNCTION erase_details() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone text;
    since timestamptz;
BEGIN
    FOR gone, since IN SELECT case_id, erased_at FROM erased_case WHERE details_left ORDER BY case_id FOR UPDATE LOOP
        UPDATE record r SET detail = NULL, detail_salt = NULL, question = ''
            WHERE r.case_id = gone AND r.event <> 'erase_case' AND r.detail_salt IS NOT NULL AND EXISTS (SELECT FROM leaf l WHERE l.record = r.id AND l.at = r.at);
        UPDATE erased_case SET details_left = false
            WHERE case_id = gone AND since < now() - interval '1 hour' -- nobody is on their way out of it any more
            AND NOT EXISTS (SELECT FROM record r WHERE r.case_id = gone AND r.event <> 'erase_case' AND r.detail_salt IS NOT NULL);
    END LOOP;
    RETURN (SELECT count(*) FROM erased_case WHERE details_left);
END
$$;
-- +goose StatementEnd

-- The one way a case goes: closed, past its period, held by nobody, asked by one
-- person at least thirty days ago, and with the yes of another. Everything that hangs
-- on it goes with it, what later migrations hang on it too; above all its key.
-- +goose StatementBegin
CREATE FUNCTION erase_case(question text, certificate_id text, yes text, backups timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    q keeping_question;
    c closed_case;
    hanging regclass;
    by_column name;
BEGIN
    SELECT * INTO q FROM keeping_question WHERE id = question AND act = 'erase' AND state = 'waiting';
    PERFORM FROM cases WHERE id = q.case_id FOR UPDATE;
    SELECT * INTO c FROM closed_case WHERE case_id = q.case_id;
    IF c.case_id IS NULL OR c.held OR c.kept_until > now() OR q.asked_at < c.closed_at OR q.asked_at > now() - interval '30 days'
        OR yes = q.asked_by OR NOT EXISTS (SELECT FROM account WHERE id = yes AND active) THEN
        RAISE EXCEPTION 'this case may not be erased now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO erased_case (id, case_id, organisation, seated, closed_at, kept_until, erased_at, ground, asked_by, asked_at, yes_by, backups_until)
        VALUES (certificate_id, c.case_id, c.organisation,
            ARRAY(SELECT DISTINCT a.organisation FROM membership m JOIN account a ON a.id = m.account WHERE m.case_id = c.case_id), c.closed_at, c.kept_until, now(), q.ground, q.asked_by, q.asked_at, yes, backups);
    DELETE FROM glass_review r USING given g WHERE r.given = g.id AND g.case_id = c.case_id;
    FOR hanging, by_column IN SELECT k.conrelid, a.attname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.confrelid = 'public.cases'::regclass LOOP
        EXECUTE format('DELETE FROM %s WHERE %I = $1', hanging, by_column) USING c.case_id;
    END LOOP;
    DELETE FROM command WHERE case_id = c.case_id;
    UPDATE exclusion SET sealed = '' WHERE case_id = c.case_id;
    DELETE FROM cases WHERE id = c.case_id;
    PERFORM erase_details();
    RETURN c.case_id;
END
$$;
-- +goose StatementEnd

-- A certificate is made once, when the tree holds the line of the erasing.
-- +goose StatementBegin
CREATE FUNCTION certify_erasing(which text, note text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE erased_case SET certificate = note WHERE id = which AND certificate = '';
END
$$;
-- +goose StatementEnd

REVOKE ALL ON kept_longer, legal_hold, keeping_question, erased_case, closed_case FROM PUBLIC;
REVOKE ALL ON FUNCTION erase_details(), erase_case(text, text, text, timestamptz), certify_erasing(text, text) FROM PUBLIC;
GRANT SELECT, INSERT ON kept_longer, legal_hold, keeping_question TO casustafel_committer;
GRANT SELECT ON erased_case, closed_case TO casustafel_committer;
GRANT UPDATE (lifted_at, lifted_by, lifted_with) ON legal_hold TO casustafel_committer;
GRANT UPDATE (state, answered_by, answered_at) ON keeping_question TO casustafel_committer;
GRANT EXECUTE ON FUNCTION erase_details(), erase_case(text, text, text, timestamptz), certify_erasing(text, text) TO casustafel_committer;
