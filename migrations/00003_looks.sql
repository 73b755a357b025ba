-- +goose Up

-- When each member last looked at a case, and what it saw then: sealed with the
-- case's key, as it tells which cards there were for whom. Losing one makes
-- everything new once more, and no more than that.
CREATE TABLE look (
    case_id text NOT NULL REFERENCES cases,
    account text NOT NULL REFERENCES account,
    at      timestamptz NOT NULL,
    seen    bytea NOT NULL,
    PRIMARY KEY (case_id, account)
);

REVOKE ALL ON look FROM PUBLIC;
GRANT SELECT, INSERT ON look TO casustafel_committer;
GRANT UPDATE (at, seen) ON look TO casustafel_committer;
GRANT SELECT ON look TO casustafel_reader;

ALTER TABLE look ENABLE ROW LEVEL SECURITY;
ALTER TABLE look FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON look TO casustafel_reader USING (account = current_reader());
CREATE POLICY every ON look TO casustafel_committer USING (true) WITH CHECK (true);
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('CREATE POLICY owner ON look TO %I USING (true) WITH CHECK (true)', current_user);
END
$$;
-- +goose StatementEnd
