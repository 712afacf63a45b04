//! What a file that is only tried can reach: nothing but its scratch database. On a server of its own, on
//! the one that is migrated, and with a role that may not make another.

use std::collections::BTreeSet;

use aludel::connection::Address;
use aludel::connection::surroundings::Process;
use aludel::scratch::{DatabaseSpec, Engine, EngineChoice, NotRun};
use aludel::sql_text::split;
use tokio_postgres::Client;

use super::project::Project;
use super::roles::Platform;
use super::support::{TestDatabase, block_on, server_url};

const ATTEMPTS: &str = include_str!("fence/attempts.sql");

/// An attempt: its name, whether its last statement must be refused, and the statements.
struct Attempt {
    name: String,
    is_refused: bool,
    statements: Vec<String>,
}

fn attempts(named: impl Fn(&str) -> String) -> Vec<Attempt> {
    let sections = ATTEMPTS.split("\n-- # ").skip(1);
    let attempt = |section: &str| {
        let (name, sql) = section.split_once('\n').expect("a name and statements");
        let statements = split(&named(sql)).expect("statements");
        Attempt {
            name: name.trim_end_matches(" !").to_owned(),
            is_refused: name.ends_with(" !"),
            statements: statements.into_iter().map(|it| it.text).collect(),
        }
    };
    sections.map(attempt).collect()
}

/// A database that nothing may happen to, a session in it, and a role that owns things.
struct Victim<'a> {
    platform: &'a Platform,
    canary: Client,
    pid: i32,
    before: BTreeSet<String>,
}

/// The victim's database: without CREATE for all in `public`, a stranger's session could do nothing in it.
fn prepared() -> Platform {
    let platform = Platform::new("fence", &["app", "maker"], "");
    platform.execute(
        "GRANT CREATE ON SCHEMA public TO PUBLIC; CREATE TABLE kept (a integer);
         INSERT INTO kept VALUES (1); GRANT ALL ON kept TO PUBLIC;
         ALTER TABLE kept OWNER TO @app; ALTER ROLE @maker CREATEDB;
         DO $$ BEGIN
             EXECUTE format('GRANT CONNECT ON DATABASE %I TO @app', current_database());
         END $$",
    );
    platform
}

impl<'a> Victim<'a> {
    async fn new(platform: &'a Platform) -> Self {
        let canary = platform.database().connect().await;
        let pid = canary.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
        let mut victim = Self { platform, canary, pid, before: BTreeSet::new() };
        victim.before = victim.state().await;
        victim
    }

    fn named(&self, text: &str) -> String {
        let url = self.platform.database().url();
        let name = url.rsplit('/').next().expect("a name").split('?').next().expect("a name");
        let address = Address::parse(server_url(), &Process).expect("the URL of the test server");
        let file = format!("/tmp/{}", self.platform.named("@file"));
        text.replace("{victim}", name)
            .replace("{app}", &self.platform.named("@app"))
            .replace("{pwn}", &self.platform.named("@pwn"))
            .replace("{superuser}", &address.user)
            .replace("{file}", &file)
            .replace("{canary}", &self.pid.to_string())
    }

    /// What the cluster says of everything that is named after this test, and what it keeps for all.
    async fn state(&self) -> BTreeSet<String> {
        let sql = self.named(include_str!("fence/state.sql"));
        let rows = self.canary.query(&sql, &[]).await.expect("the session lives");
        rows.iter().map(|it| it.get(0)).collect()
    }

    async fn is_untouched(&self) -> Result<(), String> {
        let now = self.state().await;
        match now == self.before {
            true => Ok(()),
            false => Err(format!("{:?}", now.symmetric_difference(&self.before))),
        }
    }
}

/// Makes all attempts in one scratch database, and tells those that reach out.
async fn reached(victim: &Victim<'_>, choice: EngineChoice) -> Vec<String> {
    let engine = Engine::start(choice).await.unwrap();
    let database = engine.database(&DatabaseSpec::default()).await.unwrap();
    // One that only a superuser may create, where there is one.
    let extension = "SELECT coalesce((SELECT name FROM pg_available_extension_versions \
        WHERE superuser AND NOT trusted AND requires IS NULL AND relocatable \
        ORDER BY name <> 'vector', name LIMIT 1), 'none')::text";
    let extension: String = victim.canary.query_one(extension, &[]).await.unwrap().get(0);
    let mut reached = Vec::new();
    let attempts = attempts(|it| victim.named(it).replace("{extension}", &extension));
    assert!(attempts.len() >= 50, "{} attempts", attempts.len());
    for attempt in attempts {
        let mut last = Ok(());
        for statement in &attempt.statements {
            last = database.run(statement).await;
        }
        if attempt.is_refused && last.is_ok() {
            reached.push(format!("{}: nothing refused it", attempt.name));
        }
        if let Err(what) = victim.is_untouched().await {
            reached.push(format!("{}: {what}", attempt.name));
        }
    }
    let name = database.query_one("SELECT current_database()::text", &[]).await.unwrap();
    let name: String = name.get(0);
    database.close().await;
    let left = "SELECT datname FROM pg_database WHERE datname = $1 \
                UNION ALL SELECT rolname FROM pg_roles WHERE rolname = $1";
    if !victim.canary.query(left, &[&name]).await.unwrap().is_empty() {
        reached.push("the scratch database, or its role, is left".to_owned());
    }
    reached
}

