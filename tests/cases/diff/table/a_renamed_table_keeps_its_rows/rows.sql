INSERT INTO people (name) VALUES ('Ada'); INSERT INTO people (name, boss) VALUES ('Bob', 1);
