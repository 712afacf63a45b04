BEGIN;

-- Add column items.id_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN id_new integer;

-- Create the function of trigger zz_items_id_copy, which keeps id_new equal to id.
CREATE FUNCTION zz_items_id_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.id_new := NEW.id::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_items_id_copy on items.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
CREATE TRIGGER zz_items_id_copy BEFORE INSERT OR UPDATE ON items
    FOR EACH ROW EXECUTE FUNCTION zz_items_id_copy();

-- Enable zz_items_id_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
ALTER TABLE items ENABLE ALWAYS TRIGGER zz_items_id_copy;

-- Add constraint items_id_copy_check, NOT VALID: id_new equals id in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_id_copy_check CHECK (id_new IS NOT NULL AND id_new IS NOT DISTINCT FROM id::integer) NOT VALID;

-- Add column items.owner_id_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN owner_id_new integer;

-- Create the function of trigger zz_items_owner_id_copy, which keeps owner_id_new equal to owner_id.
CREATE FUNCTION zz_items_owner_id_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.owner_id_new := NEW.owner_id::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_items_owner_id_copy on items.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
CREATE TRIGGER zz_items_owner_id_copy BEFORE INSERT OR UPDATE ON items
    FOR EACH ROW EXECUTE FUNCTION zz_items_owner_id_copy();

-- Enable zz_items_owner_id_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
ALTER TABLE items ENABLE ALWAYS TRIGGER zz_items_owner_id_copy;

-- Add constraint items_owner_id_copy_check, NOT VALID: owner_id_new equals owner_id in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_owner_id_copy_check CHECK (owner_id_new IS NOT DISTINCT FROM owner_id::integer) NOT VALID;

-- Add column items.number_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN number_new integer;

-- Create the function of trigger zz_items_number_copy, which keeps number_new equal to number.
CREATE FUNCTION zz_items_number_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.number_new := NEW.number::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_items_number_copy on items.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
CREATE TRIGGER zz_items_number_copy BEFORE INSERT OR UPDATE ON items
    FOR EACH ROW EXECUTE FUNCTION zz_items_number_copy();

-- Enable zz_items_number_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
ALTER TABLE items ENABLE ALWAYS TRIGGER zz_items_number_copy;

-- Add constraint items_number_copy_check, NOT VALID: number_new equals number in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_number_copy_check CHECK (number_new IS NOT NULL AND number_new IS NOT DISTINCT FROM number::integer) NOT VALID;

-- Add column items.size_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN size_new integer;

-- Create the function of trigger zz_items_size_copy, which keeps size_new equal to size.
CREATE FUNCTION zz_items_size_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.size_new := NEW.size::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_items_size_copy on items.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
CREATE TRIGGER zz_items_size_copy BEFORE INSERT OR UPDATE ON items
    FOR EACH ROW EXECUTE FUNCTION zz_items_size_copy();

-- Enable zz_items_size_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
ALTER TABLE items ENABLE ALWAYS TRIGGER zz_items_size_copy;

-- Add constraint items_size_copy_check, NOT VALID: size_new equals size in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_size_copy_check CHECK (size_new IS NOT DISTINCT FROM size::integer) NOT VALID;

-- Add column items.e_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN e_new vector(3);

-- Create the function of trigger zz_items_e_copy, which keeps e_new equal to e.
CREATE FUNCTION zz_items_e_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.e_new := NEW.e::vector(3);
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_items_e_copy on items.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
CREATE TRIGGER zz_items_e_copy BEFORE INSERT OR UPDATE ON items
    FOR EACH ROW EXECUTE FUNCTION zz_items_e_copy();

-- Enable zz_items_e_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on items (writes wait, reads continue), briefly.
ALTER TABLE items ENABLE ALWAYS TRIGGER zz_items_e_copy;

-- Add constraint items_e_copy_check, NOT VALID: e_new equals e in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_e_copy_check CHECK (e_new IS NOT DISTINCT FROM e::vector(3)) NOT VALID;

-- Add column owners.id_new.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ADD COLUMN id_new integer;

-- Create the function of trigger zz_owners_id_copy, which keeps id_new equal to id.
CREATE FUNCTION zz_owners_id_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.id_new := NEW.id::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_owners_id_copy on owners.
-- Locks: SHARE ROW EXCLUSIVE on owners (writes wait, reads continue), briefly.
CREATE TRIGGER zz_owners_id_copy BEFORE INSERT OR UPDATE ON owners
    FOR EACH ROW EXECUTE FUNCTION zz_owners_id_copy();

