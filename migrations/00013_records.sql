-- +goose Up

-- Of which organisation a case is: that of whoever opened it. It never changes.
-- Empty: a node of before this opened it, and no organisation reviews it yet.
ALTER TABLE cases ADD COLUMN organisation text NOT NULL DEFAULT '';
UPDATE cases c SET organisation = a.organisation FROM event e JOIN account a ON a.id = e.actor WHERE e.case_id = c.id AND e.seq = 1;
UPDATE cases c SET organisation = a.organisation FROM membership m JOIN account a ON a.id = m.account
    WHERE m.case_id = c.id AND c.organisation = '' AND m.ground IN ('owner', 'practice');
CREATE INDEX cases_organisation ON cases (organisation);
GRANT SELECT (organisation) ON cases TO casustafel_reader;

-- Whose access log a record stands in: that of the organisation of who did it, and
-- that of the organisation whose case it is about. An account never changes
-- organisation either. Empty: nobody's.
ALTER TABLE record ADD COLUMN actor_organisation text NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN case_organisation text NOT NULL DEFAULT '';
UPDATE record r SET actor_organisation = a.organisation FROM account a WHERE a.id = r.account;
UPDATE record r SET case_organisation = c.organisation FROM cases c WHERE c.id = r.case_id;

-- Newest first from a line on, in either; by who, and by case, as well.
CREATE INDEX record_actor_organisation ON record (actor_organisation, at, id);
CREATE INDEX record_case_organisation ON record (case_organisation, at, id) WHERE case_organisation <> actor_organisation;
CREATE INDEX record_account_at ON record (account, at, id);
CREATE INDEX record_case_at ON record (case_id, at, id);
DROP INDEX record_account;
DROP INDEX record_case;

-- Who reviews the access log of its own organisation says so for one transaction.
-- That it may is decided by the policy before; that it is its own, here.
CREATE FUNCTION current_reviewer() RETURNS text LANGUAGE sql STABLE
    RETURN nullif(current_setting('casustafel.reviews', true), '');
REVOKE ALL ON FUNCTION current_reviewer() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_reviewer() TO casustafel_reader;
CREATE POLICY reviewed ON record TO casustafel_reader USING (
    (actor_organisation = current_reviewer() OR case_organisation = current_reviewer())
    AND EXISTS (SELECT FROM account a WHERE a.id = current_reader() AND a.organisation = current_reviewer()));
