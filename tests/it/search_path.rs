//! Names that people write without a schema: in the bodies of routines, and under the search path of
//! a project.

use super::project::Project;
use super::support::TestDatabase;

const MUSIC: &str = r#"
[tables."music.artist"]
primary_key = ["id"]
columns = { id = "bigint", name = "text" }

[functions]
"music.first_name()" = "CREATE FUNCTION music.first_name() RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM artist ORDER BY id LIMIT 1'"
"music.one(bigint)" = "CREATE FUNCTION music.one(which bigint) RETURNS text LANGUAGE plpgsql AS 'DECLARE it artist%ROWTYPE; BEGIN SELECT * INTO it FROM artist WHERE id = which; RETURN it.name; END'"
"#;

#[test]
fn bodies_may_name_what_stands_beside_them() {
    let project = Project::new(MUSIC);
    project.ends(0, &["revision", "--autogenerate", "-m", "first"]);
    let more = "\"music.count()\" = \"CREATE FUNCTION music.count() RETURNS bigint LANGUAGE sql \
                AS 'SELECT count(*) FROM artist'\"\n";
    project.write("schema.toml", &format!("{MUSIC}{more}"));
    project.ends(0, &["revision", "--autogenerate", "-m", "one more"]);
    project.ends(0, &["check"]);
    let database = TestDatabase::create("bodies");
    project.ends(0, &["upgrade", "--url", &database.url()]);
    project.ends(0, &["check", "--url", &database.url()]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &database.url()]);

    let wrong = MUSIC.replace("SELECT name FROM artist ORDER", "SELEC name FROM artist ORDER");
    project.write("schema.toml", &wrong);
    project.ends(2, &["check"]).says(&["syntax error at or near \"SELEC\""]);
}

#[test]
fn a_project_has_a_search_path_of_its_own() {
    let project = Project::new(&format!(
        "{MUSIC}\n[tables.settings]\ncolumns = {{ note = \"text?\" }}\n\n[views]\n\
         \"music.names\" = \"CREATE VIEW music.names AS SELECT name FROM artist\"\n"
    ));
    project.write("aludel.toml", "[database]\nsearch_path = [\"music\", \"public\"]\n");
    project.ends(0, &["revision", "--autogenerate", "-m", "first", "--rev-id", "aaaa"]);
    // By hand: a dump turns the path off for itself, and the next revision has it again.
    let dump = "SELECT pg_catalog.set_config('search_path', '', false);
                CREATE TABLE music.release (id int);";
    project.revision("bbbb", "aaaa", dump, Some("DROP TABLE release;"));
    project.revision("cccc", "bbbb", "CREATE TABLE label (id int);", Some("DROP TABLE label;"));
    let more = "[tables.\"music.release\"]\ncolumns = { id = \"int?\" }\n\
                [tables.\"music.label\"]\ncolumns = { id = \"int?\" }\n";
    let declared = project.read("schema.toml");
    project.write("schema.toml", &format!("{declared}\n{more}"));
    project.ends(0, &["check"]);
    let database = TestDatabase::create("search_path");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]);
    let pulled = project.ends(0, &["pull", &url]).stdout;
    for name in ["[tables.settings", "[tables.\"music.label\"", "FROM music.artist"] {
        assert!(pulled.contains(name), "{name} in\n{pulled}");
    }
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
}