fn server() -> Address {
    Address::parse(server_url(), &Process).expect("the URL of the test server")
}

#[test]
fn no_attempt_reaches_the_cluster() {
    let platform = prepared();
    block_on(async {
        let victim = Victim::new(&platform).await;
        for choice in [EngineChoice::Server(server()), EngineChoice::Target(server())] {
            assert_eq!(reached(&victim, choice).await, Vec::<String>::new());
        }
    });
}

/// The attempts do what they say where nothing is in their way.
#[test]
fn the_attempts_are_real() {
    let platform = prepared();
    block_on(async {
        let victim = Victim::new(&platform).await;
        let engine = Engine::start(EngineChoice::Disposable(server())).await.unwrap();
        let database = engine.database(&DatabaseSpec::default()).await.unwrap();
        for attempt in attempts(|it| victim.named(it)) {
            if attempt.name != "a role is created by a text that is put together" {
                continue;
            }
            database.run(&attempt.statements[0]).await.unwrap();
            victim.is_untouched().await.unwrap_err();
        }
        database.close().await;
        victim.canary.batch_execute(&victim.named("DROP ROLE {pwn}")).await.unwrap();
        victim.is_untouched().await.unwrap();
    });
}

/// Nothing is left of the roles.
#[test]
fn roles_are_gone_with_their_databases() {
    block_on(async {
        let engine = Engine::start(EngineChoice::Server(server())).await.unwrap();
        let mut names = Vec::new();
        for closes in [true, false] {
            let database = engine.database(&DatabaseSpec::default()).await.unwrap();
            let name = database.query_one("SELECT session_user::text", &[]).await.unwrap();
            names.push(name.get::<_, String>(0));
            database.run("CREATE TABLE t (); GRANT SELECT ON t TO PUBLIC").await.unwrap();
            if closes {
                database.close().await;
            }
        }
        let client = tokio_postgres::connect(server_url(), tokio_postgres::NoTls);
        let (client, connection) = client.await.unwrap();
        tokio::spawn(connection);
        let left = "SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)";
        assert!(client.query(left, &[&names]).await.unwrap().is_empty());
    });
}

/// What a superuser's files say is tried all the same, as far as it stays in the database.
#[test]
fn what_needs_an_administrator_is_made() {
    let platform = Platform::new("fence_usual", &["app"], "");
    let project = platform.project("");
    let files = "CREATE SCHEMA a AUTHORIZATION @app;
        CREATE TABLE a.t (id integer PRIMARY KEY);
        ALTER TABLE a.t OWNER TO @app;
        SET ROLE @app;
        CREATE TABLE a.u (id integer);
        RESET ROLE;
        GRANT SELECT ON a.t TO @app;
        ALTER DEFAULT PRIVILEGES FOR ROLE @superuser IN SCHEMA a GRANT SELECT ON TABLES TO PUBLIC;
        ALTER TABLE a.t ENABLE ROW LEVEL SECURITY;
        ALTER TABLE a.t FORCE ROW LEVEL SECURITY;
        CREATE POLICY p ON a.t TO @app USING (false);
        INSERT INTO a.t VALUES (1);
        CREATE PUBLICATION p FOR ALL TABLES;
        COMMENT ON PUBLICATION p IS 'all of it';
        DROP OWNED BY @app;";
    let files = files.replace("@superuser", &server().user);
    project.write("all.sql", &platform.named(&files));
    let url = platform.database().url();
    for dev in [server_url(), "target"] {
        let arguments = ["diff", "empty", "all.sql", "--url", &url, "--dev-url", dev];
        project.ends(0, &arguments).says(&[
            "CREATE TABLE a.t",
            "CREATE TABLE a.u",
            "CREATE PUBLICATION p FOR ALL TABLES",
            "all of it",
        ]);
    }
}

