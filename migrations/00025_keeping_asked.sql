-- +goose Up

-- The thirty days between asking to erase a case and doing it are counted by the clock
-- of the database, from when the question came in: nobody writes that moment, so that
-- the program's own role cannot ask as of a month ago. And what was answered, taken
-- back or lapsed never waits again.
ALTER TABLE keeping_question ADD COLUMN entered_at timestamptz NOT NULL DEFAULT now();
UPDATE keeping_question SET entered_at = asked_at;
REVOKE INSERT ON keeping_question FROM casustafel_committer;
GRANT INSERT (id, case_id, act, ground, asked_by, asked_at, state, answered_by, answered_at) ON keeping_question TO casustafel_committer;

-- +goose StatementBegin
CREATE FUNCTION keep_answer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'this question does not wait any more' USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION keep_answer() FROM PUBLIC;
CREATE TRIGGER keep_answer BEFORE UPDATE OF state ON keeping_question FOR EACH ROW WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION keep_answer();

-- The one way a case goes: closed, past its period, held by nobody, asked by one
-- person at least thirty days ago, and with the yes of another. Everything that hangs
-- on it goes with it, what later migrations hang on it too; above all its key.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION erase_case(question text, certificate_id text, yes text, backups timestamptz) RETURNS text
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
    IF c.case_id IS NULL OR c.held OR c.kept_until > now() OR q.asked_at < c.closed_at OR greatest(q.asked_at, q.entered_at) > now() - interval '30 days'
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
