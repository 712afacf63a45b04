CREATE TABLE t (a int, b text, c text COLLATE "C", d varchar(10), e int[], f jsonb, g date);
CREATE INDEX plain ON t (a, b);
CREATE INDEX sorted ON t (a DESC, b NULLS FIRST, c DESC NULLS LAST);
CREATE INDEX pattern ON t (b text_pattern_ops, d varchar_pattern_ops, d);
CREATE INDEX collated ON t (b COLLATE "C", c COLLATE "C", c COLLATE "default");
CREATE INDEX computed ON t (lower(b), a, (a + 1) DESC, (f ->> 'x') text_pattern_ops,
    (b || ' (') COLLATE "C");
CREATE INDEX arrays ON t USING gin (e, f jsonb_path_ops);
CREATE INDEX hashed ON t USING hash (lower(b));
CREATE INDEX ranges ON t USING brin (g date_minmax_multi_ops (values_per_range = 16))
    WITH (pages_per_range = 64);
CREATE INDEX tree ON t USING gist (to_tsvector('simple', b) tsvector_ops (siglen = 100));
CREATE INDEX words ON t USING gin (to_tsvector('simple', b));
