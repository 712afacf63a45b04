INSERT INTO accounts SELECT i, 'o' || i, i FROM generate_series(1, 20) i;
INSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 20) i;
