-- Writes other checksums and chains into rows, which stay as they are else.
UPDATE aludel.revision AS it
   SET checksum = new.checksum,
       chain = new.chain
  FROM unnest($1::text[], $2::text[], $3::text[]) AS new (id, checksum, chain)
 WHERE it.id = new.id
