//! What a file sets: the same before each of its segments, whatever way it is run, and gone after it;
//! and what it cannot choose, how its text is read.

use crate::offline::psql;
use crate::project::Project;
use crate::support::{TestDatabase, block_on};

fn query(database: &TestDatabase, sql: &str) -> Vec<String> {
    let sql = format!("SELECT t::text FROM ({sql}) AS t");
    block_on(async {
        let rows = database.connect().await.query(&sql, &[]).await.unwrap();
        rows.iter().map(|it| it.get(0)).collect()
    })
}

/// A role that may create in a database, dropped with what it has.
struct Role {
    name: String,
}

impl Role {
    fn create(database: &TestDatabase, name: &str) -> Self {
        let name = format!("aludel_{name}_{}", std::process::id());
        database.execute(&format!("CREATE ROLE {name}; GRANT CREATE ON SCHEMA public TO {name}"));
        Self { name }
    }

    fn drop(self, database: &TestDatabase) {
        database.execute(&format!("DROP OWNED BY {0} CASCADE; DROP ROLE {0}", self.name));
    }
}

/// The tables with their schemas and owners, but for the ledger's.
const TABLES: &str = "SELECT schemaname, tablename, tableowner LIKE 'aludel_%' AS given \
                      FROM pg_tables WHERE schemaname IN ('public', 'app') ORDER BY 1, 2";

/// The file of the report: a role and a search_path, then segments.
fn file(role: &str, set: &str) -> String {
    format!(
        "CREATE SCHEMA app;\nGRANT ALL ON SCHEMA app TO {role};\n{set} ROLE {role};\n\
         {set} search_path = app;\n{set} work_mem = '5MB';\nCREATE TABLE one (i int);\nVACUUM one;\n\
         CREATE INDEX CONCURRENTLY one_i ON one (i);\n\
         CREATE TABLE two AS SELECT current_setting('work_mem') AS w;\n\
         VACUUM two;\nRESET ROLE;\nVACUUM two;\nCREATE TABLE three (i int);"
    )
}

const EXPECTED: [&str; 3] = ["(app,one,t)", "(app,three,f)", "(app,two,t)"];

fn project(role: &str, set: &str) -> Project {
    let project = Project::new("");
    project.revision("a", "", &file(role, set), None);
    project.revision(
        "b",
        "a",
        "CREATE TABLE four AS SELECT current_setting('work_mem') AS w;",
        None,
    );
    project
}

#[test]
fn settings_hold_over_the_segments_of_a_file() {
    for set in ["SET", "SET LOCAL", "SET SESSION"] {
        let database = TestDatabase::create("segments_set");
        let role = Role::create(&database, "set");
        let project = project(&role.name, set);
        project.ends(0, &["upgrade", "--url", &database.url()]);
        let mut expected = EXPECTED.to_vec();
        expected.push("(public,four,f)");
        assert_eq!(query(&database, TABLES), expected, "{set}");
        assert_eq!(query(&database, "SELECT w FROM app.two"), ["(5MB)"]);
        assert_eq!(query(&database, "SELECT w = '5MB' FROM public.four"), ["(f)"]);
        role.drop(&database);
    }
}

#[test]
fn settings_hold_in_a_script_for_psql() {
    for set in ["SET", "SET LOCAL"] {
        let database = TestDatabase::create("script_set");
        let role = Role::create(&database, "script");
        let project = project(&role.name, set);
        let script = project.ends(0, &["upgrade", "--sql"]).stdout;
        assert_eq!(psql(&database, &script), (Some(0), String::new()));
        let mut expected = EXPECTED.to_vec();
        expected.push("(public,four,f)");
        assert_eq!(query(&database, TABLES), expected, "{set}");
        assert_eq!(query(&database, "SELECT w FROM app.two"), ["(5MB)"]);
        assert_eq!(query(&database, "SELECT w = '5MB' FROM public.four"), ["(f)"]);
        role.drop(&database);
    }
}

/// A run, or a script, that goes on after an interruption begins where the file was.
#[test]
fn settings_hold_where_a_run_goes_on() {
    for by_psql in [false, true] {
        let database = TestDatabase::create("resume_set");
        let url = database.url();
        let role = Role::create(&database, "resume");
        let project = project(&role.name, "SET");
        let whole = project.read("migrations/a.up.sql");
        let broken = whole.replace("current_setting('work_mem')", "boom");
        project.write("migrations/a.up.sql", &broken);
        project.ends(3, &["upgrade", "--url", &url]).says(&["boom"]);
        project.write("migrations/a.up.sql", &whole);
        if by_psql {
            let script = project.ends(0, &["upgrade", "--sql", "head"]).stdout;
            assert_eq!(psql(&database, &script), (Some(0), String::new()));
        } else {
            project.ends(0, &["upgrade", "--url", &url]).says(&["continuing after"]);
        }
        assert_eq!(query(&database, TABLES)[..3], EXPECTED);
        assert_eq!(query(&database, "SELECT w FROM app.two"), ["(5MB)"]);
        role.drop(&database);
    }
}

