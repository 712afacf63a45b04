-- Parameters of operator classes, as in gist_trgm_ops (siglen = 32): attoptions of the index's
-- own attributes. Few indexes have any, so one scan finds them all.
SELECT att.attrelid AS index_oid,
       att.attnum AS key_number,
       att.attoptions AS parameters
  FROM pg_attribute att
  JOIN pg_class idx_class ON idx_class.oid = att.attrelid
 WHERE att.attoptions IS NOT NULL AND idx_class.relkind IN ('i', 'I');
