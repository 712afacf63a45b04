-- Casts by the printed names of both types. castmethod 'b' is a cast that changes no byte.
SELECT castsource AS source_oid,
       casttarget AS target_oid,
       format_type(castsource, NULL) AS source,
       format_type(casttarget, NULL) AS target,
       castcontext::text AS context,
       castmethod = 'b' AS is_binary
  FROM pg_cast;
