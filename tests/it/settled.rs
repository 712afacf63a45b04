//! Texts that PostgreSQL prints differently from how it read them: whatever is declared, the same is
//! found again, on the test server, on the embedded engine, and between the two.

use aludel::diagnostic::SourceFile;
use aludel::diff::diff;
use aludel::model::Schema;
use aludel::model::provided::Provided;
use aludel::schema_toml;

use crate::expressions::declaration;
use crate::playground::Playground;
use crate::project::Project;
use crate::properties::{cases, check};
use crate::support::TestDatabase;

/// What a schema.toml declares.
fn declared(text: &str) -> Result<Schema, String> {
    let files = [SourceFile::new("schema.toml", text)];
    let declaration = schema_toml::parse(&files);
    declaration.map(|it| it.schema).map_err(|it| format!("{it:#?}\nin\n{text}"))
}

fn expect_same(found: &Schema, wanted: &Schema, what: &str) -> Result<(), String> {
    let left = diff(found, wanted);
    if left.is_empty() { Ok(()) } else { Err(format!("{what}: {left:#?}")) }
}

/// Declared, created, pulled, and declared again; then created on another server and looked at from
/// this one.
async fn stays(here: &mut Playground, there: &mut Playground, text: &str) -> Result<(), String> {
    let wanted = declared(text)?;
    // What PostgreSQL does not take at all (collations that do not agree) is no case.
    let Ok(once) = there.create(&wanted).await else { return Ok(()) };
    let fixed = here.settled(&wanted).await?;

    let again = here.create(&fixed.schema).await?;
    expect_same(&again.schema, &fixed.schema, "what stays is printed otherwise")?;
    let pulled = declared(&schema_toml::write(&fixed.schema, &Provided::default()))?;
    let pulled = here.settled(&pulled).await?;
    expect_same(&pulled.schema, &fixed.schema, "what is pulled is something else")?;

    let pulled = declared(&schema_toml::write(&once.schema, &Provided::default()))?;
    for (schema, what) in [
        (&once.schema, "what another server printed once"),
        (&pulled, "what was pulled from another server"),
        (&there.create(&fixed.schema).await?.schema, "what was created on another server"),
    ] {
        let seen = here.settled(schema).await?;
        expect_same(&seen.schema, &fixed.schema, what)?;
    }
    Ok(())
}

/// Each text of a pair.
async fn both_stay(
    (here, there): &mut (Playground, Playground),
    one: &String,
    other: &String,
) -> Result<(), String> {
    for text in [one, other] {
        stays(here, there, text).await.map_err(|it| format!("{it}\nof\n{text}"))?;
    }
    Ok(())
}

#[test]
fn what_is_declared_is_found_again_on_the_server() {
    let pairs = (declaration(), declaration());
    let open = async || (Playground::on_server().await, Playground::on_server().await);
    check(cases() / 8, pairs, open, both_stay);
}

#[cfg(feature = "embedded")]
#[test]
fn what_is_declared_is_found_again_between_the_embedded_engine_and_the_server() {
    let pairs = (declaration(), declaration());
    let open = async || (Playground::embedded().await, Playground::on_server().await);
    // The embedded engine takes its time.
    check(cases() / 20, pairs, open, both_stay);
}

/// Texts that stay only when they were printed a second time, wherever they can stand.
const PRINTED_TWICE: &str = r#"
[domains.code]
type = "varchar(10)"
default = "'a' || 'b'"
checks = { code_ok = "VALUE IN ('a', 'b')" }

[tables.t]
primary_key = ["id"]

[tables.t.columns]
id = "bigint"
v = "varchar(20)"
n = { type = "int", default = "CASE WHEN 1 BETWEEN 0 AND 2 AND true THEN 1 ELSE 2 END" }
b = "bool"
g = { type = "bool?", generated = "v IN ('x', 'y') AND n BETWEEN 1 AND 5 AND b" }

[tables.t.checks]
t_v = "v IN ('a', 'b')"
t_n = "n BETWEEN 1 AND 5 AND b"

[tables.t.indexes.t_i]
columns = [{ expression = "v IN ('a', 'b')" }]
where = "v IN ('p', 'q') AND n BETWEEN 3 AND 4 AND b"

[tables.t.exclusions]
t_e = "EXCLUDE USING btree (id WITH =) WHERE (v IN ('a', 'b'))"

[tables.t.policies]
own = "CREATE POLICY own ON t USING (v IN ('a', 'b')) WITH CHECK (n BETWEEN 1 AND 5 AND b)"

[tables.t.triggers]
touch = "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW WHEN (new.v IN ('a', 'b')) EXECUTE FUNCTION touch()"

[tables.t.rules]
no_c = "CREATE RULE no_c AS ON INSERT TO t WHERE new.v IN ('c', 'd') DO INSTEAD NOTHING"

