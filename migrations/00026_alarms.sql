-- +goose Up

-- From where on an organisation wants to be told of what stands on its access log.
ALTER TABLE organisation ADD COLUMN alarm_refusals int NOT NULL DEFAULT 5 CHECK (alarm_refusals BETWEEN 3 AND 50);
ALTER TABLE organisation ADD COLUMN alarm_cases int NOT NULL DEFAULT 20 CHECK (alarm_cases BETWEEN 5 AND 200);
ALTER TABLE organisation ADD COLUMN alarm_after_end int NOT NULL DEFAULT 1 CHECK (alarm_after_end BETWEEN 1 AND 20);
GRANT UPDATE (alarm_refusals, alarm_cases, alarm_after_end) ON organisation TO casustafel_committer;

-- What somebody who reviews the log of an organisation has to look at. It says how
-- long it goes on; a row is otherwise only ever added.
CREATE TABLE alarm (
    id           text PRIMARY KEY,
    organisation text NOT NULL REFERENCES organisation, -- whose log it was found in
    kind         text NOT NULL CHECK (kind IN ('refusals', 'many_cases', 'after_end')),
    account      text NOT NULL REFERENCES account, -- whom it is about
    case_id      text NOT NULL DEFAULT '', -- which case; empty: not one
    limit_then   int NOT NULL,
    since        timestamptz NOT NULL,
    last         timestamptz NOT NULL
);
CREATE INDEX alarm_organisation ON alarm (organisation, since, id);

-- Who had an alarm on the screen, and what somebody made of it: of one without an
-- answer the review is still open.
CREATE TABLE alarm_seen (
    alarm   text NOT NULL REFERENCES alarm,
    account text NOT NULL REFERENCES account,
    at      timestamptz NOT NULL,
    PRIMARY KEY (alarm, account)
);
CREATE TABLE alarm_answer (
    alarm  text PRIMARY KEY REFERENCES alarm,
    judged text NOT NULL CHECK (judged IN ('explained', 'not_explained', 'reported')),
    sealed bytea NOT NULL, -- in a sentence why
    by     text NOT NULL REFERENCES account,
    at     timestamptz NOT NULL
);

-- An alarm about a case goes with it, and with every sentence about it.
-- +goose StatementBegin
CREATE FUNCTION forget_alarms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM alarm_answer w USING alarm a WHERE a.id = w.alarm AND a.case_id = OLD.id;
    DELETE FROM alarm_seen s USING alarm a WHERE a.id = s.alarm AND a.case_id = OLD.id;
    DELETE FROM alarm WHERE case_id = OLD.id;
    RETURN OLD;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION forget_alarms() FROM PUBLIC;
CREATE TRIGGER forget_alarms AFTER DELETE ON cases FOR EACH ROW EXECUTE FUNCTION forget_alarms();

-- How far the log was looked through for alarms. What stood on it before there were
-- any raises none.
CREATE TABLE alarm_place (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    next  bigint NOT NULL, -- number of a leaf
    since timestamptz NOT NULL
);
INSERT INTO alarm_place (next, since) SELECT coalesce((SELECT max(number) + 1 FROM leaf), 0), coalesce((SELECT max(at) FROM record), 'epoch');

REVOKE ALL ON alarm, alarm_seen, alarm_answer, alarm_place FROM PUBLIC;
GRANT SELECT, INSERT ON alarm, alarm_seen, alarm_answer TO casustafel_committer;
GRANT UPDATE (last) ON alarm TO casustafel_committer;
GRANT SELECT ON alarm_place TO casustafel_committer;
GRANT UPDATE (next) ON alarm_place TO casustafel_committer;
