-- Rename label 'glad' of enum mood to 'ok_between', in existing rows, too.
ALTER TYPE mood RENAME VALUE 'glad' TO 'ok_between';

-- Rename label 'sad' of enum mood to 'glad', in existing rows, too.
ALTER TYPE mood RENAME VALUE 'sad' TO 'glad';

-- Rename label 'ok' of enum mood to 'sad', in existing rows, too.
ALTER TYPE mood RENAME VALUE 'ok' TO 'sad';

-- Rename label 'ok_between' of enum mood to 'ok', in existing rows, too.
ALTER TYPE mood RENAME VALUE 'ok_between' TO 'ok';
