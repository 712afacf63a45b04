-- All rows of the ledger.
SELECT id,
       parents,
       message,
       checksum,
       chain,
       state,
       segments_done,
       segments,
       segment_open,
       done_digest,
       fingerprint,
       to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS applied_at,
       applied_by,
       (extract(epoch FROM duration) * 1000)::bigint AS milliseconds,
       tool_version
  FROM aludel.revision
 ORDER BY id
