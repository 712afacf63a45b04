INSERT INTO t VALUES ('bad', '{good}');
