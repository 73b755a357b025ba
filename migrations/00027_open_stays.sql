-- +goose Up

-- Stays in rooms of cases whose end is not on the record yet. Each belongs to one life
-- of a node: from its start, or from when it found the life before taken for over, up
-- to when it goes. A node says again and again that its life goes on; the stays of one
-- that says so no more others end.
CREATE TABLE node_life (
    id        text PRIMARY KEY,
    confirmed timestamptz NOT NULL DEFAULT clock_timestamp() -- by the clock of the database: those of nodes may differ
);
CREATE TABLE stay (
    life       text NOT NULL REFERENCES node_life, -- none begins in a life that is over
    connection text NOT NULL,
    record     text NOT NULL, -- the line of the log that begins it
    at         timestamptz NOT NULL,
    PRIMARY KEY (life, connection, record)
);
REVOKE ALL ON node_life, stay FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON node_life, stay TO casustafel_committer;
GRANT UPDATE (confirmed) ON node_life TO casustafel_committer;
