INSERT INTO t VALUES (1, 'one', 1.25, '2026-01-02 03:04:05.6Z', '{x,y}');
