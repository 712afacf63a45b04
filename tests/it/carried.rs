//! What a revision drops and creates again keeps its owner and everything that is granted on it, as
//! the database has it that the revision is run on.

use super::offline::psql;
use super::project::Project;
use super::roles::Platform;
use super::support::{block_on, scalar, server_url};

/// A database of which no file knows who may do what.
const RIGHTS: &str = r#"
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE DOMAIN short AS varchar(10);
    CREATE TABLE t (id bigint PRIMARY KEY, a integer, "it's" mood,
                    twice integer GENERATED ALWAYS AS (a * 2) STORED, note short);
    CREATE VIEW v AS SELECT id, a, "it's" FROM t;
    CREATE VIEW closed AS SELECT a FROM t;
    CREATE MATERIALIZED VIEW kept AS SELECT a, count(*) AS n FROM t GROUP BY a;
    CREATE FUNCTION f(it mood, VARIADIC rest mood[]) RETURNS mood
        LANGUAGE sql IMMUTABLE AS 'SELECT it';
    CREATE FUNCTION open(it mood) RETURNS mood LANGUAGE sql AS 'SELECT it';
    CREATE FUNCTION add(mood, mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';
    CREATE PROCEDURE p(it mood) LANGUAGE sql AS 'SELECT 1';
    CREATE AGGREGATE total(mood) (SFUNC = add, STYPE = mood);

    GRANT SELECT ON v TO @ro;
    GRANT INSERT, UPDATE (a, "it's") ON v TO @rw WITH GRANT OPTION;
    GRANT SELECT ON kept TO PUBLIC;
    ALTER TABLE kept OWNER TO @dba;
    REVOKE ALL ON closed FROM CURRENT_USER;
    GRANT SELECT (twice) ON t TO @ro;
    REVOKE EXECUTE ON FUNCTION f FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION f TO @ro;
    ALTER FUNCTION f OWNER TO @dba;
    REVOKE EXECUTE ON PROCEDURE p FROM PUBLIC;
    REVOKE EXECUTE ON FUNCTION total(mood) FROM PUBLIC;
    REVOKE USAGE ON TYPE mood FROM PUBLIC;
    GRANT USAGE ON TYPE mood TO @rw;
    ALTER TYPE mood OWNER TO @dba;
    GRANT CREATE ON SCHEMA public TO @dba;

    -- What is created from now on is open to those who had nothing on what is there.
    ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO @rw;
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
"#;

fn database() -> Platform {
    Platform::new("carried", &["ro", "rw", "dba"], RIGHTS)
}

/// Owners and access control lists, with each grantee's privileges in an order of their own.
fn privileges(platform: &Platform) -> Vec<String> {
    let sql = "
        SELECT concat_ws(' ', what, owner::regrole, list.*::text) FROM (
            SELECT oid::regclass::text, relowner, coalesce(relacl, acldefault('r', relowner))
            FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
            UNION ALL
            SELECT attrelid::regclass || '.' || attname, NULL, attacl FROM pg_attribute
            WHERE attacl IS NOT NULL AND NOT attisdropped AND attrelid >= 16384
            UNION ALL
            SELECT oid::regprocedure::text, proowner, coalesce(proacl, acldefault('f', proowner))
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT oid::regtype::text, typowner, coalesce(typacl, acldefault('T', typowner))
            FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
        ) AS it (what, owner, acl)
        LEFT JOIN LATERAL (
            SELECT grantee, privilege_type, is_grantable FROM aclexplode(acl) ORDER BY 1, 2
        ) AS list ON true
        ORDER BY 1";
    block_on(async {
        let rows = platform.database().connect().await.query(sql, &[]).await.unwrap();
        rows.iter().map(|it| it.get(0)).collect()
    })
}

/// A project that has adopted the database.
fn adopted(platform: &Platform) -> Project {
    let project = platform.project("");
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    project.write("aludel.toml", &format!("[dev]\nurl = \"{}\"\n", server_url()));
    let url = platform.database().url();
    project.ends(0, &["adopt", "--url", &url, "--rev-id", "first"]);
    project
}

/// Writes the second revision of a project for what it declares now.
fn revise(project: &Project, declared: &str) {
    project.write("schema.toml", declared);
    project.ends(0, &["revision", "--autogenerate", "-m", "change", "--rev-id", "second"]);
}

/// A project that has adopted the database and changes what everything stands on.
fn project(platform: &Platform) -> Project {
    let project = adopted(platform);
    let declared = project.read("schema.toml");
    let changes = [
        ("a      = \"integer?\"", "a = \"bigint?\""),
        ("\"happy\"", "\"glad\""),
        ("varying(10)", "varying(12)"),
        ("\"a * 2\"", "\"a * 3\""),
    ];
    let change = |declared: String, (old, new): &(&str, &str)| {
        assert!(declared.contains(old), "{old} in\n{declared}");
        declared.replace(old, new)
    };
    revise(&project, &changes.iter().fold(declared, change));
    project
}

#[test]
fn what_is_created_again_keeps_its_rights() {
    let platform = database();
    let url = platform.database().url();
    let before = privileges(&platform);
    assert!(before.iter().any(|it| it.starts_with("v.it's")), "{before:#?}");
    let project = project(&platform);
    project.ends(0, &["upgrade", "--url", &url]);
    assert_eq!(privileges(&platform), before);
    project.ends(0, &["check", "--url", &url]);
    project.ends(0, &["downgrade", "first", "--url", &url]);
    assert_eq!(privileges(&platform), before);
}

#[test]
fn so_it_is_with_psql() {
    let platform = database();
    let url = platform.database().url();
    let before = privileges(&platform);
    let project = project(&platform);
    let script = project.ends(0, &["upgrade", "--sql", "--url", &url]).stdout;
    assert_eq!(psql(platform.database(), &script), (Some(0), String::new()));
    assert_eq!(privileges(&platform), before);
    // What one database has is nothing to another one.
    let other = Platform::new("carried_other", &["ro", "rw", "dba"], RIGHTS);
    other.execute(
        "REVOKE ALL ON v FROM @ro; GRANT SELECT ON closed TO @ro; ALTER VIEW v OWNER TO @dba",
    );
    let expected = privileges(&other);
    let files = std::fs::read_dir(project.path("migrations")).unwrap();
    let files = files.map(|it| it.unwrap().file_name().into_string().unwrap());
    let file = files.filter(|it| it.ends_with("_second_change.up.sql")).last().expect("a file");
    let changes = project.read(&format!("migrations/{file}"));
    assert_eq!(psql(other.database(), &changes), (Some(0), String::new()));
    assert_eq!(privileges(&other), expected);
}

#[test]
fn what_default_privileges_gave_is_no_difference() {
    let made = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO @ro;
                ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO @ro;
                ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
                CREATE TABLE t (id integer PRIMARY KEY);
                CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'";
    let platform = Platform::new("given", &["ro"], made);
    let url = platform.database().url();
    let project = platform.project("");
    let pulled = project.ends(0, &["pull", &url, "--grants"]).stdout;
    assert!(pulled.contains("\"insert\", \"select\""), "{pulled}");
    // What is granted on objects is left out; what is granted by default stays.
    let (objects, defaults) = pulled.split_once("[[default_privileges]]").expect("defaults");
    let objects: Vec<&str> = objects.lines().filter(|it| !it.starts_with("grants")).collect();
    let declared = format!("{}\n[[default_privileges]]{defaults}", objects.join("\n"));
    project.write("schema.toml", &declared);
    let compare =
        ["diff", &url, "schema.toml", "--grants", "--exit-code", "--dev-url", server_url()];
    project.ends(0, &compare);
    platform.execute("GRANT UPDATE ON t TO @ro");
    let said = project.ends(1, &compare).stdout;
    assert!(said.contains("REVOKE UPDATE ON TABLE t"), "{said}");
}

/// A new label has to be committed before the view that uses it is created: the view is gone for one
/// transaction, and what it had is known to the session.
#[test]
fn it_is_known_over_several_transactions() {
    let made = "CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE TABLE t (a integer, m mood);
                CREATE VIEW v AS SELECT a, m FROM t;
                GRANT SELECT ON v TO @ro; GRANT UPDATE (a) ON v TO @rw;";
    let roles = ["ro", "rw", "dba"];
    let platform = Platform::new("segments", &roles, made);
    let piped = Platform::new("segments_piped", &roles, made);
    let url = platform.database().url();
    let (before, expected) = (privileges(&platform), privileges(&piped));
    let project = adopted(&platform);
    let declared = project.read("schema.toml");
    let changed =
        declared.replace("\"integer?\"", "\"bigint?\"").replace("\"ok\"]", "\"ok\", \"glad\"]");
    let query = changed.replace("    m\n   FROM t", "    m,\n    m = 'glad' AS is_glad\n   FROM t");
    assert_ne!(query, changed, "{changed}");
    revise(&project, &query);
    let script = project.ends(0, &["upgrade", "--sql", "first:second"]).stdout;
    let at = |text: &str| script.find(text).unwrap_or_else(|| panic!("{text} in\n{script}"));
    assert!(at("DROP VIEW v") < at("ADD VALUE") && at("ADD VALUE") < at("CREATE VIEW v"));
    project.ends(0, &["upgrade", "--url", &url]);
    assert_eq!(privileges(&platform), before);
    let there = piped.database().url();
    project.ends(0, &["stamp", "first", "--url", &there]);
    let script = project.ends(0, &["upgrade", "--sql", "--url", &there]).stdout;
    assert_eq!(psql(piped.database(), &script), (Some(0), String::new()));
    assert_eq!(privileges(&piped), expected);
}

#[test]
fn a_column_alone_keeps_what_is_granted_on_it() {
    let made = "CREATE TABLE t (a integer, twice integer GENERATED ALWAYS AS (a * 2) STORED,
                                more integer GENERATED ALWAYS AS (a + 1) STORED);
                GRANT SELECT (twice), UPDATE (a) ON t TO @ro; GRANT INSERT (more) ON t TO @rw";
    let platform = Platform::new("columns", &["ro", "rw"], made);
    let url = platform.database().url();
    let before = privileges(&platform);
    let project = adopted(&platform);
    let declared = project.read("schema.toml").replace("a * 2", "a * 3").replace("a + 1", "a + 2");
    revise(&project, &declared);
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied second"]);
    assert_eq!(privileges(&platform), before);
}

/// The sequence of an identity column that changes its type by way of a second one is another one in the end.
#[test]
fn the_sequence_of_an_identity_keeps_its_privileges() {
    let made = "CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);
                GRANT USAGE ON SEQUENCE t_id_seq TO @rw; GRANT SELECT ON SEQUENCE t_id_seq TO @ro;";
    let platform = Platform::new("numbers", &["ro", "rw", "dba"], made);
    let url = platform.database().url();
    let list = "SELECT relacl::text FROM pg_class WHERE oid = 't_id_seq'::regclass";
    let before = scalar(platform.database(), list);
    assert!(before.contains("_rw=U/"), "{before}");
    let project = adopted(&platform);
    let declared = project.read("schema.toml");
    let changed =
        declared.replace("type = \"integer\"", "type = \"bigint\", on_change = \"expand\"");
    assert_ne!(changed, declared, "{declared}");
    revise(&project, &changed);
    project.ends(0, &["upgrade", "--url", &url]);
    assert_eq!(scalar(platform.database(), list), before);
    project.ends(0, &["downgrade", "first", "--url", &url]);
    assert_eq!(scalar(platform.database(), list), before);
}
