-- The note of the statement outside of a transaction that was begun last, of revision $1 on its way
-- $2, where that is its part $3.
SELECT it.detail
  FROM (SELECT action, detail
          FROM aludel.event
         WHERE revision = $1
           AND action IN ('upgrade', 'downgrade', 'stamp')
         ORDER BY id DESC
         LIMIT 1) AS it
 WHERE it.action = $2
   AND CASE WHEN it.detail LIKE '{%' THEN (it.detail::jsonb->>'part')::integer = $3 END
