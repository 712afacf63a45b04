-- Whether the ledger has been set up in this database, and whether row security would hide rows of it
-- from the current user (manual, "row_security_active"; NULL where there is no such table).
SELECT pg_catalog.to_regclass('aludel.revision') IS NOT NULL
       AND pg_catalog.to_regclass('aludel.event') IS NOT NULL AS there,
       coalesce(pg_catalog.row_security_active(pg_catalog.to_regclass('aludel.revision')::oid), false)
           AS filtered
