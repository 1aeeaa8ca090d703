-- Whom the coordination entrusted before 0016 knew of it: they come back too, to the coordinator who signed them up herself or
-- opened the stand that did. Only where that is sure: she is there and keeps no answers, the person is now whose a share of
-- the coordination names, that share is in force and undisputed, and no sentinel handed the person over.

CREATE TEMP TABLE entrusting AS
SELECT territory, account FROM account WHERE disabled_at IS NULL
AND EXISTS (SELECT 1 FROM json_each(roles) WHERE value = 'coordinator')
AND NOT EXISTS (SELECT 1 FROM json_each(roles) WHERE value = 'professional');

CREATE TEMP TABLE came_from AS
SELECT person.territory, person.record,
  COALESCE((SELECT stand.opened_by FROM operation
            JOIN stand ON stand.territory = operation.territory AND stand.device = operation.device
            WHERE operation.territory = person.territory AND operation.record = person.record
            AND operation.quarantine IS NULL AND json_extract(operation.body, '$.kind') = 'create'
            ORDER BY operation.seq LIMIT 1),
           json_extract(person.state, '$.origin.author')) AS holder
FROM record AS person WHERE person.kind = 'person' AND person.entrusted_by IS NULL;

UPDATE record SET entrusted_by = (
  SELECT holder FROM came_from WHERE came_from.territory = record.territory AND came_from.record = record.record)
WHERE kind = 'person' AND entrusted_by IS NULL
AND COALESCE(json_extract(state, '$.deletion.state'), '') <> 'erased'
AND EXISTS (
  SELECT 1 FROM came_from JOIN entrusting
  ON entrusting.territory = came_from.territory AND entrusting.account = came_from.holder
  WHERE came_from.territory = record.territory AND came_from.record = record.record AND holder <> record.owner)
AND EXISTS (
  SELECT 1 FROM record AS share JOIN entrusting
  ON entrusting.territory = share.territory AND entrusting.account = json_extract(share.state, '$.origin.author')
  WHERE share.territory = record.territory AND share.parent = record.record AND share.kind = 'share'
  AND json_extract(share.state, '$.fields.account.value') = record.owner
  AND json_extract(share.state, '$.fields.in_force.value') = 'yes'
  AND (json_extract(share.state, '$.conflicts.in_force') IS NULL
       OR json_extract(share.state, '$.conflicts.in_force.settled') IS NOT NULL)
  AND COALESCE(json_extract(share.state, '$.deletion.state'), 'restored') = 'restored')
AND NOT EXISTS (
  SELECT 1 FROM record AS share JOIN account
  ON account.territory = share.territory AND account.account = json_extract(share.state, '$.origin.author')
  WHERE share.territory = record.territory AND share.parent = record.record AND share.kind = 'share'
  AND EXISTS (SELECT 1 FROM json_each(account.roles) WHERE value = 'sentinel'));

DROP TABLE came_from;
DROP TABLE entrusting;
