-- +goose Up

-- The number of the last step of a case: a change of the text of a note, which
-- does not stand in the log.
ALTER TABLE cases ADD COLUMN ink bigint NOT NULL DEFAULT 0;
GRANT UPDATE (ink) ON cases TO casustafel_committer;

-- How each note stands that was ever written in, by its last step, and its whole
-- text as it was after a step, sealed; empty: it was erased.
CREATE TABLE note (
    case_id   text NOT NULL REFERENCES cases,
    card      text NOT NULL,
    seq       bigint NOT NULL, -- of the event before the last step
    ink       bigint NOT NULL, -- of the last step
    text_id   text NOT NULL,   -- names the text after it
    at        timestamptz NOT NULL,
    writers   jsonb NOT NULL,  -- whose stretch of writing is open
    saved_ink bigint NOT NULL,
    sealed    bytea NOT NULL,
    PRIMARY KEY (case_id, card)
);

-- What was written step by step. The history of a text is one line: no text is
-- followed by two.
CREATE TABLE note_step (
    case_id text NOT NULL REFERENCES cases,
    ink     bigint NOT NULL,
    seq     bigint NOT NULL,
    epoch   bigint NOT NULL,
    card    text NOT NULL,
    era     bigint NOT NULL,
    account text NOT NULL,
    at      timestamptz NOT NULL,
    command text NOT NULL,
    from_id text NOT NULL,
    text_id text NOT NULL,
    sealed  bytea NOT NULL, -- the changes; empty: they were erased
    PRIMARY KEY (case_id, ink)
);
CREATE INDEX note_step_card ON note_step (case_id, card, ink);
CREATE INDEX note_step_at ON note_step USING brin (at);
CREATE UNIQUE INDEX note_step_from ON note_step (case_id, card, from_id);

REVOKE ALL ON note, note_step FROM PUBLIC;
GRANT SELECT, INSERT ON note, note_step TO casustafel_committer;
GRANT UPDATE (seq, ink, text_id, at, writers, saved_ink, sealed) ON note TO casustafel_committer;

-- With the texts of an object goes what was written in it, step by step.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION redact(which_case text, which_object text) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
    DELETE FROM text WHERE case_id = which_case AND object = which_object;
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE note SET sealed = '' WHERE case_id = which_case AND card = which_object;
    UPDATE note_step SET sealed = '' WHERE case_id = which_case AND card = which_object;
    DELETE FROM snapshot WHERE case_id = which_case;
    RETURN gone;
END
$$;
-- +goose StatementEnd

-- The one way steps go: after thirty days, when the saved text holds them.
-- +goose StatementBegin
CREATE FUNCTION drop_old_steps() RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
    DELETE FROM note_step s USING note n WHERE n.case_id = s.case_id AND n.card = s.card
        AND s.ink <= n.saved_ink AND s.at < now() - interval '30 days';
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION drop_old_steps() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_old_steps() TO casustafel_committer;
