INSERT INTO owners SELECT FROM generate_series(1, 3);
INSERT INTO items (id, owner_id, size, e) VALUES (1, 1, 5, '[1,2,3]'), (2, NULL, NULL, NULL), (3, 3, 700, '[4,5,6]');
