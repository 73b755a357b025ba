-- +goose Up

-- How far servers have come in checking the leaves before the newest, stretch by stretch
-- and round after round: every leaf before that place was right in this round. Wrong: the
-- stretch that begins there was not what was signed, and is checked until it is.
ALTER TABLE log_check ADD COLUMN place bigint NOT NULL DEFAULT 0, ADD COLUMN wrong boolean NOT NULL DEFAULT false;
GRANT UPDATE (place, wrong) ON log_check TO casustafel_committer;

-- Which leaf a line has that a reader found, to tell how long it waited for a checkpoint:
-- null while it waits for its leaf. Of a line that the reader did not find it is no news.
-- +goose StatementBegin
CREATE FUNCTION leaf_of(line text, made timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT l.number FROM leaf l WHERE l.at = made AND l.record = line LIMIT 1);
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION leaf_of(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leaf_of(text, timestamptz) TO casustafel_reader;
