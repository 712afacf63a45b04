INSERT INTO people (name) VALUES ('Ada'), ('Bob'); DELETE FROM people WHERE name = 'Bob'; INSERT INTO cats (claws) VALUES (18); INSERT INTO dogs (bark) VALUES ('wuff'), ('wow');
