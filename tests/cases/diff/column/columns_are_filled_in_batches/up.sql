BEGIN;

-- Create sequence items_serial_seq.
CREATE SEQUENCE items_serial_seq;

-- Add column items.token.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN token uuid;

-- Set the default of column items.token; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN token SET DEFAULT gen_random_uuid();

-- Set comment on column items.token.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), briefly.
COMMENT ON COLUMN items.token IS 'told to nobody';

-- Add column items.chance.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN chance double precision;

-- Set the default of column items.chance; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN chance SET DEFAULT random();

-- Add column items.serial.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN serial bigint;

-- Set the default of column items.serial; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN serial SET DEFAULT nextval('items_serial_seq'::regclass);

-- Set owner of sequence items_serial_seq to items.serial.
ALTER SEQUENCE items_serial_seq OWNED BY items.serial;

-- Create sequence items_number_fill.
CREATE SEQUENCE items_number_fill AS integer;

-- Grant USAGE on sequence items_number_fill to PUBLIC.
GRANT USAGE ON SEQUENCE items_number_fill TO PUBLIC;

-- Add column items.number.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN number integer;

-- Set the default of column items.number; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN number SET DEFAULT nextval('items_number_fill'::regclass);

-- Add column items.since.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD COLUMN since timestamp with time zone DEFAULT now() NOT NULL;

COMMIT;

-- Fill items.token in the rows where it is NULL, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- aludel: batches by id, part, 5000 rows
UPDATE items SET token = DEFAULT WHERE token IS NULL;

-- Fill items.chance in the rows where it is NULL, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- aludel: batches by id, part, 5000 rows
UPDATE items SET chance = DEFAULT WHERE chance IS NULL;

BEGIN;

-- Add constraint items_chance_check to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_chance_check CHECK (chance < (1)::double precision) NOT VALID;

COMMIT;

-- Fill items.serial in the rows where it is NULL, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- aludel: batches by id, part, 5000 rows
UPDATE items SET serial = DEFAULT WHERE serial IS NULL;

-- Fill items.number in the rows where it is NULL, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on items (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- aludel: batches by id, part, 5000 rows
UPDATE items SET number = DEFAULT WHERE number IS NULL;

BEGIN;

-- Add constraint items_token_not_null_check to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_token_not_null_check CHECK (token IS NOT NULL) NOT VALID;

-- Add constraint items_serial_not_null_check to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_serial_not_null_check CHECK (serial IS NOT NULL) NOT VALID;

-- Add constraint items_number_not_null_check to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_number_not_null_check CHECK (number IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint items_token_not_null_check of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE items VALIDATE CONSTRAINT items_token_not_null_check;

COMMIT;

BEGIN;

-- Validate constraint items_serial_not_null_check of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE items VALIDATE CONSTRAINT items_serial_not_null_check;

COMMIT;

BEGIN;

-- Validate constraint items_number_not_null_check of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE items VALIDATE CONSTRAINT items_number_not_null_check;

COMMIT;

BEGIN;

-- Validate constraint items_chance_check of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE items VALIDATE CONSTRAINT items_chance_check;

COMMIT;

BEGIN;

-- Set NOT NULL on items.token.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN token SET NOT NULL;

-- Drop constraint items_token_not_null_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_token_not_null_check;

COMMIT;

-- Create unique index items_token_key on table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY items_token_key ON items USING btree (token);

BEGIN;

-- Set NOT NULL on items.serial.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN serial SET NOT NULL;

-- Drop constraint items_serial_not_null_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_serial_not_null_check;

-- Set NOT NULL on items.number.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN number SET NOT NULL;

-- Drop constraint items_number_not_null_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_number_not_null_check;

-- Drop the default of column items.number.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN number DROP DEFAULT;

-- Make column items.number an identity column.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;

-- Start identity items.number at the value of sequence items_number_fill.
SELECT setval(pg_get_serial_sequence('items', 'number'), last_value, is_called) FROM items_number_fill;

-- Drop sequence items_number_fill.
DROP SEQUENCE items_number_fill;

-- Add constraint items_token_key to table items with index items_token_key.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items ADD CONSTRAINT items_token_key UNIQUE USING INDEX items_token_key;

COMMIT;
