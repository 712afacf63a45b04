-- Inserts or updates the row of a revision.
INSERT INTO aludel.revision AS it
       (id, parents, message, checksum, chain, state, segments_done, segments, segment_open,
        done_digest, fingerprint, duration, tool_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 * interval '1 millisecond', $13)
    ON CONFLICT (id) DO UPDATE
   SET parents = excluded.parents,
       message = excluded.message,
       checksum = excluded.checksum,
       chain = excluded.chain,
       state = excluded.state,
       segments_done = excluded.segments_done,
       segments = excluded.segments,
       segment_open = excluded.segment_open,
       done_digest = excluded.done_digest,
       fingerprint = excluded.fingerprint,
       applied_at = excluded.applied_at,
       applied_by = excluded.applied_by,
       duration = excluded.duration,
       tool_version = excluded.tool_version
