-- +goose Up

-- As in 00032, but for lines that are dated up to a day after the month in which they
-- came into the tree, as a clock was ahead: they are its lines too, and so a month goes
-- a day later. Until here they were of no month that goes.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION month_of_log(which date, OUT first bigint, OUT last bigint, OUT lines bigint, OUT due boolean) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ends timestamptz := (which + interval '1 month') AT TIME ZONE 'UTC';
    dated timestamptz := ends + interval '1 day';
    years int;
    held boolean;
BEGIN
    first := leaves_before(which::timestamp AT TIME ZONE 'UTC');
    last := leaves_before(ends) - 1;
    SELECT count(*), max(greatest(a.log_years, c.log_years)), coalesce(bool_or(EXISTS (SELECT FROM legal_hold h WHERE h.case_id = r.case_id AND h.lifted_at IS NULL)), false)
        INTO lines, years, held
        FROM leaf l JOIN record r ON r.id = l.record AND r.at = l.at
        LEFT JOIN organisation a ON a.id = r.actor_organisation LEFT JOIN organisation c ON c.id = r.case_organisation
        WHERE l.number BETWEEN month_of_log.first AND month_of_log.last AND r.at < dated AND r.event <> 'log_dropped';
    years := greatest(coalesce(years, (SELECT max(log_years) FROM organisation)), 5);
    due := lines > 0 AND NOT held AND dated + make_interval(years => years) <= now() AND NOT EXISTS (SELECT FROM dropped_month d WHERE d.month = which);
END
$$;
-- +goose StatementEnd

-- As in 00032, but that nobody who places a hold waits while lines go, which takes long
-- when there are many. Whoever placed one meanwhile keeps them: none goes when at the end
-- there is a hold on a case that one of them was about. Only between that look and its
-- end does placing one wait. What is looked at has to be as it is then.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION drop_month(which date, said text, said_at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ends timestamptz := (which + interval '1 month') AT TIME ZONE 'UTC';
    dated timestamptz := ends + interval '1 day';
    m record;
    gone bigint;
    cases text[];
BEGIN
    LOCK TABLE dropped_month IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO m FROM month_of_log(which);
    IF NOT coalesce(m.due, false) OR current_setting('transaction_isolation') <> 'read committed'
        OR NOT EXISTS (SELECT FROM record r WHERE r.id = said AND r.at = said_at AND r.at >= ends + interval '5 years'
            AND r.event = 'log_dropped' AND r.outcome = 'done' AND r.account = ''
            AND r.detail = jsonb_build_object('month', to_char(which, 'YYYY-MM'), 'first', m.first::text, 'last', m.last::text, 'lines', m.lines::text)) THEN
        RAISE EXCEPTION 'the lines of this month may not go now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH went AS (DELETE FROM record r USING leaf l WHERE l.number BETWEEN m.first AND m.last AND r.id = l.record AND r.at = l.at AND r.at < dated AND r.event <> 'log_dropped' RETURNING r.case_id)
        SELECT count(*), array_agg(DISTINCT case_id) INTO gone, cases FROM went;
    IF gone <> m.lines THEN
        RAISE EXCEPTION 'other lines went than were to go' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO dropped_month VALUES (which, m.first, m.last, m.lines, said, said_at);
    LOCK TABLE legal_hold IN SHARE MODE;
    IF EXISTS (SELECT FROM legal_hold h WHERE h.case_id = ANY (cases) AND h.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'lines of this month are held since' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
-- +goose StatementEnd

-- Whoever makes a period shorter lets go of what was to be kept. The program's own role
-- does so only when the log says it first, in the same transaction: that line goes into
-- the tree, where its managers and auditors find it.
-- +goose StatementBegin
CREATE FUNCTION shorter_on_record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'casustafel_committer' AND NOT EXISTS (SELECT FROM record_waiting w JOIN record r ON r.at = w.at AND r.id = w.record
            WHERE w.xmin = pg_current_xact_id()::xid AND r.event = 'retention_rules' AND r.outcome = 'done' AND r.actor_organisation = NEW.id
            AND r.detail ->> 'case_years' = NEW.case_years::text AND r.detail ->> 'log_years' = NEW.log_years::text) THEN
        RAISE EXCEPTION 'no line of the log says that a period becomes shorter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER shorter_on_record BEFORE UPDATE OF case_years, log_years ON organisation FOR EACH ROW
    WHEN (NEW.case_years < OLD.case_years OR NEW.log_years < OLD.log_years) EXECUTE FUNCTION shorter_on_record();
REVOKE ALL ON FUNCTION shorter_on_record() FROM PUBLIC;
