-- +goose Up

-- What somebody is told outside the board. There is no content in it: words are
-- made when it is shown, from what its reader may know then.
CREATE TABLE notice (
    id      text PRIMARY KEY,
    account text NOT NULL REFERENCES account, -- who is told
    case_id text NOT NULL REFERENCES cases,
    kind    text NOT NULL,
    object  text NOT NULL DEFAULT '', -- a card, or what else it is about; empty: the case
    by      text NOT NULL REFERENCES account, -- who did what it tells
    at      timestamptz NOT NULL,
    read_at timestamptz
);
CREATE INDEX notice_unread ON notice (account, at DESC, id DESC) WHERE read_at IS NULL;

REVOKE ALL ON notice FROM PUBLIC;
GRANT SELECT, INSERT ON notice TO casustafel_committer;
GRANT UPDATE (read_at) ON notice TO casustafel_committer;
GRANT SELECT ON notice TO casustafel_reader;

ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notice TO casustafel_reader USING (account = current_reader());
CREATE POLICY every ON notice TO casustafel_committer USING (true) WITH CHECK (true);
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('CREATE POLICY owner ON notice TO %I USING (true) WITH CHECK (true)', current_user);
END
$$;
-- +goose StatementEnd
