-- +goose Up

-- What was refused is what a log is looked through for most, and is rare in it.
CREATE INDEX record_actor_refused ON record (actor_organisation, at, id) WHERE outcome = 'refused';
CREATE INDEX record_case_refused ON record (case_organisation, at, id) WHERE outcome = 'refused' AND case_organisation <> actor_organisation;
