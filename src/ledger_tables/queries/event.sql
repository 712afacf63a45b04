-- Adds to the events.
INSERT INTO aludel.event (action, revision, sqlstate, detail, duration, tool_version)
VALUES ($1, $2, $3, $4, $5 * interval '1 millisecond', $6)
