INSERT INTO people SELECT i, ROW('c' || i, i)::address FROM generate_series(1, 5) i;