-- Enable zz_owners_id_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on owners (writes wait, reads continue), briefly.
ALTER TABLE owners ENABLE ALWAYS TRIGGER zz_owners_id_copy;

-- Add constraint owners_id_copy_check, NOT VALID: id_new equals id in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ADD CONSTRAINT owners_id_copy_check CHECK (id_new IS NOT NULL AND id_new IS NOT DISTINCT FROM id::integer) NOT VALID;

COMMIT;

-- Copy id of items to id_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Each updated row is inserted into hnsw index items_e_idx again.
-- Fails if a value is out of range for integer.
-- aludel: batches by id, 5000 rows
UPDATE items SET id_new = id::integer WHERE id_new IS DISTINCT FROM id::integer;

-- Copy owner_id of items to owner_id_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Each updated row is inserted into hnsw index items_e_idx again.
-- Fails if a value is out of range for integer.
-- aludel: batches by id, 5000 rows
UPDATE items SET owner_id_new = owner_id::integer WHERE owner_id_new IS DISTINCT FROM owner_id::integer;

-- Copy number of items to number_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Each updated row is inserted into hnsw index items_e_idx again.
-- Fails if a value is out of range for integer.
-- aludel: batches by id, 5000 rows
UPDATE items SET number_new = number::integer WHERE number_new IS DISTINCT FROM number::integer;

-- Copy size of items to size_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Each updated row is inserted into hnsw index items_e_idx again.
-- Loses fractions: values are rounded to whole numbers.
-- aludel: batches by id, 5000 rows
UPDATE items SET size_new = size::integer WHERE size_new IS DISTINCT FROM size::integer;

-- Copy e of items to e_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Each updated row is inserted into hnsw index items_e_idx again.
-- aludel: batches by id, 5000 rows
UPDATE items SET e_new = e::vector(3) WHERE e_new IS DISTINCT FROM e::vector(3);

