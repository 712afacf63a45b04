-- Revision: y
-- Revises: x
-- Message: two

CREATE TABLE two (i int);