/// Statements run one by one on a scratch database; what holds for a transaction of a run holds there, too.
#[test]
fn settings_hold_on_a_scratch_database() {
    for set in ["SET", "SET LOCAL"] {
        let project = Project::new("");
        let up = format!(
            "CREATE SCHEMA app;\n{set} search_path = app;\nCREATE TABLE one (i int);\n\
             SELECT set_config('search_path', 'public', true);\nCREATE TABLE two (i int);"
        );
        project.revision("a", "", &up, None);
        let database = TestDatabase::create("scratch_set");
        let url = database.url();
        project.ends(0, &["upgrade", "--url", &url]);
        assert_eq!(query(&database, TABLES), ["(app,one,f)", "(public,two,f)"]);
        project.ends(0, &["diff", "migrations", &url, "--exit-code"]);
    }
}

/// A file that sets a role and a path, with an index built concurrently in between: what is left of
/// the index is looked for where the file is.
#[test]
fn an_interrupted_index_is_found_by_the_path_of_the_file() {
    let project = Project::new("");
    let up = "CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE t (i int);\n\
              INSERT INTO t VALUES (1), (1);\nCREATE UNIQUE INDEX CONCURRENTLY t_i ON t (i);\n\
              CREATE TABLE u ();";
    project.revision("a", "", up, None);
    let database = TestDatabase::create("path_index");
    let url = database.url();
    project.ends(3, &["upgrade", "--url", &url]).says(&["could not create unique index"]);
    project.revision("a", "", &up.replace("UNIQUE ", ""), None);
    project
        .ends(0, &["upgrade", "--url", &url])
        .says(&["left invalid index t_i of table t: DROP INDEX CONCURRENTLY app.t_i"]);
    let there = "SELECT to_regclass('app.u') IS NOT NULL, indisvalid FROM pg_index \
                 WHERE indexrelid = 'app.t_i'::regclass";
    assert_eq!(query(&database, there), ["(t,t)"]);
}

/// The ledger is the runner's, whatever the file is while it is written.
#[test]
fn the_ledger_is_written_as_the_runner() {
    let project = Project::new("");
    let database = TestDatabase::create("ledger_role");
    let role = Role::create(&database, "ledger");
    let up = format!(
        "SET ROLE {};\nSET default_transaction_read_only = on;\nDO 'BEGIN END';",
        role.name
    );
    project.revision("a", "", &up, None);
    project.revision("b", "a", &format!("{up}\nVACUUM;\nDO 'BEGIN END';"), None);
    let script = project.ends(0, &["upgrade", "--sql", "base:a"]).stdout;
    assert_eq!(psql(&database, &script), (Some(0), String::new()));
    project.ends(0, &["upgrade", "--url", &database.url()]).says(&["applied b"]);
    role.drop(&database);
}

/// Everything that changes what a text means.
const READ: &str = "\
    CREATE TABLE read (\n\
      path text DEFAULT 'C:\\new', day date DEFAULT '01/02/2026', span interval DEFAULT '-1 1:00',\n\
      list text[] DEFAULT '{NULL}', quoted text DEFAULT E'it\\'s');\n\
    INSERT INTO read DEFAULT VALUES;\n\
    INSERT INTO read (path) SELECT 'null' WHERE NULL = NULL;\n\
    COMMENT ON TABLE read IS 'a\\'; -- b';";

/// The settings of a database that reads texts otherwise.
fn awkward(database: &TestDatabase) {
    database.execute(
        "DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER DATABASE %I SET %s', current_database(), it), ';') \
         FROM unnest(ARRAY['standard_conforming_strings = off', 'backslash_quote = off', \
         'DateStyle = ''SQL, DMY''', 'IntervalStyle = sql_standard', 'array_nulls = off', \
         'transform_null_equals = on', 'xmloption = document', 'escape_string_warning = off', \
         'client_encoding = LATIN1', 'search_path = pg_catalog']) AS it); END $$",
    );
}

const VALUES: &str = "SELECT path, day = make_date(2026, 1, 2) AS day, span = make_interval(days => -1, hours => 1) \
                      AS span, list[1] IS NULL AS list, quoted FROM public.read";

