-- +goose Up

-- A policy that somebody proposed and that a second person has to publish.
CREATE TABLE policy_proposal (
    id          text PRIMARY KEY,
    model       text NOT NULL,
    lines       text NOT NULL,
    proposed_by text NOT NULL REFERENCES account,
    proposed_at timestamptz NOT NULL,
    decided_by  text REFERENCES account,
    decided_at  timestamptz,
    outcome     text CHECK (outcome IN ('published', 'withdrawn'))
);
-- One at a time: what is published was compared with what serves then.
CREATE UNIQUE INDEX policy_proposal_open ON policy_proposal ((true)) WHERE decided_at IS NULL;

REVOKE ALL ON policy_proposal FROM PUBLIC;
GRANT SELECT, INSERT ON policy_proposal TO casustafel_committer;
GRANT UPDATE (decided_by, decided_at, outcome) ON policy_proposal TO casustafel_committer;

-- Which cases are closed is asked of the log when a policy is compared.
CREATE INDEX event_status ON event (case_id, seq) WHERE type IN ('case_closed', 'case_reopened');
