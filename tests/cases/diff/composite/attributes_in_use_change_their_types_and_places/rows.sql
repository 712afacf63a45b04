INSERT INTO boxes VALUES (1, ROW(2, 'cm'), ARRAY[ROW(3, 'mm')::size, NULL]), (2, ROW(NULL, 'm'), NULL);
