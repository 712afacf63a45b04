//! Scratch databases and persistent ones, on the embedded engine and on a real server.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use aludel::connection::ssl::SslMode;
use aludel::connection::surroundings::Process;
use aludel::connection::{Address, ConnectError, connect, ignore_notices};
use aludel::scratch::embedded::persistent;
use aludel::scratch::{DatabaseSpec, Engine, EngineChoice, ScratchDatabase, ScratchError};

use super::project::{Outcome, Project};
use super::support::server_url;

/// How long to wait for a database that is in use.
const PATIENCE: Duration = Duration::from_millis(300);

/// The server that tests run on.
fn server() -> Address {
    Address::parse(server_url(), &Process).unwrap()
}

fn spec(extensions: &[&str]) -> DatabaseSpec {
    DatabaseSpec { extensions: extensions.iter().map(|it| (*it).to_owned()).collect() }
}

async fn text(database: &ScratchDatabase, sql: &str) -> String {
    database.query_one(sql, &[]).await.unwrap().get(0)
}

/// What any engine has to do.
async fn check_engine(choice: EngineChoice) {
    let engine = Engine::start(choice).await.unwrap();
    let first = engine.database(&spec(&["vector"])).await.unwrap();
    first
        .batch_execute("CREATE TABLE u (); CREATE INDEX CONCURRENTLY i ON u ((1))")
        .await
        .unwrap_err(); // CONCURRENTLY in a batch is in a transaction.
    for sql in [
        "CREATE SCHEMA extensions",
        "CREATE EXTENSION vector SCHEMA extensions",
        "CREATE TABLE t (e extensions.vector(3))",
    ] {
        first.run(sql).await.unwrap();
    }
    let concurrently =
        "CREATE INDEX CONCURRENTLY i ON t USING hnsw (e extensions.vector_cosine_ops)";
    first.batch_execute(concurrently).await.unwrap();
    assert_eq!(text(&first, "SHOW search_path").await, "public");

    let second = engine.database(&spec(&[])).await.unwrap();
    let tables = "SELECT count(*)::text FROM pg_class WHERE relname = 't'";
    assert_eq!(text(&second, tables).await, "0", "a second database knows nothing of the first");
    assert_eq!(text(&first, tables).await, "1", "both are open at once");
    first.close().await;
    drop(second);
}

#[tokio::test]
async fn the_embedded_engine_makes_databases() {
    check_engine(EngineChoice::Embedded).await;
}

#[tokio::test]
async fn a_server_makes_databases() {
    check_engine(EngineChoice::Server(server())).await;
    check_engine(EngineChoice::Target(server())).await;
    check_engine(EngineChoice::Disposable(server())).await;
}

