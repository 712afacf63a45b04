//! Databases as platforms make them, and roles as they give them out: the extension made by an
//! administrator, schemas of others, and a role that may create in `public` only.

use super::project::{Outcome, Project};
use super::roles::Platform;
use super::support::TestDatabase;

/// Runs the program on a database.
trait On {
    fn on(&self, status: i32, url: &str, arguments: &[&str]) -> Outcome;
}

impl On for Project {
    #[track_caller]
    fn on(&self, status: i32, url: &str, arguments: &[&str]) -> Outcome {
        self.ends(status, &[arguments, &["--url", url]].concat())
    }
}

const AGREE: &str = "schema.toml, the migrations and the database agree\n";
const LEDGER_IN_PUBLIC: &str = "[migrations]\nledger_schema = \"public\"\n";

/// What a project on Supabase stands on.
const SUPABASE: &str = "
    CREATE SCHEMA extensions;
    CREATE EXTENSION vector SCHEMA extensions;
    CREATE SCHEMA auth AUTHORIZATION @auth_admin;
    SET ROLE @auth_admin;
    CREATE TYPE auth.aal_level AS ENUM ('aal1', 'aal2');
    CREATE TABLE auth.users (instance_id uuid, id uuid PRIMARY KEY, email varchar(255));
    CREATE INDEX users_instance_id_idx ON auth.users (instance_id);
    CREATE TABLE auth.sessions (id uuid PRIMARY KEY, user_id uuid REFERENCES auth.users,
                                level auth.aal_level);
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
    GRANT REFERENCES, SELECT, TRIGGER ON auth.users TO @app;
    RESET ROLE;
    CREATE PUBLICATION supabase_realtime;
    CREATE FUNCTION extensions.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER ddl_watch ON ddl_command_end EXECUTE FUNCTION extensions.watch();
    GRANT USAGE ON SCHEMA extensions, auth TO @app;
    GRANT USAGE, CREATE ON SCHEMA public TO @app;
";

fn supabase() -> Platform {
    Platform::new("supabase", &["app", "auth_admin", "authenticated"], SUPABASE)
}

/// What is provided there, and a table that uses it.
const NOTES: &str = r#"
[extensions]
vector = { schema = "extensions", provided = true }

[schemas]
extensions = { provided = true }
auth = { provided = true }

[roles]
@authenticated = { provided = true }

[publications]
supabase_realtime = { provided = true }

[tables."auth.users"]
provided = true
primary_key = ["id"]
columns.id = "uuid"

[tables."auth.users".triggers]
welcome = "CREATE TRIGGER welcome AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION welcome()"

[functions."auth.uid()"]
definition = "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid'"
provided = true

[functions]
"welcome()" = "CREATE FUNCTION welcome() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"

[tables.notes]
primary_key = ["id"]
row_level_security = true

[tables.notes.columns]
id = { type = "bigint", identity = "always" }
owner = { type = "uuid", references = "auth.users.id", on_delete = "cascade" }
embedding = "vector(3)?"

[tables.notes.policies]
own = "CREATE POLICY own ON notes TO @authenticated USING (auth.uid() = owner)"
"#;

