INSERT INTO birds (name, wings) VALUES ('owl', 2);
