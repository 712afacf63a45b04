INSERT INTO t VALUES ('a', NULL, 1, '{}');
