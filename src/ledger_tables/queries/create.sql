-- Creates the ledger. Does nothing if it already exists.
-- CREATE SCHEMA IF NOT EXISTS needs the CREATE privilege on the database even if the schema exists.
DO $$
BEGIN
    IF pg_catalog.to_regnamespace('aludel') IS NULL THEN
        CREATE SCHEMA aludel;
        COMMENT ON SCHEMA aludel IS 'The ledger of aludel: which revisions are applied to this database, and a log of all runs';
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
COMMENT ON TABLE aludel.revision IS 'One row for each applied revision';
COMMENT ON COLUMN aludel.revision.id IS 'Id of the revision, as in the header of its file';
COMMENT ON COLUMN aludel.revision.parents IS 'Ids of its parent revisions';
COMMENT ON COLUMN aludel.revision.message IS 'Message of the revision';
COMMENT ON COLUMN aludel.revision.checksum IS 'SHA-256 of the statements and of the text of its up file, then of its down file, as they were run';
COMMENT ON COLUMN aludel.revision.chain IS 'SHA-256 of the statements of its up file and of the chains of its parents: equal chains mean equal histories';
COMMENT ON COLUMN aludel.revision.state IS 'applied; or applying or reverting if a run was interrupted: run the command again to finish it';
COMMENT ON COLUMN aludel.revision.segments_done IS 'Number of segments (transactions, or statements outside of a transaction) that are done';
COMMENT ON COLUMN aludel.revision.segments IS 'Number of segments';
COMMENT ON COLUMN aludel.revision.segment_open IS 'Whether a statement outside of a transaction was started and it is unknown whether it finished';
COMMENT ON COLUMN aludel.revision.done_digest IS 'SHA-256 of the statements that are done; followed by the progress of the next statement if that runs in batches';
COMMENT ON COLUMN aludel.revision.fingerprint IS 'Fingerprint of the resulting schema, if the revision was generated';
COMMENT ON COLUMN aludel.revision.applied_at IS 'When this row was last written';
COMMENT ON COLUMN aludel.revision.applied_by IS 'User who applied it';
COMMENT ON COLUMN aludel.revision.duration IS 'Duration of the run';
COMMENT ON COLUMN aludel.revision.tool_version IS 'Version of aludel that applied it';

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
COMMENT ON TABLE aludel.event IS 'Log of everything that aludel did in this database; rows are only added';
COMMENT ON COLUMN aludel.event.id IS 'Number of the event, ascending';
COMMENT ON COLUMN aludel.event.happened_at IS 'Time of the event';
COMMENT ON COLUMN aludel.event.action IS 'upgrade, downgrade, stamp, repair, or failure of one of them; an upgrade or downgrade with a detail has started a statement, not finished';
COMMENT ON COLUMN aludel.event.revision IS 'Id of the revision';
COMMENT ON COLUMN aludel.event.sqlstate IS 'SQLSTATE of a failure';
COMMENT ON COLUMN aludel.event.detail IS 'What failed, and where; or a statement that was started outside of a transaction, and what existed before it';
COMMENT ON COLUMN aludel.event.done_by IS 'User who ran aludel';
COMMENT ON COLUMN aludel.event.client_address IS 'Address of the client; NULL for a Unix-domain socket';
COMMENT ON COLUMN aludel.event.duration IS 'Duration of the run';
COMMENT ON COLUMN aludel.event.tool_version IS 'Version of aludel'
