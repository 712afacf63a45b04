-- Revision: x
-- Message: one

CREATE TABLE one (i int);