#[test]
fn texts_are_read_alike_everywhere() {
    let project = Project::new("");
    project.revision("a", "", READ, None);
    project.revision("b", "a", "RESET ALL;\nCREATE TABLE public.again AS SELECT 'C:\\new' AS path, '{NULL}'::text[] AS list;", None);
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    for by_psql in [false, true] {
        let database = TestDatabase::create("texts");
        awkward(&database);
        if by_psql {
            assert_eq!(psql(&database, &script), (Some(0), String::new()));
        } else {
            project.ends(0, &["upgrade", "--url", &database.url()]);
        }
        let read = query(&database, VALUES);
        assert_eq!(read, ["(\"C:\\\\new\",t,t,t,it's)"], "by psql: {by_psql}");
        let again = "SELECT path, list[1] IS NULL AS list FROM public.again";
        assert_eq!(query(&database, again), ["(\"C:\\\\new\",t)"], "by psql: {by_psql}");
    }
}

/// A file may turn the setting off, as dumps of old databases do; it is read so from there on.
#[test]
fn a_file_may_turn_conforming_strings_off() {
    let project = Project::new("");
    project.revision(
        "a",
        "",
        "SET standard_conforming_strings = off;\nCREATE TABLE t AS SELECT 'a\\'; b'::text AS it;\n\
         VACUUM;\nINSERT INTO t VALUES ('c\\'; d');",
        None,
    );
    project.revision("b", "a", "INSERT INTO t VALUES ('e\\');", None);
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    for by_psql in [false, true] {
        let database = TestDatabase::create("off");
        if by_psql {
            let (status, said) = psql(&database, &script);
            assert_eq!(status, Some(0), "{said}");
        } else {
            project.ends(0, &["upgrade", "--url", &database.url()]);
        }
        let rows = query(&database, "SELECT it FROM t ORDER BY it");
        assert_eq!(rows, ["(\"a'; b\")", "(\"c'; d\")", "(\"e\\\\\")"], "by psql: {by_psql}");
    }
}

/// What a file has set for itself is not pinned away by another word of it.
#[test]
fn a_file_may_read_texts_as_it_likes() {
    let project = Project::new("");
    project.revision(
        "a",
        "",
        "SET DateStyle = 'SQL, DMY';\nRESET ROLE;\nCREATE TABLE one AS SELECT '01/02/2026'::date AS day;\n\
         VACUUM one;\nINSERT INTO one VALUES ('03/02/2026');\nSET DateStyle TO DEFAULT;\n\
         INSERT INTO one VALUES ('02/04/2026');",
        None,
    );
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    for by_psql in [false, true] {
        let database = TestDatabase::create("own_style");
        awkward(&database);
        if by_psql {
            let (status, said) = psql(&database, &script);
            assert_eq!(status, Some(0), "{said}");
        } else {
            project.ends(0, &["upgrade", "--url", &database.url()]);
        }
        let days =
            query(&database, "SELECT to_char(day, 'YYYY-MM-DD') FROM public.one ORDER BY day");
        assert_eq!(days, ["(2026-02-01)", "(2026-02-03)", "(2026-02-04)"], "by psql: {by_psql}");
    }
}

/// A server for development whose role reads texts otherwise.
#[test]
fn texts_are_read_alike_on_a_scratch_database() {
    let database = TestDatabase::create("scratch_texts");
    let role = format!("aludel_dev_{}", std::process::id());
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'dev'; \
         ALTER ROLE {role} SET standard_conforming_strings = off; \
         ALTER ROLE {role} SET DateStyle = 'SQL, DMY'"
    ));
    let url = database.url();
    let (_, host) = url.split_once('@').unwrap();
    let dev = format!("postgres://{role}:dev@{host}");
    let project =
        Project::new("[tables.t.columns]\np = { type = \"text?\", default = \"'C:\\\\new'\" }\n");
    let table = "CREATE TABLE t (p text DEFAULT 'C:\\new', d date DEFAULT '01/02/2026');";
    project.write("t.sql", table);
    project.revision("a", "", table, None);
    for source in ["t.sql", "migrations"] {
        project
            .ends(0, &["diff", "empty", source, "--dev-url", &dev])
            .says(&["DEFAULT 'C:\\new'::text", "DEFAULT '2026-01-02'::date"]);
    }
    project
        .ends(0, &["diff", "empty", "schema.toml", "--dev-url", &dev])
        .says(&["DEFAULT 'C:\\new'::text"]);
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
