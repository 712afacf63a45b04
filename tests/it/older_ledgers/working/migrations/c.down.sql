DROP INDEX CONCURRENTLY notes_author_idx;