/// What only a superuser may do is refused with the way out.
#[test]
fn what_could_bring_the_server_down_is_refused() {
    let project = Project::new("");
    project.write("a.sql", "CREATE TYPE label;");
    let of_events = "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();";
    project.write("b.sql", of_events);
    project.ends(2, &["diff", "empty", "b.sql", "--dev-url", server_url()]).says(&["b.sql:2"]);
    let arguments = ["diff", "empty", "a.sql", "--dev-url", server_url()];
    project.ends(2, &arguments).says(&["a.sql:1", "must be superuser", "--dev-disposable"]);
    let disposable = [&arguments[..], &["--dev-disposable"]].concat();
    project.ends(0, &disposable);
    project.ends(2, &["check", "--dev-disposable"]).says(&["--dev-url postgres://"]);
    project
        .ends(2, &["check", "--dev-disposable", "--dev-url", "target"])
        .says(&["scratch databases are on the server of the database"]);
}

/// Without a role of its own, what can be seen to reach out is refused, and what cannot be seen is said.
#[test]
fn where_there_can_be_no_role() {
    let platform = prepared();
    block_on(async {
        let victim = Victim::new(&platform).await;
        let url = victim.platform.url("maker");
        let project = Project::new("");
        project.write("plain.sql", "CREATE TABLE t (id integer);");
        let run = |status, file| project.ends(status, &["diff", "empty", file, "--dev-url", &url]);
        run(0, "plain.sql").says(&["CREATE TABLE t", "with the privileges of role", "maker"]);
        for (file, sql) in [
            ("owned.sql", "DO $$ BEGIN DROP OWNED BY CURRENT_USER; END $$;"),
            ("role.sql", "DO 'BEGIN EXECUTE ''ALTER ROLE CURRENT_USER PASSWORD NULL''; END';"),
            ("ended.sql", "SELECT pg_terminate_backend(1);"),
        ] {
            project.write(file, sql);
            run(2, file).says(&["affects more than the scratch database", "may create roles"]);
        }
        let engine = Engine::start(EngineChoice::Target(Address::parse(&url, &Process).unwrap()));
        let engine = engine.await.unwrap();
        let database = engine.database(&DatabaseSpec::default()).await.unwrap();
        let refused = database.run("REASSIGN OWNED BY CURRENT_USER TO PUBLIC").await.unwrap_err();
        assert!(matches!(refused, NotRun::ReachesOut { .. }), "{refused:?}");
        database.close().await;
        victim.is_untouched().await.unwrap();
    });
}

/// What the role in the URL has set for its sessions holds for what is tried, too.
#[test]
fn settings_of_the_role_are_the_same() {
    let platform = Platform::new(
        "fence_settings",
        &["dev"],
        "ALTER ROLE @dev CREATEDB CREATEROLE;
         ALTER ROLE @dev SET timezone = 'Asia/Tokyo';
         ALTER ROLE @dev SET bytea_output = 'escape'",
    );
    block_on(async {
        let address = Address::parse(&platform.url("dev"), &Process).unwrap();
        let engine = Engine::start(EngineChoice::Server(address)).await.unwrap();
        assert_eq!(engine.unfenced(), None);
        let database = engine.database(&DatabaseSpec::default()).await.unwrap();
        let shown = "SELECT current_setting('timezone') || ' ' || current_setting('bytea_output')";
        let row = database.query_one(shown, &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), "Asia/Tokyo escape");
        database.close().await;
    });
}

/// A command that is stopped while its database is being made leaves none.
#[test]
fn what_is_stopped_in_the_making_is_gone() {
    let platform = Platform::new("fence_stopped", &["dev"], "ALTER ROLE @dev CREATEDB CREATEROLE");
    let project = Project::new("[tables.t.columns]\nid = \"integer\"\n");
    let dev = platform.url("dev");
    for pause in [20, 40, 60, 80, 100, 140] {
        let mut child = project
            .command(&["diff", "empty", "schema.toml", "--dev-url", &dev])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        let pid = child.id().to_string();
        let killed = std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(killed.success());
        child.wait().unwrap();
    }
    let owner = platform.named("@dev");
    // A role cannot go before its database.
    let members =
        format!("SELECT count(*) FROM pg_auth_members WHERE member::regrole::text = '{owner}'");
    let count: i64 = block_on(async {
        platform.database().connect().await.query_one(&members, &[]).await.unwrap().get(0)
    });
    assert_eq!(count, 0, "roles are left");
}

/// An extension that is not trusted belongs to the user's role there, and comes and goes all the same.
#[test]
fn an_extension_of_the_server_comes_and_goes() {
    let database = TestDatabase::create("extension_goes");
    let project =
        Project::new("[extensions]\nvector = \"*\"\n\n[tables.t.columns]\ne = \"vector(3)\"\n");
    let url = database.url();
    let target = ["--url", &url, "--dev-url", "target"];
    project.ends(0, &[&["revision", "--autogenerate", "-m", "one"], &target[..]].concat());
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &[&["check"], &target[..]].concat());
}