#[tokio::test]
async fn a_server_keeps_nothing() {
    let engine = Engine::start(EngineChoice::Target(server())).await.unwrap();
    let name = |database: ScratchDatabase| async move {
        (text(&database, "SELECT current_database()::text").await, database)
    };
    let (closed, database) = name(engine.database(&spec(&[])).await.unwrap()).await;
    database.close().await;
    let (dropped, database) = name(engine.database(&spec(&[])).await.unwrap()).await;
    drop(database);
    let session = connect(&server(), ignore_notices()).await.unwrap();
    let left = "SELECT datname FROM pg_database WHERE datname = ANY ($1)";
    let left = session.query(left, &[&vec![closed, dropped]]).await.unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn the_embedded_engine_has_all_its_extensions() {
    let engine = Engine::start(EngineChoice::Embedded).await.unwrap();
    let all = aludel::scratch::embedded::EXTENSIONS;
    let database = engine.database(&spec(all)).await.unwrap();
    for name in all {
        let created = database.batch_execute(&format!("CREATE EXTENSION \"{name}\"")).await;
        created.unwrap_or_else(|it| panic!("{name}: {it:?}"));
    }
    database.close().await;
}

#[tokio::test]
async fn shims_are_extensions_with_members() {
    let engine = Engine::start(EngineChoice::Embedded).await.unwrap();
    let database = engine.database(&spec(&["uuid-ossp", "pgcrypto"])).await.unwrap();
    database
        .batch_execute(
            "CREATE SCHEMA extensions;
             CREATE EXTENSION \"uuid-ossp\" SCHEMA extensions;
             CREATE EXTENSION pgcrypto SCHEMA extensions;
             CREATE TABLE t (id uuid DEFAULT extensions.uuid_generate_v4(), h bytea
                 GENERATED ALWAYS AS (extensions.digest('x', 'sha256')) STORED);
             INSERT INTO t DEFAULT VALUES",
        )
        .await
        .unwrap();
    let members = "SELECT string_agg(n, ' ') FROM (SELECT e.extname || count(*) AS n
         FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
         WHERE d.deptype = 'e' AND d.classid = 'pg_proc'::regclass AND e.extname <> 'plpgsql'
         GROUP BY e.extname ORDER BY 1) x";
    assert_eq!(text(&database, members).await, "pgcrypto36 uuid-ossp10");
    let values = [
        ("uuid_generate_v3(uuid_ns_dns(), 'a')", "4c104dd0-4821-30d5-9ce3-0e7a1f8b7c0d"),
        ("uuid_generate_v5(uuid_nil(), 'a')", "9c6bd5cc-05ac-5e7c-84ab-71165168ff3d"),
        ("digest('a', 'md5')", "\\x0cc175b9c0f1b6a831c399e269772661"),
        ("pgp_sym_decrypt(pgp_sym_encrypt('a', 'k'), 'k')", "a"),
        ("dearmor(armor('a'))", "\\x61"),
        ("gen_salt('bf') LIKE '$bf$%'", "true"),
        ("octet_length(gen_random_bytes(40))", "40"),
    ];
    database.batch_execute("SET search_path TO extensions").await.unwrap();
    for (call, expected) in values {
        assert_eq!(text(&database, &format!("SELECT ({call})::text")).await, expected, "{call}");
    }
    database.close().await;
}

#[tokio::test]
async fn a_missing_extension_is_named() {
    for choice in [EngineChoice::Embedded, EngineChoice::Server(server())] {
        let engine = Engine::start(choice).await.unwrap();
        let error = engine.database(&spec(&["no_such_thing"])).await.err().unwrap();
        let ScratchError::MissingExtension { name, .. } = &error else { panic!("{error}") };
        assert_eq!(name, "no_such_thing");
        assert!(error.hint().unwrap().contains("--dev-url"));
    }
}

#[tokio::test]
async fn roles_are_made_on_demand_where_they_are_ours() {
    let engine = Engine::start(EngineChoice::Embedded).await.unwrap();
    let database = engine.database(&spec(&[])).await.unwrap();
    for _ in 0..2 {
        database.ensure_role(&"Web User".into()).await.unwrap();
    }
    database.batch_execute("CREATE TABLE t (); GRANT SELECT ON t TO \"Web User\"").await.unwrap();

    let engine = Engine::start(EngineChoice::Server(server())).await.unwrap();
    let database = engine.database(&spec(&[])).await.unwrap();
    let refused = database.ensure_role(&"aludel no such role".into()).await;
    assert!(matches!(refused, Err(ScratchError::MissingRole { .. })));
    database.ensure_role(&"postgres".into()).await.unwrap();
}