#[test]
fn what_is_provided_is_used_and_never_touched() {
    let (platform, url) = (supabase(), |it: &Platform| it.url("app"));
    let url = url(&platform);
    let project = platform.project(NOTES);
    project.write("aludel.toml", LEDGER_IN_PUBLIC);
    let first = project.ends(0, &["revision", "--autogenerate", "-m", "add notes"]);
    let told =
        "create table notes\ncreate function welcome()\ncreate trigger welcome on auth.users\n";
    assert!(first.stdout.starts_with(told), "{first}");
    project.ends(0, &["check"]);
    project.on(0, &url, &["upgrade"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    project.on(0, &url, &["diff", "live", "schema.toml", "--exit-code"]);
    // A trigger on the table of another can be created by privilege, but dropped by its owner only.
    platform.execute("GRANT @auth_admin TO @app");
    project.on(0, &url, &["downgrade", "--allow", "data-loss", "base"]);
    let told = project.on(1, &url, &["check"]);
    assert!(
        told.stdout.starts_with("unapplied: ") && told.stdout.ends_with("1 finding\n"),
        "{told}"
    );
    platform.execute("INSERT INTO auth.sessions VALUES (gen_random_uuid())");
}

/// The rest of what `init --platform supabase` declares.
const STORAGE: &str = "
    CREATE SCHEMA storage AUTHORIZATION @auth_admin;
    SET ROLE @auth_admin;
    CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'anon' $$;
    CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '{}'::jsonb $$;
    CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, public boolean);
    CREATE TABLE storage.objects (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets,
        name text, owner_id text, metadata jsonb,
        path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED
    );
    ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
    CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE plpgsql
        AS 'BEGIN RETURN ARRAY[name]; END';
    RESET ROLE;
    GRANT USAGE ON SCHEMA storage TO @app;
";

#[test]
fn a_project_starts_from_what_a_platform_provides() {
    let api = ["anon", "authenticated", "service_role"];
    let roles = ["app", "auth_admin", api[0], api[1], api[2]];
    let platform = Platform::new("starts", &roles, SUPABASE);
    platform.execute(STORAGE);
    let project = Project::new("");
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    project.ends(0, &["init", "--platform", "supabase"]);
    // The roles of the test have names of their own.
    let prefixed = |line: &str| match api.iter().any(|it| line.starts_with(it)) {
        true => platform.named(&format!("@{line}\n")),
        false => format!("{line}\n"),
    };
    let schema: String = project.read("schema.toml").lines().map(prefixed).collect();
    project.write("schema.toml", &schema);
    project.write("aludel.toml", LEDGER_IN_PUBLIC);
    let first = project.ends(0, &["revision", "--autogenerate", "-m", "first"]);
    assert!(first.stdout.starts_with("create table documents\n"), "{first}");
    assert!(!first.stdout.contains("auth") && !first.stdout.contains("extension"), "{first}");
    project.on(0, &platform.url("app"), &["upgrade"]);
    assert_eq!(project.on(0, &platform.url("app"), &["check"]).stdout, AGREE);
}

#[test]
fn a_project_starts_on_an_extension_of_the_administrators() {
    for name in ["rds", "cloud-sql", "azure", "neon"] {
        let project = Project::new("");
        std::fs::remove_file(project.path("schema.toml")).unwrap();
        project.ends(0, &["init", "--platform", name]);
        let first = project.ends(0, &["revision", "--autogenerate", "-m", "first"]);
        assert!(first.stdout.starts_with("create table documents\n"), "{first}");
    }
}

#[test]
fn what_is_not_provided_after_all_is_named() {
    let platform = supabase();
    let project = platform.project(NOTES);
    project.write("aludel.toml", LEDGER_IN_PUBLIC);
    project.ends(0, &["revision", "--autogenerate", "-m", "add notes"]);
    project.on(0, &platform.url("app"), &["upgrade"]);
    platform.execute(
        "DROP PUBLICATION supabase_realtime; ALTER EXTENSION vector SET SCHEMA public;
         CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
    );
    let told = project.on(1, &platform.url("app"), &["check"]);
    told.says(&[
        "provided: provided extension vector is in schema public, but declared in schema extensions",
        "provided: provided publication supabase_realtime does not exist in the database",
    ]);
}

/// A role with CREATE on `public` only, on a database where the administrator made the extension, and
/// a declaration that says nothing of it.
#[test]
fn without_a_word_extensions_are_created_where_they_are_missing() {
    let platform = supabase();
    let schema = "
        [extensions]
        vector = { schema = \"extensions\" }
        [tables.notes]
        columns.embedding = \"vector(3)\"
    ";
    let project = platform.project(schema);
    project.write("aludel.toml", LEDGER_IN_PUBLIC);
    project.ends(0, &["revision", "--autogenerate", "-m", "add notes"]);
    project.on(0, &platform.url("app"), &["upgrade"]);
    assert_eq!(project.on(0, &platform.url("app"), &["check"]).stdout, AGREE);
    project.on(0, &platform.url("app"), &["downgrade", "--allow", "data-loss", "base"]);
    platform.execute("CREATE TABLE t (v extensions.vector(3))");
    let fresh = TestDatabase::create("fresh");
    project.on(0, &fresh.url(), &["upgrade"]);
    fresh.execute("CREATE TABLE t (v extensions.vector(3)); DROP TABLE t");
    project.on(0, &fresh.url(), &["downgrade", "--allow", "data-loss", "base"]);
    project.on(0, &fresh.url(), &["upgrade"]);
}

#[test]
fn a_ledger_that_cannot_be_kept_is_said_before_anything_is_done() {
    let platform = supabase();
    let project = platform.project("[tables.notes]\ncolumns.id = \"bigint\"\n");
    project.ends(0, &["revision", "--autogenerate", "-m", "add notes"]);
    let url = platform.url("app");
    let create = platform.named("CREATE SCHEMA aludel AUTHORIZATION @app");
    for command in [&["upgrade"][..], &["stamp", "head"]] {
        project.on(3, &url, command).says(&[&create, "ledger_schema = \"public\""]);
    }
    platform.execute("DO $$ BEGIN ASSERT to_regclass('public.notes') IS NULL; END $$");
    platform.execute(&create);
    project.on(0, &url, &["upgrade"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    project.on(0, &url, &["current"]).says(&["(head)"]);
}

#[test]
fn a_ledger_in_public_is_never_compared_and_never_dropped() {
    let platform = supabase();
    let project = platform.project("[tables.notes]\ncolumns.id = \"bigint\"\n");
    project.write("aludel.toml", LEDGER_IN_PUBLIC);
    project.ends(0, &["revision", "--autogenerate", "-m", "add notes", "--rev-id", "c0ffee123456"]);
    let url = platform.url("app");
    let script = project.on(0, &url, &["upgrade", "--sql"]).stdout;
    assert!(script.contains("INTO public.aludel_event"), "{script}");
    project.on(0, &url, &["upgrade"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    let pulled = project.on(0, &url, &["pull", "live"]).stdout;
    assert!(!pulled.contains("aludel"), "{pulled}");
    let plan = project.on(0, &url, &["diff", "live", "empty"]).stdout;
    assert!(!plan.contains("aludel"), "{plan}");
    project.on(0, &url, &["downgrade", "--allow", "data-loss", "base"]);
    project.on(0, &url, &["status"]).says(&["c0ffee123456"]);
}

#[test]
fn public_is_not_looked_at_where_it_is_not_managed() {
    let platform = Platform::new(
        "app_only",
        &["app"],
        "CREATE SCHEMA app AUTHORIZATION @app; \
         CREATE SCHEMA aludel AUTHORIZATION @app; CREATE TABLE theirs (a int)",
    );
    let project = platform.project(
        "[schemas.app]\nprovided = true\n[tables.\"app.notes\"]\ncolumns.id = \"bigint\"\n",
    );
    project.write("aludel.toml", "[database]\nnamespaces = [\"app\"]\n");
    project.ends(0, &["revision", "--autogenerate", "-m", "add notes"]);
    project.ends(0, &["check"]);
    let url = platform.url("app");
    project.on(0, &url, &["upgrade"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    project.on(0, &url, &["diff", "live", "schema.toml", "--exit-code"]);
}

/// What the settings leave out cannot be declared: no revision would ever have it.
#[track_caller]
fn check_left_out(settings: &str, schema: &str, expected: &str) {
    let project = Project::new(schema);
    project.write("aludel.toml", &format!("[database]\n{settings}\n"));
    for command in [&["check"][..], &["revision", "--autogenerate", "-m", "x"]] {
        project.ends(2, command).says(&[expected]);
    }
}

#[test]
fn what_is_left_out_cannot_be_declared() {
    let table = "[tables.notes]\ncolumns.id = \"bigint\"\n";
    check_left_out("namespaces = [\"app\"]", table, "table notes is excluded by `namespaces`");
    check_left_out("exclude = [\"no*\"]", table, "table notes is excluded by `exclude`");
    check_left_out("exclude = [\"table notes\"]", table, "table notes is excluded by `exclude`");
    check_left_out("include = [\"app_*\"]", table, "table notes is excluded by `include`");
    let ledger = "[tables.\"aludel.notes\"]\ncolumns.id = \"bigint\"\n";
    check_left_out("grants = false", ledger, "table aludel.notes is excluded by `ledger_schema`");
    let elsewhere = "[extensions]\nvector = { schema = \"extensions\" }\n";
    let expected = "schema extensions is excluded by `namespaces`";
    check_left_out("namespaces = [\"public\"]", elsewhere, expected);
}

/// What somebody made by hand on Supabase before aludel was there.
const BY_HAND: &str = "
    SET ROLE @app;
    CREATE TABLE notes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        owner uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
        embedding extensions.vector(3)
    );
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON notes TO @authenticated USING (auth.uid() = owner);
    CREATE FUNCTION welcome() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER welcome AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION welcome();
    RESET ROLE;
";

#[test]
fn adopt_leaves_to_others_what_is_theirs() {
    let platform = supabase();
    platform.execute(BY_HAND);
    let (project, url) = (Project::new(""), platform.url("app"));
    let create = platform.named("CREATE SCHEMA aludel AUTHORIZATION @app");
    // It cannot keep the ledger: nothing is written, and nothing is in the way of another try.
    project.on(3, &url, &["adopt"]).says(&[&create]);
    assert_eq!(project.read("schema.toml"), "");
    assert_eq!(std::fs::read_dir(project.path("migrations")).unwrap().count(), 0);
    platform.execute(&create);
    project
        .on(0, &url, &["adopt"])
        .says(&["not managed, because role", "publication supabase_realtime"]);
    let schema = project.read("schema.toml");
    let provided = "[extensions]\nvector = { schema = \"extensions\", provided = true }\n";
    assert!(schema.starts_with(provided), "{schema}");
    assert!(schema.contains("[tables.\"auth.users\".columns]\nid = \"uuid\"\n"), "{schema}");
    assert!(schema.contains("[tables.\"auth.users\".triggers]\nwelcome = "), "{schema}");
    assert!(!schema.contains("sessions") && !schema.contains("aal_level"), "{schema}");
    let files = std::fs::read_dir(project.path("migrations")).unwrap().flatten();
    let files: Vec<_> =
        files.filter(|it| it.path().extension().is_some_and(|it| it == "sql")).collect();
    assert_eq!(files.len(), 1, "an adopted database has no down file: {files:?}");
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    project.ends(0, &["check"]);
    project.on(0, &url, &["revision", "--autogenerate", "-m", "x"]).says(&["no changes"]);
    let told = project.on(2, &url, &["downgrade", "base"]);
    assert!(told.stderr.contains("down"), "{told}");
}

#[test]
fn pull_declares_as_provided_what_the_role_does_not_own() {
    let platform = supabase();
    platform.execute(BY_HAND);
    let project = Project::new("");
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    let url = platform.url("app");
    project.on(0, &url, &["pull", "live", "--output", "schema.toml"]);
    let text = project.read("schema.toml");
    assert!(text.contains("vector = { schema = \"extensions\", provided = true }"), "{text}");
    project.on(0, &url, &["diff", "live", "schema.toml", "--exit-code"]);
    // What was pulled says now what is provided, and pulling again says the same.
    project.on(0, &url, &["pull", "live", "--output", "again.toml"]);
    assert_eq!(project.read("again.toml"), text);
}

/// As on RDS and Cloud SQL: the role owns its database and is no superuser, and the extension is an
/// administrator's.
#[test]
fn a_role_that_owns_its_database() {
    let administrator = "
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO @master', current_database()); END $$;
        GRANT USAGE, CREATE ON SCHEMA public TO @master;
        CREATE EXTENSION vector;
    ";
    let platform = Platform::new("rds", &["master"], administrator);
    let url = platform.url("master");
    let schema =
        "[extensions]\nvector = \"*\"\n[tables.notes]\ncolumns.embedding = \"vector(3)\"\n";
    let project = platform.project(schema);
    let told = project.on(0, &url, &["revision", "--autogenerate", "-m", "add notes"]);
    told.says(&["the database already has extension vector, owned by role", "provided = true"]);
    project.on(0, &url, &["upgrade"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    project.on(0, &url, &["downgrade", "--allow", "data-loss", "base"]);
    project.on(0, &url, &["upgrade"]);

    let adopted = Project::new("");
    adopted.write(
        "aludel.toml",
        "[migrations]\nledger_schema = \"ledger\"\n[database]\nexclude = [\"aludel.*\"]\n",
    );
    adopted.on(0, &url, &["adopt"]);
    assert!(adopted.read("schema.toml").contains("vector = { provided = true }"));
    assert_eq!(adopted.on(0, &url, &["check"]).stdout, AGREE);
}

/// Something can become provided, and stop being so, at any time.
#[test]
fn managed_and_provided_by_turns() {
    let managed = "[extensions]\nvector = { schema = \"extensions\" }\n\
         [tables.notes]\ncolumns.embedding = \"vector(3)\"\n";
    let provided = managed.replace("\"extensions\" }", "\"extensions\", provided = true }")
        + "[schemas.extensions]\nprovided = true\n";
    let up = "CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions;\n\
         CREATE TABLE notes (embedding extensions.vector(3) NOT NULL);";
    let down = "DROP TABLE notes; DROP EXTENSION vector; DROP SCHEMA extensions;";
    let project = Project::new(managed);
    project.revision("aaaaaaaaaaaa", "", up, Some(down));
    project.ends(0, &["check"]);
    project.write("schema.toml", &provided);
    project.ends(0, &["check"]);
    let database = TestDatabase::create("by_turns");
    project.on(0, &database.url(), &["upgrade"]);
    assert_eq!(project.on(0, &database.url(), &["check"]).stdout, AGREE);
    project.write("schema.toml", managed);
    assert_eq!(project.on(0, &database.url(), &["check"]).stdout, AGREE);
    // What no revision creates needs one when it is managed again.
    let project = Project::new(&provided);
    project.ends(0, &["revision", "--autogenerate", "-m", "add notes"]);
    project.write("schema.toml", managed);
    project.ends(2, &["check"]).says(&["\"extensions\" does not exist", "`provided = true`"]);
}

/// Rows that row security hides are revisions that were never applied, it would seem.
#[test]
fn a_ledger_that_is_filtered_is_not_read() {
    let platform = Platform::new("filtered", &["app"], "GRANT CREATE ON SCHEMA public TO @app");
    let project = platform.project("");
    project.revision("a1", "", "CREATE TABLE public.a ();", Some("DROP TABLE public.a;"));
    let owner = platform.database().url();
    project.ends(0, &["upgrade", "--url", &owner]).says(&["applied a1"]);
    platform.execute(
        "GRANT USAGE ON SCHEMA aludel TO @app;
         GRANT SELECT, INSERT, UPDATE, DELETE ON aludel.revision, aludel.event TO @app;
         ALTER TABLE aludel.revision ENABLE ROW LEVEL SECURITY",
    );
    let url = platform.url("app");
    for command in ["upgrade", "status", "current", "check", "downgrade base", "stamp a1"] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.extend(["--url", &url]);
        project.ends(3, &arguments).says(&[
            "row security of table `aludel.revision` hides rows of the ledger from this role",
            "hint: an administrator runs: ALTER TABLE aludel.revision DISABLE ROW LEVEL SECURITY;",
        ]);
    }
    Project::new("").on(3, &url, &["adopt"]).says(&["hides rows of the ledger"]);
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    assert!(script.contains("row_security_active"), "{script}");
    // Its owner sees them all.
    project.ends(0, &["status", "--url", &owner]).says(&["applied   1 revision"]);
    platform.execute("CREATE POLICY all_rows ON aludel.revision USING (true)");
    project.ends(3, &["upgrade", "--url", &url]).says(&["hides rows"]);
}

/// The same of the table that Alembic keeps.
#[test]
fn a_table_of_alembic_that_is_filtered_is_not_read() {
    let platform = Platform::new(
        "alembic_filtered",
        &["app"],
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('a1');
         GRANT SELECT ON alembic_version TO @app; GRANT CREATE ON SCHEMA public TO @app;
         ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY",
    );
    let project = platform.project("");
    project.revision("a1", "", "CREATE TABLE public.a ();", None);
    let told = project.ends(3, &["stamp", "--alembic", "--url", &platform.url("app")]);
    told.says(&[
        "cannot read table `alembic_version`: ERROR: query would be affected by row-level",
    ]);
}

/// A ledger schema that somebody made needs no CREATE on the database; messages have their cause.
#[test]
fn a_schema_for_the_ledger_is_enough() {
    let platform = Platform::new(
        "ledger_schema",
        &["app", "reader"],
        "CREATE SCHEMA aludel AUTHORIZATION @app; GRANT CREATE ON SCHEMA public TO @app",
    );
    let project = platform.project("");
    project.revision("a1", "", "CREATE TABLE public.a ();", Some("DROP TABLE public.a;"));
    let url = platform.url("app");
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied a1"]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
    project.ends(0, &["stamp", "head", "--url", &url]);
    platform.execute("GRANT USAGE ON SCHEMA aludel TO @reader");
    for command in ["status", "current", "check", "upgrade"] {
        let told = project.ends(3, &[command, "--url", &platform.url("reader")]);
        told.says(&["ledger in schema `aludel`: ERROR: permission denied for table revision"]);
    }
}

/// From `adopt` on, with no right but to two schemas.
#[test]
fn a_role_that_has_only_its_schemas() {
    let platform = Platform::new(
        "two_schemas",
        &["app"],
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;
         DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
                     EXECUTE format('GRANT CONNECT ON DATABASE %I TO @app', current_database()); END $$;
         CREATE TABLE others (id integer);
         CREATE SCHEMA app AUTHORIZATION @app;
         CREATE SCHEMA aludel AUTHORIZATION @app;
         SET ROLE @app;
         CREATE TABLE app.users (id bigint PRIMARY KEY, name text NOT NULL);
         INSERT INTO app.users VALUES (1, 'a');
         CREATE VIEW app.names AS SELECT id, name FROM app.users;
         GRANT SELECT ON app.names TO PUBLIC;
         RESET ROLE",
    );
    let url = platform.url("app");
    let project = Project::new("");
    project.write("aludel.toml", "[database]\nnamespaces = [\"app\"]\nsearch_path = [\"app\"]\n");
    project.on(0, &url, &["adopt"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    let schema = project.read("schema.toml");
    assert!(!schema.contains("others"), "{schema}");
    project.write("schema.toml", &schema.replace("name = \"text\"", "name = \"varchar(40)\""));
    project.on(0, &url, &["revision", "--autogenerate", "-m", "shorter names"]);
    project.on(1, &url, &["check"]).says(&["unapplied"]);
    project.on(0, &url, &["upgrade"]);
    assert_eq!(project.on(0, &url, &["check"]).stdout, AGREE);
    project.on(0, &url, &["status"]).says(&["applied   2 revisions"]);
    project.on(0, &url, &["downgrade", "--allow", "data-loss", "-1"]);
    project.on(0, &url, &["status"]).says(&["applied   1 revision", "shorter names"]);
    project.on(0, &url, &["upgrade"]);
    let kept = "DO $$ BEGIN
        ASSERT (SELECT name FROM app.users) = 'a';
        ASSERT has_table_privilege('public', 'app.names', 'SELECT');
        ASSERT (SELECT relowner::regrole::text FROM pg_class
                 WHERE oid = 'app.names'::regclass) = '@app';
    END $$";
    platform.execute(kept);
}