[tables.parts]
partition_by = "list ((v IN ('a', 'b')))"
columns = { v = "varchar(20)" }

[tables.parts_true]
partition_of = "parts"
values = "IN (true)"

[views]
w = "CREATE VIEW w AS SELECT id FROM t WHERE v IN ('a', 'b') AND n BETWEEN 1 AND 5 AND b"

[materialized_views]
m = "CREATE MATERIALIZED VIEW m AS SELECT id FROM t WHERE v IN ('a', 'b') AND n BETWEEN 1 AND 5 AND b"

[statistics]
many = "CREATE STATISTICS many ON (v IN ('a', 'b')), n FROM t"

[functions]
"touch()" = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
"among(varchar, int)" = "CREATE FUNCTION among(v varchar, n int DEFAULT CASE WHEN 'a'::varchar IN ('a', 'b') THEN 1 END) RETURNS bool BEGIN ATOMIC SELECT v IN ('a', 'b') AND n BETWEEN 1 AND 5 AND v IS NOT NULL; END"

[publications]
few = "CREATE PUBLICATION few FOR TABLE t WHERE (id BETWEEN 1 AND 5 AND id <> 3)"
"#;

/// The whole way of a user: a revision is written, proved, applied and compared with everything.
#[test]
fn what_is_printed_twice_is_no_difference_to_any_command() {
    let project = Project::new(PRINTED_TWICE);
    project.ends(0, &["revision", "--autogenerate", "-m", "first"]);
    project.ends(0, &["check"]);
    let database = TestDatabase::create("printed_twice");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]);

    // By hand, as it was written: what the server has then is not yet what it would print again.
    let by_hand = TestDatabase::create("printed_by_hand");
    by_hand.execute(BY_HAND);
    project.write("by_hand.sql", BY_HAND);
    project.ends(0, &["pull", &by_hand.url(), "-o", "pulled.toml"]);
    let (url, same) = (by_hand.url(), "--exit-code");
    for arguments in [
        vec!["diff", &url, "pulled.toml", same],
        vec!["diff", "pulled.toml", &url, same],
        vec!["diff", &url, "pulled.toml", same, "--dev-url", &url],
        vec!["diff", "by_hand.sql", "pulled.toml", same],
        vec!["diff", "by_hand.sql", &url, same],
    ] {
        assert_eq!(project.ends(0, &arguments).stdout, "");
    }
    let copy = TestDatabase::create("printed_copy");
    copy.execute(&project.ends(0, &["diff", "empty", "pulled.toml"]).stdout);
    assert_eq!(project.ends(0, &["diff", &url, &copy.url(), same]).stdout, "");

    // A true change is found.
    project.write("changed.sql", &BY_HAND.replace("'b')", "'c')"));
    let changed = project.ends(1, &["diff", &url, "changed.sql", same]).stdout;
    assert!(changed.contains("u_v_check"), "{changed}");
    assert!(!changed.contains("u_n_check"), "{changed}");
}

const BY_HAND: &str = "
CREATE TABLE u (v varchar(20) CHECK (v IN ('a', 'b')), n int, b bool,
    CONSTRAINT u_n_check CHECK (n BETWEEN 1 AND 5 AND b));
CREATE VIEW x AS SELECT v FROM u WHERE n BETWEEN 1 AND 5 AND b;
";

/// A revision written by hand is compared by what it builds, and reverted to what was there.
#[test]
fn a_revision_by_hand_goes_up_and_down() {
    let project = Project::new(
        "[tables.u.columns]\nv = \"varchar(20)?\"\nn = \"int?\"\nb = \"bool?\"\n\
         [tables.u.checks]\nu_v_check = \"v IN ('a', 'b')\"\n\
         u_n_check = \"n BETWEEN 1 AND 5 AND b\"\n\
         [views]\nx = \"CREATE VIEW x AS SELECT v FROM u WHERE n BETWEEN 1 AND 5 AND b\"\n",
    );
    project.revision("aaaa", "", BY_HAND, Some("DROP VIEW x; DROP TABLE u;"));
    let down = "ALTER TABLE u DROP CONSTRAINT u_v_check;
        ALTER TABLE u ADD CONSTRAINT u_v_check CHECK (v IN ('a', 'b'));
        ALTER TABLE u DROP COLUMN extra;";
    project.revision("bbbb", "aaaa", "ALTER TABLE u ADD extra int;", Some(down));
    let text =
        project.read("schema.toml").replace("b = \"bool?\"", "b = \"bool?\"\nextra = \"int?\"");
    project.write("schema.toml", &text);
    project.ends(0, &["check"]);
    project.write("schema.toml", &text.replace("('a', 'b')", "('a', 'b', 'c')"));
    let told = project.ends(0, &["revision", "--autogenerate", "-m", "another"]);
    assert!(told.stdout.contains("u_v_check") && !told.stdout.contains("u_n_check"), "{told}");
    project.ends(0, &["check"]);
}
