-- Revision: d
-- Revises: c
-- Message: half way

CREATE TABLE kept (i int);
VACUUM notes;
SELECT boom;
