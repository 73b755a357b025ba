-- +goose Up

-- By what somebody looks through the access log, sealed, for as long as the session
-- lasts: it stands in no address and in no history of a browser.
ALTER TABLE session ADD COLUMN record_filter bytea;
GRANT UPDATE (record_filter) ON session TO casustafel_committer;
-- +goose StatementBegin
CREATE FUNCTION forget_record_filter() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.record_filter := NULL;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION forget_record_filter() FROM PUBLIC;
CREATE TRIGGER forget_record_filter BEFORE UPDATE OF ended_at ON session FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL AND NEW.record_filter IS NOT NULL) EXECUTE FUNCTION forget_record_filter();
