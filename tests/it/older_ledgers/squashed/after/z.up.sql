-- Revision: z
-- Revises: y
-- Message: three

CREATE TABLE three (i int);
