-- +goose Up

-- As in 00035, but that a period which becomes longer while lines go keeps them, as a hold
-- does: it is looked at again at the end, as it is then, and until its end none becomes
-- longer meanwhile.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION drop_month(which date, said text, said_at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ends timestamptz := (which + interval '1 month') AT TIME ZONE 'UTC';
    dated timestamptz := ends + interval '1 day';
    m record;
    gone bigint;
    cases text[];
    organisations text[];
BEGIN
    LOCK TABLE dropped_month IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO m FROM month_of_log(which);
    IF NOT coalesce(m.due, false) OR current_setting('transaction_isolation') <> 'read committed'
        OR NOT EXISTS (SELECT FROM record r WHERE r.id = said AND r.at = said_at AND r.at >= ends + interval '5 years'
            AND r.event = 'log_dropped' AND r.outcome = 'done' AND r.account = ''
            AND r.detail = jsonb_build_object('month', to_char(which, 'YYYY-MM'), 'first', m.first::text, 'last', m.last::text, 'lines', m.lines::text)) THEN
        RAISE EXCEPTION 'the lines of this month may not go now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH went AS (DELETE FROM record r USING leaf l WHERE l.number BETWEEN m.first AND m.last AND r.id = l.record AND r.at = l.at AND r.at < dated AND r.event <> 'log_dropped'
            RETURNING r.case_id, r.actor_organisation, r.case_organisation)
        SELECT count(*), array_agg(DISTINCT case_id), array_agg(DISTINCT actor_organisation) || array_agg(DISTINCT case_organisation) INTO gone, cases, organisations FROM went;
    IF gone <> m.lines THEN
        RAISE EXCEPTION 'other lines went than were to go' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO dropped_month VALUES (which, m.first, m.last, m.lines, said, said_at);
    LOCK TABLE legal_hold, organisation IN SHARE MODE;
    IF EXISTS (SELECT FROM legal_hold h WHERE h.case_id = ANY (cases) AND h.lifted_at IS NULL)
        OR EXISTS (SELECT FROM organisation o WHERE o.id = ANY (organisations) AND dated + make_interval(years => o.log_years) > now()) THEN
        RAISE EXCEPTION 'lines of this month are kept since' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
-- +goose StatementEnd
