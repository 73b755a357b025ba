-- +goose Up

-- Who of an organisation read the review of a month of its access log, once each. A row
-- is only ever added.
CREATE TABLE month_review (
    organisation text NOT NULL REFERENCES organisation,
    month        date NOT NULL CHECK (extract(day FROM month) = 1),
    by           text NOT NULL REFERENCES account,
    at           timestamptz NOT NULL,
    sealed       bytea NOT NULL, -- a remark, and the numbers that this reader was told
    PRIMARY KEY (organisation, month, by)
);
REVOKE ALL ON month_review FROM PUBLIC;
GRANT SELECT, INSERT ON month_review TO casustafel_committer;

-- Which checkpoints a month has.
CREATE INDEX checkpoint_at ON checkpoint (at);
