//! Runs that are stopped or killed on a real server: `status` says where, `upgrade` finishes.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::project::{Outcome, Project};
use super::proxy::Cut;
use super::support::{TestDatabase, block_on};

/// A project whose second revision takes a part, then builds an index CONCURRENTLY.
fn project() -> Project {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE a (id bigint);", Some("DROP TABLE a;"));
    let up = "ALTER TABLE a ADD x bigint;\nCREATE INDEX CONCURRENTLY a_x ON a (x);";
    project.revision("b1", "a1", up, None);
    project
}

/// The program as a terminal starts it: whoever runs the tests may ignore SIGHUP, which it would
/// respect.
fn command(project: &Project, arguments: &[&str]) -> Command {
    let program = project.command(arguments);
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP").arg(program.get_program()).args(program.get_args());
    command.current_dir(program.get_current_dir().expect("a folder")).stdin(Stdio::null());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

fn start(project: &Project, url: &str) -> Child {
    let mut command = command(project, &["upgrade", "--url", url]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

/// Waits until a query of one number finds something.
async fn wait_for(database: &TestDatabase, sql: &str) {
    let begun = Instant::now();
    let client = database.connect().await;
    while client.query_one(sql, &[]).await.expect(sql).get::<_, i64>(0) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing came of {sql}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_long_statement_is_stopped() {
    for (name, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        stopped_while_sleeping(name, status);
    }
}

fn stopped_while_sleeping(name: &str, status: i32) {
    let project = project();
    let database = TestDatabase::create("interrupt");
    let url = database.url();
    project.revision("c1", "b1", "CREATE TABLE c ();\nSELECT pg_sleep(60);", None);
    let child = start(&project, &url);
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event = 'PgSleep'";
    block_on(wait_for(&database, sleeping));
    signal(&child, name);
    let output = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert!(said.contains("error: migrations/c1.up.sql:6:1: interrupted\n"), "{said}");
    assert!(
        said.contains("hint: revision c1 was rolled back; nothing of it is applied\n"),
        "{said}"
    );
    project.ends(0, &["status", "--url", &url]).says(&[
        "current   b1\nhead      c1\napplied   2 revisions\npending   1 revision\n          c1 revision c1\n",
    ]);
    project.revision("c1", "b1", "CREATE TABLE c ();", None);
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied c1 revision c1"]);
}

/// The server sees by itself that the client of a running statement is gone.
#[test]
fn a_client_that_is_killed_keeps_no_locks() {
    let project = project();
    let database = TestDatabase::create("killed");
    let url = database.url();
    project.revision("c1", "b1", "CREATE TABLE c ();\nSELECT pg_sleep(120);", None);
    let sleeping = "FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event = 'PgSleep'";
    let (before, version) = block_on(async {
        let row = "SELECT current_setting('server_version_num')::int";
        let version: i32 = database.connect().await.query_one(row, &[]).await.unwrap().get(0);
        let child = start(&project, &url);
        wait_for(&database, &format!("SELECT count(*) {sleeping}")).await;
        signal(&child, "-KILL");
        let _ = child.wait_with_output();
        (Instant::now(), version)
    });
    if version < 140_000 {
        return;
    }
    block_on(wait_for(&database, &format!("SELECT 1 - count(*) {sleeping}")));
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    project.revision("c1", "b1", "CREATE TABLE c ();", None);
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied c1 revision c1"]);
}

/// A run that is killed within a block goes on with that block.
#[test]
fn a_run_that_is_killed_goes_on_behind_the_blocks_that_are_done() {
    let project = Project::new("");
    let database = TestDatabase::create("killed_block");
    let url = database.url();
    let up = "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\n\nBEGIN;\nCREATE TABLE b ();\nSELECT pg_sleep(60);\n\
              COMMIT;\n\nBEGIN;\nCREATE TABLE c ();\nCOMMIT;";
    project.revision("c1", "", up, None);
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event = 'PgSleep'";
    let child = start(&project, &url);
    block_on(wait_for(&database, sleeping));
    signal(&child, "-KILL");
    let _ = child.wait_with_output();
    block_on(wait_for(&database, &sleeping.replace("count(*)", "1 - count(*)")));
    project.ends(1, &["status", "--url", &url]).says(&[
        "interrupted: c1 is applying, 1 of 3 parts done; `aludel upgrade` continues after them",
    ]);
    project.revision("c1", "", &up.replace("pg_sleep(60)", "1"), None);
    project
        .ends(0, &["upgrade", "--url", &url])
        .says(&["continuing after 1 part that is done", "applied c1"]);
}

/// A connection that is cut says how.
#[test]
fn a_connection_that_is_cut_says_why() {
    let project = Project::new("");
    project.revision("c1", "", "CREATE TABLE c ();\nSELECT pg_sleep(60);", None);
    let database = TestDatabase::create("cut");
    let cut = Cut::before(&database);
    let child = start(&project, &cut.url(&database));
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event = 'PgSleep'";
    block_on(wait_for(&database, sleeping));
    cut.all();
    let output = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the connection was lost: the server closed it"), "{said}");
    // The server has seen it, too.
    block_on(wait_for(&database, &sleeping.replace("count(*)", "1 - count(*)")));
    project.revision("c1", "", "CREATE TABLE c ();", None);
    project.ends(0, &["upgrade", "--url", &database.url()]).says(&["applied c1"]);
}

/// A command is stopped while nobody answers.
#[test]
fn a_connection_that_does_not_come_about_is_stopped() {
    let project = project();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("a port").port();
    let url = format!("postgres://u@127.0.0.1:{port}/x?connect_timeout=0");
    for (arguments, name, status) in
        [(["upgrade", "--url", &url], "-TERM", 143), (["status", "--url", &url], "-HUP", 129)]
    {
        let mut command = command(&project, &arguments);
        let child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let _connected = silent.accept().expect("a connection");
        signal(&child, name);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(
            output.status.code(),
            Some(status),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Who begins a process with SIGHUP ignored wants it to survive its terminal.
#[test]
fn nohup_is_respected() {
    let project = project();
    let database = TestDatabase::create("nohup");
    let url = database.url();
    project.revision("c1", "b1", "CREATE TABLE c ();\nSELECT pg_sleep(2);", None);
    let program = project.command(&["upgrade", "--url", &url]);
    let mut command = Command::new("nohup");
    command.arg(program.get_program()).args(program.get_args());
    command.current_dir(project.path("")).stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nohup");
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event = 'PgSleep'";
    block_on(wait_for(&database, sleeping));
    signal(&child, "-HUP");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Nothing can interrupt the embedded engine, but its process can end.
#[cfg(feature = "embedded")]
#[test]
fn a_second_signal_ends_at_once() {
    use std::io::{BufRead as _, BufReader};
    let project = Project::new("");
    let endless = "SELECT count(*) FROM generate_series(1, 100000000000) AS a;";
    project.revision("a1", "", endless, None);
    let mut command = project.command(&["upgrade"]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut said = BufReader::new(child.stderr.take().expect("its errors")).lines();
    assert!(said.any(|it| it.expect("a line").starts_with("note: applying a1")));
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, "-TERM");
    assert!(said.any(|it| it.expect("a line").contains("press Ctrl-C again to stop at once")));
    let asked = Instant::now();
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    project.revision("a1", "", "CREATE TABLE a ();", None);
    project.ends(0, &["upgrade"]).says(&["applied a1"]);
}

#[test]
fn an_index_build_is_stopped() {
    for (name, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        stopped_while_building(name, Some(status));
    }
}

#[test]
fn an_index_build_is_killed() {
    stopped_while_building("-KILL", None);
}

/// A transaction of somebody else keeps CREATE INDEX CONCURRENTLY waiting; then the run is stopped.
fn stopped_while_building(name: &str, status: Option<i32>) {
    let project = project();
    let database = TestDatabase::create("interrupt_index");
    let url = database.url();
    project.ends(0, &["upgrade", "a1", "--url", &url]);
    block_on(async {
        let other = database.connect().await;
        // It holds a snapshot, and no lock that ALTER TABLE would wait for.
        other
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
            .await
            .expect("BEGIN");
        let child = start(&project, &url);
        let building = "SELECT count(*) FROM pg_stat_progress_create_index \
                        WHERE datname = current_database() AND phase LIKE 'waiting%'";
        wait_for(&database, building).await;
        signal(&child, name);
        let output = child.wait_with_output().expect("the program ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), status, "{said}");
        if status.is_some() {
            assert!(
                said.contains(
                    "1 of 2 parts of revision b1 are applied and committed; run the same"
                ),
                "{said}"
            );
        }
        other.batch_execute("COMMIT").await.expect("a commit");
    });
    let told = project.ends(1, &["status", "--url", &url]);
    let told = told.says(&["current   a1\n", "applied   1 revision\n"]);
    told.says(&[
        "interrupted: b1 is applying, 1 of 2 parts done; `aludel upgrade` continues after them",
    ]);
    project.ends(1, &["check", "--url", &url]).says(&[
        "unapplied: revision b1 (revision b1) was interrupted while applying: 1 of 2 parts done\n",
        "not compared with the migrations: revision b1 is partly applied",
    ]);
    let told: Outcome = project.ends(0, &["upgrade", "--url", &url]);
    told.says(&[
        "note: applying b1 revision b1, continuing after 1 part that is done\n",
        "applied b1",
    ]);
    let valid: bool = block_on(async {
        let sql = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_x'::regclass";
        database.connect().await.query_one(sql, &[]).await.expect(sql).get(0)
    });
    assert!(valid);
    project.ends(0, &["upgrade", "--url", &url]).says(&["nothing to do"]);
}
