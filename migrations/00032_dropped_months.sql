-- +goose Up

-- Lines of the access log go when every organisation in whose log they stand has had
-- them for as long as it wants, and five years at least: a month at a time. Leaves stay,
-- so that the tree and every proof hold, and a line of the log says which lines went.
CREATE TABLE dropped_month (
    month  date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    first  bigint NOT NULL, -- numbers of leaves
    last   bigint NOT NULL,
    lines  bigint NOT NULL, -- how many of these have no record any more
    record text NOT NULL,   -- the line that says so, and its time
    at     timestamptz NOT NULL
);

-- How many leaves were in the tree before a moment, as the last checkpoint before it
-- tells: signed, so that whoever verifies the log can tell as well.
CREATE FUNCTION leaves_before(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(size), 0) FROM checkpoint WHERE size < coalesce((SELECT min(size) FROM checkpoint WHERE at >= moment), 9223372036854775807)
$$;

-- The rule of dropping, in one place: which lines are those of a month, and whether they
-- may go. What came into the tree in it are its lines, but for those that say that
-- lines went: without them nobody could tell. A line of no organisation goes with the
-- others of its month, and where there are none it is kept for as long as any wants; one about a case that is held keeps its whole month.
-- +goose StatementBegin
CREATE FUNCTION month_of_log(which date, OUT first bigint, OUT last bigint, OUT lines bigint, OUT due boolean) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ends timestamptz := (which + interval '1 month') AT TIME ZONE 'UTC';
    years int;
    held boolean;
BEGIN
    first := leaves_before(which::timestamp AT TIME ZONE 'UTC');
    last := leaves_before(ends) - 1;
    SELECT count(*), max(greatest(a.log_years, c.log_years)), coalesce(bool_or(EXISTS (SELECT FROM legal_hold h WHERE h.case_id = r.case_id AND h.lifted_at IS NULL)), false)
        INTO lines, years, held
        FROM leaf l JOIN record r ON r.id = l.record AND r.at = l.at
        LEFT JOIN organisation a ON a.id = r.actor_organisation LEFT JOIN organisation c ON c.id = r.case_organisation
        WHERE l.number BETWEEN month_of_log.first AND month_of_log.last AND r.at < ends AND r.event <> 'log_dropped';
    years := greatest(coalesce(years, (SELECT max(log_years) FROM organisation)), 5);
    due := lines > 0 AND NOT held AND ends + make_interval(years => years) <= now() AND NOT EXISTS (SELECT FROM dropped_month d WHERE d.month = which);
END
$$;
-- +goose StatementEnd

-- The oldest month of which the lines may go now, or nothing. Most that may not are
-- passed over without reading them all.
-- +goose StatementBegin
CREATE FUNCTION due_month(OUT month date, OUT first bigint, OUT last bigint, OUT lines bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    m record;
    begins timestamptz;
    ends timestamptz;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', (SELECT c.at AT TIME ZONE 'UTC' FROM checkpoint c ORDER BY c.size LIMIT 1)),
            (now() AT TIME ZONE 'UTC') - interval '5 years 1 month', interval '1 month') LOOP
        begins := month::timestamp AT TIME ZONE 'UTC';
        ends := (month + interval '1 month') AT TIME ZONE 'UTC';
        CONTINUE WHEN EXISTS (SELECT FROM dropped_month d WHERE d.month = due_month.month)
            OR EXISTS (SELECT FROM organisation o WHERE ends + make_interval(years => o.log_years) > now()
                AND (EXISTS (SELECT FROM record r WHERE r.actor_organisation = o.id AND r.at >= begins AND r.at < ends)
                    OR EXISTS (SELECT FROM record r WHERE r.case_organisation = o.id AND r.case_organisation <> r.actor_organisation AND r.at >= begins AND r.at < ends)))
            OR EXISTS (SELECT FROM legal_hold h JOIN record r ON r.case_id = h.case_id WHERE h.lifted_at IS NULL AND r.at >= begins AND r.at < ends);
        SELECT * INTO m FROM month_of_log(month);
        IF m.due THEN
            first := m.first;
            last := m.last;
            lines := m.lines;
            RETURN;
        END IF;
    END LOOP;
    month := NULL;
