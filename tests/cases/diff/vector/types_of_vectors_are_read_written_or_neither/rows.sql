INSERT INTO t1 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t2 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t3 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t4 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t5 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t6 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t7 SELECT i, ARRAY[i, 1, 2] FROM generate_series(1, 20) i;
INSERT INTO t8 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
INSERT INTO t9 SELECT i, format('[%s,1,2]', i)::vector FROM generate_series(1, 20) i;
