-- The records that were merged into another, found by that one: what she answered under any of them counts for all.
CREATE INDEX record_merged ON record (territory, json_extract(state, '$.fields.merged_into.value'))
  WHERE json_extract(state, '$.fields.merged_into.value') IS NOT NULL;
