CREATE SCHEMA other;
CREATE TABLE other.target (a int, b int, c int UNIQUE, PRIMARY KEY (b, a));
CREATE UNIQUE INDEX target_a ON other.target (a);
CREATE TABLE t (
    id int PRIMARY KEY,
    parent int REFERENCES t ON DELETE CASCADE,
    x int REFERENCES other.target (a) ON UPDATE SET DEFAULT ON DELETE RESTRICT DEFERRABLE,
    y int REFERENCES other.target (c) INITIALLY DEFERRED,
    z int,
    CONSTRAINT pair FOREIGN KEY (x, z) REFERENCES other.target (a, b) MATCH FULL,
    CONSTRAINT partly FOREIGN KEY (y, z) REFERENCES other.target ON DELETE SET NULL (z)
);
ALTER TABLE t ADD CONSTRAINT later FOREIGN KEY (z) REFERENCES t NOT VALID;
