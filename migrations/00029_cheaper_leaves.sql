-- +goose Up

-- Leaves are looked for by the moment and the id of their record. By moment they go into
-- the index where those before them went; by id alone each dirtied a page of its own.
CREATE INDEX leaf_at ON leaf (at, record);
DROP INDEX leaf_record;

-- The queue is mostly empty when statistics of it are taken, and long when it matters: it
-- was then gone through whole for every record that came off it. Merged, both are gone
-- through once, and the queue no further than where the leaves end.
ALTER FUNCTION append_leaves(bigint, smallint, text[], timestamptz[], bytea[], bytea[]) SET enable_nestloop = off;
ALTER FUNCTION append_leaves(bigint, smallint, text[], timestamptz[], bytea[], bytea[]) SET enable_hashjoin = off;
ALTER FUNCTION append_leaves(bigint, smallint, text[], timestamptz[], bytea[], bytea[]) SET enable_seqscan = off;