-- Copy id of owners to id_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on owners (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Fails if a value is out of range for integer.
-- aludel: batches by id, 5000 rows
UPDATE owners SET id_new = id::integer WHERE id_new IS DISTINCT FROM id::integer;

BEGIN;

-- Validate constraint items_id_copy_check: id_new equals id in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE items VALIDATE CONSTRAINT items_id_copy_check;

-- Collect statistics of items.id_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
ANALYZE items (id_new);

COMMIT;

BEGIN;

-- Validate constraint items_owner_id_copy_check: owner_id_new equals owner_id in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE items VALIDATE CONSTRAINT items_owner_id_copy_check;

-- Collect statistics of items.owner_id_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
ANALYZE items (owner_id_new);

COMMIT;

BEGIN;

-- Validate constraint items_number_copy_check: number_new equals number in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE items VALIDATE CONSTRAINT items_number_copy_check;

-- Collect statistics of items.number_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
ANALYZE items (number_new);

COMMIT;

BEGIN;

-- Validate constraint items_size_copy_check: size_new equals size in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE items VALIDATE CONSTRAINT items_size_copy_check;

-- Collect statistics of items.size_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
ANALYZE items (size_new);

COMMIT;

BEGIN;

-- Validate constraint items_e_copy_check: e_new equals e in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE items VALIDATE CONSTRAINT items_e_copy_check;

-- Collect statistics of items.e_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
ANALYZE items (e_new);

COMMIT;

-- Create unique index items_pkey_new on table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY items_pkey_new ON items USING btree (id_new);

-- Create hnsw index items_e_idx_new on table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY items_e_idx_new ON items USING hnsw (e_new vector_l2_ops);

-- Create index items_size_idx_new on table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY items_size_idx_new ON items USING btree (size_new, id_new);

BEGIN;

-- Validate constraint owners_id_copy_check: id_new equals id in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on owners (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE owners VALIDATE CONSTRAINT owners_id_copy_check;

-- Collect statistics of owners.id_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on owners (reads and writes continue), briefly.
ANALYZE owners (id_new);

COMMIT;

-- Create unique index owners_pkey_new on table owners.
-- Locks: SHARE UPDATE EXCLUSIVE on owners (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY owners_pkey_new ON owners USING btree (id_new);

BEGIN;

-- Remove owner of sequence items_number_seq.
-- Locks: SHARE ROW EXCLUSIVE on sequence items_number_seq (writes wait, reads continue), briefly.
ALTER SEQUENCE items_number_seq OWNED BY NONE;

-- Save owner and privileges of column items.e, column items.id, column items.number, column items.owner_id, column items.size, column owners.id, sequence owners_id_seq and view sizes, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE items', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'items'::regclass AND attname = 'e' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE items', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'items'::regclass AND attname = 'id' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE items', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'items'::regclass AND attname = 'number' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE items', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'items'::regclass AND attname = 'owner_id' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE items', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'items'::regclass AND attname = 'size' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE owners', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'owners'::regclass AND attname = 'id' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'SEQUENCE owners_id_seq', 'SEQUENCE owners_id_seq', relowner::regrole::text, NULL, coalesce(relacl, acldefault('s', relowner))::text[]
        FROM pg_class WHERE oid = 'owners_id_seq'::regclass
        UNION ALL
        SELECT 'TABLE sizes', 'VIEW sizes', relowner::regrole::text, NULL, coalesce(relacl, acldefault('r', relowner))::text[]
        FROM pg_class WHERE oid = 'sizes'::regclass
        UNION ALL
        SELECT 'TABLE sizes', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'sizes'::regclass AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop view sizes.
-- Locks: ACCESS EXCLUSIVE on view sizes (reads and writes wait), briefly.
DROP VIEW sizes;

-- Drop constraint items_pkey of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_pkey;

-- Drop constraint items_size_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_size_check;

-- Drop index items_e_idx of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP INDEX items_e_idx;

-- Drop constraint items_e_copy_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_e_copy_check;

-- Drop trigger zz_items_e_copy on items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP TRIGGER zz_items_e_copy ON items;

-- Drop the function of trigger zz_items_e_copy.
DROP FUNCTION zz_items_e_copy();

-- Drop column items.e; e_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP COLUMN e;

-- Drop index items_large_idx of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX items_large_idx;

-- Set NOT NULL on items.number_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN number_new SET NOT NULL;

-- Drop constraint items_number_copy_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_number_copy_check;

-- Drop trigger zz_items_number_copy on items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP TRIGGER zz_items_number_copy ON items;

-- Drop the function of trigger zz_items_number_copy.
DROP FUNCTION zz_items_number_copy();

-- Drop column items.number; number_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP COLUMN number;

-- Drop index items_size_idx of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP INDEX items_size_idx;

-- Set NOT NULL on items.id_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN id_new SET NOT NULL;

-- Drop constraint items_id_copy_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_id_copy_check;

-- Drop trigger zz_items_id_copy on items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP TRIGGER zz_items_id_copy ON items;

-- Drop the function of trigger zz_items_id_copy.
DROP FUNCTION zz_items_id_copy();

-- Drop column items.id; id_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP COLUMN id;

-- Drop constraint items_size_copy_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_size_copy_check;

-- Drop trigger zz_items_size_copy on items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP TRIGGER zz_items_size_copy ON items;

-- Drop the function of trigger zz_items_size_copy.
DROP FUNCTION zz_items_size_copy();

-- Drop column items.size; size_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP COLUMN size;

-- Drop constraint items_owner_id_fkey of table items.
-- Locks: ACCESS EXCLUSIVE on items, owners (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_owner_id_fkey;

-- Drop constraint items_owner_id_copy_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_owner_id_copy_check;

-- Drop trigger zz_items_owner_id_copy on items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
DROP TRIGGER zz_items_owner_id_copy ON items;

-- Drop the function of trigger zz_items_owner_id_copy.
DROP FUNCTION zz_items_owner_id_copy();

-- Drop column items.owner_id; owner_id_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP COLUMN owner_id;

-- Drop constraint owners_pkey of table owners.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners DROP CONSTRAINT owners_pkey;

-- Set NOT NULL on owners.id_new.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ALTER COLUMN id_new SET NOT NULL;

-- Make column owners.id_new an identity column.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ALTER COLUMN id_new ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME owners_id_new_seq);

-- Start identity owners.id_new at the value of sequence owners_id_seq.
SELECT setval(pg_get_serial_sequence('owners', 'id_new'), last_value, is_called) FROM owners_id_seq;

-- Drop constraint owners_id_copy_check of table owners.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners DROP CONSTRAINT owners_id_copy_check;

-- Drop trigger zz_owners_id_copy on owners.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
DROP TRIGGER zz_owners_id_copy ON owners;

-- Drop the function of trigger zz_owners_id_copy.
DROP FUNCTION zz_owners_id_copy();

-- Drop column owners.id; id_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners DROP COLUMN id;

-- Rename column items.id_new to id.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items RENAME COLUMN id_new TO id;

-- Rename column items.owner_id_new to owner_id.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items RENAME COLUMN owner_id_new TO owner_id;

-- Rename column items.number_new to number.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items RENAME COLUMN number_new TO number;

-- Set the default of column items.number; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN number SET DEFAULT nextval('items_number_seq'::regclass);

-- Set comment on column items.number.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
COMMENT ON COLUMN items.number IS 'counted';

-- Set owner of sequence items_number_seq to items.number.
-- Locks: SHARE ROW EXCLUSIVE on sequence items_number_seq (writes wait, reads continue), briefly.
ALTER SEQUENCE items_number_seq OWNED BY items.number;

-- Rename column items.size_new to size.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items RENAME COLUMN size_new TO size;

-- Set the default of column items.size; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN size SET DEFAULT 7;

-- Rename column items.e_new to e.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items RENAME COLUMN e_new TO e;

-- Add constraint items_pkey to table items with index items_pkey_new.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_pkey PRIMARY KEY USING INDEX items_pkey_new;

-- Add constraint items_size_check to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_size_check CHECK (size > 0) NOT VALID;

-- Rename index items_e_idx_new to items_e_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index items_e_idx_new (reads and writes continue), briefly.
ALTER INDEX items_e_idx_new RENAME TO items_e_idx;

-- Rename index items_size_idx_new to items_size_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index items_size_idx_new (reads and writes continue), briefly.
ALTER INDEX items_size_idx_new RENAME TO items_size_idx;

-- Rename column owners.id_new to id.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners RENAME COLUMN id_new TO id;

-- Rename sequence owners_id_new_seq to owners_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence owners_id_new_seq (reads and writes wait), briefly.
ALTER SEQUENCE owners_id_new_seq RENAME TO owners_id_seq;

-- Add constraint owners_pkey to table owners with index owners_pkey_new.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ADD CONSTRAINT owners_pkey PRIMARY KEY USING INDEX owners_pkey_new;

-- Add constraint items_owner_id_fkey to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on items, owners (writes wait, reads continue), briefly.
ALTER TABLE items ADD CONSTRAINT items_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owners (id) NOT VALID;

-- Create view sizes.
CREATE VIEW sizes AS
SELECT id,
    size
   FROM items;

-- Restore owner and privileges of column items.id, column items.owner_id, column items.number, column items.size, column items.e, column owners.id, sequence owners_id_seq and view sizes.
DO $aludel$
DECLARE
    noted record;
    role text;
    privilege record;
BEGIN
    IF coalesce(current_setting('aludel.noted', true), '') = '' THEN
        RAISE EXCEPTION 'the saved owners and privileges are lost: the session that saved them has ended'
            USING HINT = 'Grant them by hand, and remove this statement from the file.';
    END IF;
    FOR noted IN
        SELECT * FROM jsonb_to_recordset(current_setting('aludel.noted')::jsonb)
            AS noted (object text, altered text, owner text, attribute text, privileges text[])
        WHERE object IN ('TABLE items', 'TABLE owners', 'SEQUENCE owners_id_seq', 'TABLE sizes')
    LOOP
        IF noted.owner IS NOT NULL THEN
            EXECUTE format('ALTER %s OWNER TO %s', noted.altered, noted.owner);
            FOR role IN
                SELECT noted.owner UNION SELECT 'PUBLIC'
                UNION SELECT grantee::regrole::text
                FROM pg_default_acl, aclexplode(defaclacl) WHERE grantee <> 0
            LOOP
                CONTINUE WHEN noted.privileges IS NULL;
                EXECUTE format('REVOKE ALL ON %s FROM %s', noted.object, role);
            END LOOP;
        END IF;
        FOR privilege IN
            SELECT privilege_type || coalesce(' (' || noted.attribute || ')', '') AS granted,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee,
                CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option
            FROM unnest(noted.privileges) AS item, aclexplode(ARRAY[item::aclitem])
        LOOP
            EXECUTE format('GRANT %s ON %s TO %s%s', privilege.granted, noted.object,
                privilege.grantee, privilege.option);
        END LOOP;
    END LOOP;
END
$aludel$;

COMMIT;

BEGIN;

-- Validate constraint items_size_check of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE items VALIDATE CONSTRAINT items_size_check;

COMMIT;

-- Create index items_large_idx on table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY items_large_idx ON items USING btree (number) WHERE size > 100;

BEGIN;

-- Validate constraint items_owner_id_fkey of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in owners.
ALTER TABLE items VALIDATE CONSTRAINT items_owner_id_fkey;

COMMIT;