#[tokio::test]
async fn a_persistent_database_stays_and_is_exclusive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".aludel/db");
    let database = persistent(&path, PATIENCE).await.unwrap();
    let session = connect(database.address(), ignore_notices()).await.unwrap();
    session
        .batch_execute("CREATE EXTENSION vector; CREATE TABLE t AS SELECT '[1,2]'::vector AS e")
        .await
        .unwrap();
    let busy = persistent(&path, PATIENCE).await.err().unwrap();
    assert!(matches!(busy, ScratchError::Busy { .. }), "{busy}");
    session.close().await;
    // One connection after another.
    let session = connect(database.address(), ignore_notices()).await.unwrap();
    session.close().await;
    database.close().await;

    let database = persistent(&path, PATIENCE).await.unwrap();
    let session = connect(database.address(), ignore_notices()).await.unwrap();
    let row = session.query_one("SELECT e::text FROM t", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "[1,2]");
    session.close().await;
    database.close().await;
}

/// Names the folder for the process that is to be killed.
const KILLED: &str = "ALUDEL_TEST_KILLED";

#[tokio::test]
async fn a_killed_process_leaves_a_database_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "scratch::the_process_that_is_killed", "--nocapture"])
        .env(KILLED, folder.path().join("db"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(output.any(|it| it.unwrap().ends_with("committed")));
    child.kill().unwrap();
    child.wait().unwrap();

    let database = persistent(&folder.path().join("db"), PATIENCE).await.unwrap();
    let session = connect(database.address(), ignore_notices()).await.unwrap();
    let row = session.query_one("SELECT count(*) FROM t", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1000);
    session.close().await;
    database.close().await;
}

/// A process that is killed while it makes the database leaves one without the stamp that is written
/// last.
#[tokio::test]
async fn an_unfinished_database_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    std::fs::create_dir_all(path.join("pgdata/base")).unwrap();
    std::fs::write(path.join("pgdata/PG_VERSION"), "17\n").unwrap();
    let database = persistent(&path, PATIENCE).await.unwrap();
    let session = connect(database.address(), ignore_notices()).await.unwrap();
    session.batch_execute("CREATE EXTENSION vector").await.unwrap();
    session.close().await;
    database.close().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

/// Not a test of its own: the other half of the one above.
#[tokio::test]
#[allow(clippy::print_stdout, reason = "what is printed reaches the first half")]
async fn the_process_that_is_killed() {
    let Some(folder) = std::env::var_os(KILLED) else { return };
    let database = persistent(folder.as_ref(), PATIENCE).await.unwrap();
    let session = connect(database.address(), ignore_notices()).await.unwrap();
    let sql = "CREATE TABLE t AS SELECT generate_series(1, 1000) AS i";
    session.batch_execute(sql).await.unwrap();
    session.batch_execute("BEGIN; CREATE TABLE half (); DELETE FROM t").await.unwrap();
    println!("committed");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_refused_connection_says_why() {
    let mut address = server().with_database("aludel_no_such_database");
    let error = connect(&address, ignore_notices()).await.err().unwrap();
    assert!(matches!(error, ConnectError::Refused { .. }), "{error}");
    assert!(error.hint().unwrap().contains("CREATE DATABASE"));

    address.ssl.mode = SslMode::Require;
    let error = connect(&address, ignore_notices()).await.err().unwrap();
    assert_eq!(error.to_string().split(": ").last().unwrap(), "server does not support TLS");

    address.endpoints[0].port = 1;
    let error = connect(&address, ignore_notices()).await.err().unwrap();
    assert!(error.hint().unwrap().contains("is the server running"), "{error}");
}

/// Where there is room in memory clusters are there, unless `TMPDIR` names another place.
#[cfg(all(feature = "embedded", target_os = "linux"))]
#[test]
fn a_folder_for_temporary_files_is_heeded() {
    let project = Project::new("[tables.a.columns]\nid = \"bigint\"\n");
    let run = |folder: Option<&str>| {
        let mut command = project.command(&["diff", "empty", "schema.toml"]);
        match folder {
            Some(it) => command.env("TMPDIR", it),
            None => command.env_remove("TMPDIR"),
        };
        Outcome::of(command)
    };
    run(Some("/dev/null/nowhere")).ended(3).says(&["cannot start the embedded PostgreSQL"]);
    run(None).ended(0);
}
