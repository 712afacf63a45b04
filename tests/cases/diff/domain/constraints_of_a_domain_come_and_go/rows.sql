INSERT INTO orders SELECT i + 10, i + 10, i + 20 FROM generate_series(1, 20) i;