END
$$;
-- +goose StatementEnd

-- The one way lines of the log go: a month that is due, when the log itself already says
-- so, in a line that whoever verifies it will hold it to.
-- +goose StatementBegin
CREATE FUNCTION drop_month(which date, said text, said_at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ends timestamptz := (which + interval '1 month') AT TIME ZONE 'UTC';
    m record;
    gone bigint;
BEGIN
    LOCK TABLE dropped_month IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE legal_hold IN SHARE MODE; -- none is placed meanwhile
    SELECT * INTO m FROM month_of_log(which);
    IF NOT coalesce(m.due, false) OR NOT EXISTS (SELECT FROM record r WHERE r.id = said AND r.at = said_at AND r.at >= ends + interval '5 years'
            AND r.event = 'log_dropped' AND r.outcome = 'done' AND r.account = ''
            AND r.detail = jsonb_build_object('month', to_char(which, 'YYYY-MM'), 'first', m.first::text, 'last', m.last::text, 'lines', m.lines::text)) THEN
        RAISE EXCEPTION 'the lines of this month may not go now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM record r USING leaf l WHERE l.number BETWEEN m.first AND m.last AND r.id = l.record AND r.at = l.at AND r.at < ends AND r.event <> 'log_dropped';
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone <> m.lines THEN
        RAISE EXCEPTION 'other lines went than were to go' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO dropped_month VALUES (which, m.first, m.last, m.lines, said, said_at);
END
$$;
-- +goose StatementEnd

-- The period of a closed case is counted from when its closing came in by the clock of
-- the database, too: nobody writes that moment, so that the program's own role cannot
-- close a case as of twenty years ago.
CREATE TABLE case_closing (
    case_id    text NOT NULL REFERENCES cases,
    seq        bigint NOT NULL,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, seq)
);
INSERT INTO case_closing SELECT case_id, seq, at FROM event WHERE type = 'case_closed';
-- +goose StatementBegin
CREATE FUNCTION note_closing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO case_closing VALUES (NEW.case_id, NEW.seq, now());
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER note_closing AFTER INSERT ON event FOR EACH ROW WHEN (NEW.type = 'case_closed') EXECUTE FUNCTION note_closing();

CREATE OR REPLACE VIEW closed_case AS
SELECT c.id AS case_id, c.organisation, last.at AS closed_at,
    greatest(greatest(last.at, closing.entered_at) + make_interval(years => o.case_years), longer.until) AS kept_until,
    EXISTS (SELECT FROM legal_hold h WHERE h.case_id = c.id AND h.lifted_at IS NULL) AS held
FROM cases c
JOIN organisation o ON o.id = c.organisation
CROSS JOIN LATERAL (SELECT type, at, seq FROM event WHERE case_id = c.id AND type IN ('case_closed', 'case_reopened') ORDER BY seq DESC LIMIT 1) last
JOIN case_closing closing ON closing.case_id = c.id AND closing.seq = last.seq
LEFT JOIN LATERAL (SELECT until FROM kept_longer WHERE case_id = c.id AND decided_at >= last.at ORDER BY decided_at DESC, id DESC LIMIT 1) longer ON true
WHERE last.type = 'case_closed' AND NOT EXISTS (SELECT FROM membership m WHERE m.case_id = c.id AND m.ground = 'practice');

REVOKE ALL ON dropped_month, case_closing FROM PUBLIC;
REVOKE ALL ON FUNCTION leaves_before(timestamptz), month_of_log(date), due_month(), drop_month(date, text, timestamptz), note_closing() FROM PUBLIC;
GRANT SELECT ON dropped_month, case_closing TO casustafel_committer;
GRANT EXECUTE ON FUNCTION due_month(), drop_month(date, text, timestamptz) TO casustafel_committer;
