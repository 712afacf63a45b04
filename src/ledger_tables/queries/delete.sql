-- Takes out the row of a revision that was reverted.
DELETE FROM aludel.revision WHERE id = $1
