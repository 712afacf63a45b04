INSERT INTO notes SELECT generate_series(1, 20);
