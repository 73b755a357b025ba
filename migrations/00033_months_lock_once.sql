-- +goose Up

-- Whoever makes a month takes the lock on the log first, as whoever writes and reads does:
-- two nodes that began with record_rest waited for each other.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION make_record_months(since timestamptz, ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    month timestamp := date_trunc('month', since AT TIME ZONE 'UTC');
    name text;
BEGIN
    FOR i IN 0..least(ahead, 120) LOOP
        name := 'record_' || to_char(month, 'YYYY_MM');
        IF to_regclass('public.' || name) IS NULL THEN
            LOCK TABLE ONLY record IN ACCESS EXCLUSIVE MODE;
            IF to_regclass('public.' || name) IS NULL -- nobody made it meanwhile
                AND NOT EXISTS (SELECT FROM record_rest WHERE at >= month AT TIME ZONE 'UTC' AND at < (month + interval '1 month') AT TIME ZONE 'UTC') THEN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.record FOR VALUES FROM (%L) TO (%L)',
                    name, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
            END IF;
        END IF;
        month := month + interval '1 month';
    END LOOP;
END
$$;
-- +goose StatementEnd
