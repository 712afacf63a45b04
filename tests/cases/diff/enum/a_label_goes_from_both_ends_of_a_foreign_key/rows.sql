INSERT INTO moods VALUES ('sad');
INSERT INTO days VALUES ('sad');
