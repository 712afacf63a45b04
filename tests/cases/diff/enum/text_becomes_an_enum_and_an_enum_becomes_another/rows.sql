INSERT INTO t VALUES ('b', 'a', '{a,b}');
