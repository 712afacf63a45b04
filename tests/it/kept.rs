//! What PostgreSQL keeps beside the plain form of an object, through `pull` and back: from one database
//! into schema.toml, from that into another database, and once more into schema.toml.

use super::project::Project;
use super::support::{TestDatabase, block_on};

/// Whether the server is of this major version at least.
fn is_since(database: &TestDatabase, version: i32) -> bool {
    let found: String = block_on(async {
        let client = database.connect().await;
        client.query_one("SHOW server_version_num", &[]).await.unwrap().get(0)
    });
    found.parse::<i32>().unwrap() / 10_000 >= version
}

/// Pulls what a script makes, creates it again, and pulls that: the two must be the same and say each of
/// `words`.
#[track_caller]
fn check(since: i32, sql: &str, words: &[&str]) {
    let (first, second) = (TestDatabase::create("kept"), TestDatabase::create("kept_again"));
    if !is_since(&first, since) {
        return;
    }
    first.execute(sql);
    let project = Project::new("");
    project.ends(0, &["pull", &first.url(), "--output", "first.toml"]);
    let text = project.read("first.toml");
    for word in words {
        assert!(text.contains(word), "{word} is lost:\n{text}");
    }
    project.ends(0, &["diff", &first.url(), "first.toml", "--exit-code"]);
    let script = project.ends(0, &["diff", &second.url(), "first.toml"]).stdout;
    second.execute(&script);
    project.ends(0, &["pull", &second.url(), "--output", "second.toml"]);
    assert_eq!(project.read("second.toml"), text, "{script}");
}

#[test]
fn not_null_constraints() {
    let sql = "
        CREATE TABLE t (a int CONSTRAINT a_there NOT NULL, b int NOT NULL,
                        c int CONSTRAINT c_there NOT NULL NO INHERIT, d int, e int);
        ALTER TABLE t ADD CONSTRAINT d_there NOT NULL d NOT VALID;
        COMMENT ON CONSTRAINT a_there ON t IS 'named';
        COMMENT ON CONSTRAINT t_b_not_null ON t IS 'not named';
        CREATE TABLE child (CONSTRAINT e_there NOT NULL e) INHERITS (t);
        CREATE TABLE p (a int CONSTRAINT pa NOT NULL, b int NOT NULL) PARTITION BY LIST (a);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        CREATE TABLE p2 (a int CONSTRAINT own NOT NULL, b int NOT NULL);
        ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);";
    let words = ["a_there", "no_inherit", "not_valid", "named", "not named", "e_there", "own"];
    check(18, sql, &words);
}

#[test]
fn not_null_constraints_of_domains() {
    let sql = "
        CREATE DOMAIN d AS int CONSTRAINT there NOT NULL;
        COMMENT ON CONSTRAINT there ON DOMAIN d IS 'why';";
    check(17, sql, &["there", "why"]);
}

#[test]
fn names_of_parts_of_indexes() {
    let sql = "
        CREATE TABLE measurements_of_all_sensors_in_the_whole_building
            (at date, temperature_in_the_first_room int, temperature_in_the_second_room int)
            PARTITION BY RANGE (at);
        CREATE TABLE measurements_of_all_sensors_in_the_whole_building_2024
            PARTITION OF measurements_of_all_sensors_in_the_whole_building
            FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE measurements_of_all_sensors_in_the_whole_building_2025
            PARTITION OF measurements_of_all_sensors_in_the_whole_building
            FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE INDEX z ON measurements_of_all_sensors_in_the_whole_building
            (temperature_in_the_first_room);
        CREATE INDEX a ON measurements_of_all_sensors_in_the_whole_building
            (temperature_in_the_second_room);
        CREATE TABLE p (id int, a int) PARTITION BY LIST (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2) PARTITION BY LIST (id);
        CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
        CREATE INDEX p_z ON p (a);
        CREATE INDEX p_y ON p (a) WHERE a > 1;
        ALTER INDEX p11_a_idx RENAME TO eleven;
        ALTER INDEX p1_a_idx RENAME TO aside;
        ALTER INDEX p1_a_idx1 RENAME TO p1_a_idx;
        ALTER INDEX aside RENAME TO p1_a_idx1;";
    check(13, sql, &["eleven"]);
}

#[test]
fn triggers_of_partitions() {
    let sql = "
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE p (id int) PARTITION BY LIST (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2) PARTITION BY LIST (id);
        CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
        CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE p1 DISABLE TRIGGER t;
        ALTER TABLE p11 ENABLE ALWAYS TRIGGER t;";
    check(15, sql, &["inherited_triggers = { t = \"disabled\" }", "\"always\""]);
}

#[test]
fn comments_on_the_indexes_behind_keys() {
    let sql = "
        CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int, EXCLUDE USING btree (b WITH =));
        COMMENT ON INDEX t_pkey IS 'of the primary key';
        COMMENT ON INDEX t_a_key IS 'of the unique key';
        COMMENT ON INDEX t_b_excl IS 'of the exclusion';
        COMMENT ON CONSTRAINT t_pkey ON t IS 'the key itself';";
    let words = ["of the primary key", "of the unique key", "of the exclusion", "the key itself"];
    check(13, sql, &words);
}

#[test]
fn indexes_that_count_nulls_and_those_of_access_methods_that_a_database_has_made() {
    check(
        15,
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a) NULLS NOT DISTINCT;",
        &["nulls_not_distinct"],
    );
    let sql = "
        CREATE ACCESS METHOD vchordrq TYPE INDEX HANDLER hashhandler;
        CREATE OPERATOR CLASS vector_l2_ops FOR TYPE int USING vchordrq
            AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
        CREATE OPERATOR CLASS plain_ops DEFAULT FOR TYPE bigint USING vchordrq
            AS OPERATOR 1 =, FUNCTION 1 hashint8(bigint);
        CREATE TABLE t (a int, b bigint);
        CREATE INDEX i ON t USING vchordrq (a vector_l2_ops) WITH (fillfactor = 50);
        CREATE INDEX j ON t USING vchordrq (b);";
    check(13, sql, &["method = \"vchordrq\"", "vector_l2_ops", "fillfactor = 50"]);
}

#[test]
fn sequences_of_columns_that_come_from_elsewhere() {
    let sql = "
        CREATE TABLE p (id int, a int) PARTITION BY LIST (id);
        CREATE TABLE west PARTITION OF p FOR VALUES IN (1);
        CREATE SEQUENCE a_number OWNED BY west.a;
        CREATE TYPE pair AS (a int, b int);
        CREATE TABLE pairs OF pair;
        CREATE SEQUENCE b_number OWNED BY pairs.b;";
    check(13, sql, &["west.a", "pairs.b"]);
}

#[test]
fn routines_over_types_that_are_printed_without_their_length() {
    let sql = "
        CREATE FUNCTION f(a bit, b bit[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION f(a bit varying, b bpchar) RETURNS int LANGUAGE sql AS 'SELECT 2';
        CREATE FUNCTION f(a interval hour, b \"char\") RETURNS int LANGUAGE sql AS 'SELECT 3';
        COMMENT ON FUNCTION f(bit, bit[]) IS 'of bits';";
    check(13, sql, &["\"f(bit, bit[])\"", "of bits", "f(bit varying, character)"]);
}
