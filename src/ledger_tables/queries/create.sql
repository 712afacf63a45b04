-- Sets up the ledger. Harmless where it is there already.
-- CREATE SCHEMA IF NOT EXISTS wants CREATE on the database even where the schema exists.
DO $$
BEGIN
    IF pg_catalog.to_regnamespace('aludel') IS NULL THEN
        CREATE SCHEMA aludel;
        COMMENT ON SCHEMA aludel IS 'The ledger of aludel: which schema revisions this database has, and what was done to it';
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS aludel.revision (
    id            text PRIMARY KEY,
    parents       text[] NOT NULL,
    message       text NOT NULL,
    checksum      text NOT NULL,
    chain         text NOT NULL,
    state         text NOT NULL CHECK (state IN ('applying', 'applied', 'reverting')),
    segments_done integer NOT NULL,
    segments      integer NOT NULL,
    segment_open  boolean NOT NULL,
    done_digest   text NOT NULL,
    fingerprint   text,
    applied_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by    text NOT NULL DEFAULT session_user,
    duration      interval NOT NULL,
    tool_version  text NOT NULL,
    CHECK (segments_done BETWEEN 0 AND segments)
);
COMMENT ON TABLE aludel.revision IS 'One row for each revision that this database has';
COMMENT ON COLUMN aludel.revision.id IS 'The revision''s id, as in the header of its file';
COMMENT ON COLUMN aludel.revision.parents IS 'The revisions that it builds on';
COMMENT ON COLUMN aludel.revision.message IS 'Its message';
COMMENT ON COLUMN aludel.revision.checksum IS 'SHA-256 over the statements and over the text of its up file, then of its down file, as they were run';
COMMENT ON COLUMN aludel.revision.chain IS 'SHA-256 over the statements of its up file and the chains of its parents: the same here and elsewhere means the same history';
COMMENT ON COLUMN aludel.revision.state IS 'applied; or applying or reverting, when a run was interrupted between two segments: run it again to finish';
COMMENT ON COLUMN aludel.revision.segments_done IS 'How many segments (transactions, or statements that run outside of one) are done';
COMMENT ON COLUMN aludel.revision.segments IS 'How many segments there are';
COMMENT ON COLUMN aludel.revision.segment_open IS 'Whether a segment outside of a transaction was begun and its end is not known';
COMMENT ON COLUMN aludel.revision.done_digest IS 'SHA-256 over the statements that are done; behind it, how far the statement after them is, where that runs in batches';
COMMENT ON COLUMN aludel.revision.fingerprint IS 'The fingerprint of the schema that it leaves, when it was generated';
COMMENT ON COLUMN aludel.revision.applied_at IS 'When this row was last written';
COMMENT ON COLUMN aludel.revision.applied_by IS 'The user who applied it';
COMMENT ON COLUMN aludel.revision.duration IS 'How long it took';
COMMENT ON COLUMN aludel.revision.tool_version IS 'The version of aludel that applied it';

CREATE TABLE IF NOT EXISTS aludel.event (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    action         text NOT NULL CHECK (action IN ('upgrade', 'downgrade', 'stamp', 'repair', 'failure')),
    revision       text,
    sqlstate       text,
    detail         text,
    done_by        text NOT NULL DEFAULT session_user,
    client_address inet DEFAULT inet_client_addr(),
    duration       interval NOT NULL,
    tool_version   text NOT NULL
);
COMMENT ON TABLE aludel.event IS 'Everything that aludel did here, in order; rows are only ever added';
COMMENT ON COLUMN aludel.event.id IS 'Counts up';
COMMENT ON COLUMN aludel.event.happened_at IS 'When it was done';
COMMENT ON COLUMN aludel.event.action IS 'upgrade, downgrade, stamp, repair, or failure of one of them; with a detail, upgrade and downgrade are not done but begun';
COMMENT ON COLUMN aludel.event.revision IS 'The revision';
COMMENT ON COLUMN aludel.event.sqlstate IS 'The SQLSTATE of a failure';
COMMENT ON COLUMN aludel.event.detail IS 'What failed, and where; or a statement that was begun outside of a transaction, and what was there before it';
COMMENT ON COLUMN aludel.event.done_by IS 'The user who did it';
COMMENT ON COLUMN aludel.event.client_address IS 'Where that user was connected from; null for a local connection';
COMMENT ON COLUMN aludel.event.duration IS 'How long it took';
COMMENT ON COLUMN aludel.event.tool_version IS 'The version of aludel that did it'
