-- +goose Up

-- Anybody can have a question asked before signing in. One place has only so many
-- open at a time, and those that are over are found without reading the others.
ALTER TABLE passkey_question ADD COLUMN place bytea; -- keyed hash of an address; empty: somebody is signed in
CREATE INDEX passkey_question_over ON passkey_question (expires_at);
CREATE INDEX passkey_question_place ON passkey_question (place, expires_at DESC) WHERE place IS NOT NULL;
