INSERT INTO events_2024 VALUES ('2024-02-02', 7, 'gone');
