INSERT INTO birds VALUES ('owl', 2);
