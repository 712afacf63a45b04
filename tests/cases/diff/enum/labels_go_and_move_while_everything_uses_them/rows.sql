INSERT INTO t (id) VALUES (1); INSERT INTO t (id, m) VALUES (2, 'bad'); INSERT INTO other VALUES (NULL), ('good');
