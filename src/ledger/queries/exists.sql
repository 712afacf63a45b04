-- Whether the ledger has been set up in this database.
SELECT pg_catalog.to_regclass('aludel.revision') IS NOT NULL
   AND pg_catalog.to_regclass('aludel.event') IS NOT NULL
