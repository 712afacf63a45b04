//! The runner on a real server.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aludel::connection::surroundings::Process;
use aludel::connection::{Address, Witness, ignore_notices};
use aludel::ledger::Direction;
use aludel::ledger_tables::Store;
use aludel::model::ident::Ident;
use aludel::revision::id::RevisionId;
use aludel::revision::target::Target;
use aludel::revision_files::load;
use aludel::runner::{
    Cause, FailurePlace, Left, Progress, Request, RunError, RunReport, RunSettings, Session,
    TransactionScope, record, run,
};
use futures_util::future::poll_fn;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio_postgres::error::DbError;
use tokio_postgres::{AsyncMessage, Client, NoTls};

use super::support::{TestDatabase, consenting};

/// A connection with its notices.
struct Connected {
    client: Client,
    notices: mpsc::UnboundedReceiver<DbError>,
}

async fn connect(url: &str) -> Connected {
    let (client, mut connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let (sender, notices) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|it| connection.poll_message(it)).await {
            if let AsyncMessage::Notice(notice) = message {
                let _ = sender.send(notice);
            }
        }
    });
    Connected { client, notices }
}

/// A folder of revisions beside a database.
pub(crate) struct Bench {
    database: TestDatabase,
    folder: TempDir,
    pub(crate) settings: RunSettings,
}

impl Bench {
    pub(crate) async fn new(hint: &str) -> Self {
        Self {
            database: TestDatabase::create(hint),
            folder: tempfile::tempdir().unwrap(),
            settings: RunSettings { lock_timeout: "200ms".into(), ..consenting() },
        }
    }

    /// Writes a revision on top of another.
    pub(crate) fn revision(&self, id: &str, parent: &str, up: &str, down: &str) -> PathBuf {
        let header = format!("-- Revision: {id}\n-- Revises: {parent}\n-- Message: m {id}\n\n");
        let up_path = self.folder.path().join(format!("{id}.up.sql"));
        fs::write(&up_path, header + up).unwrap();
        fs::write(self.folder.path().join(format!("{id}.down.sql")), down).unwrap();
        up_path
    }

    pub(crate) async fn run(
        &self,
        direction: Direction,
        target: &str,
    ) -> Result<RunReport, RunError> {
        self.observed(direction, target).await.0
    }

    pub(crate) async fn up(&self) -> Result<RunReport, RunError> {
        self.run(Direction::Up, "head").await
    }

    /// A run, and what was told meanwhile.
    pub(crate) async fn observed(
        &self,
        direction: Direction,
        target: &str,
    ) -> (Result<RunReport, RunError>, Vec<String>) {
        let (_trigger, interrupt) = watch::channel(false);
        self.interruptible(direction, target, interrupt).await
    }

    async fn interruptible(
        &self,
        direction: Direction,
        target: &str,
        interrupt: watch::Receiver<bool>,
    ) -> (Result<RunReport, RunError>, Vec<String>) {
        let mut connected = connect(&self.database.url()).await;
        let mut address = Address::parse(&self.database.url(), &Process).unwrap();
        address.application_name = "witness".to_owned();
        let mut witness = aludel::connection::connect(&address, ignore_notices()).await.unwrap();
        let session = Session {
            client: &connected.client,
            witness: Some(witness.as_witness()),
            notices: &mut connected.notices,
            interrupt,
        };
        let mut told = Vec::new();
        let mut observer = |it: Progress<'_>| told.push(shown(&it));
        let graph = load(&[self.folder.path()]).unwrap();
        let targets = [Target::parse(target).unwrap()];
        let request =
            Request { graph: &graph, direction, targets: &targets, until_contract: false };
        let done = run(session, &self.settings, request, &mut observer).await;
        (done, told)
    }

    pub(crate) async fn client(&self) -> Client {
        connect(&self.database.url()).await.client
    }

    /// The rows of a query as text.
    pub(crate) async fn query(&self, sql: &str) -> Vec<String> {
        let sql = format!("SELECT t::text FROM ({sql}) AS t");
        let rows = self.client().await.query(&sql, &[]).await.unwrap();
        rows.iter().map(|it| it.get(0)).collect()
    }

    async fn revisions(&self) -> Vec<String> {
        self.query("SELECT id, state, segments_done, segments FROM aludel.revision ORDER BY id")
            .await
    }

    pub(crate) async fn events(&self) -> Vec<String> {
        self.query("SELECT action, revision, sqlstate FROM aludel.event ORDER BY id").await
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(name)
    }
}

fn shown(progress: &Progress<'_>) -> String {
    match progress {
        Progress::Waiting { holder } => format!("waiting for {}", holder.is_some()),
        Progress::Started { id, resumed, .. } => format!("started {id} at {resumed}"),
        Progress::Statement { line, .. } => format!("line {line}"),
        Progress::Skipped { line, command, .. } => format!("skipped {command} in line {line}"),
        Progress::Batch { progress, .. } => {
            format!("{} rows up to {}", progress.rows, progress.reached())
        }
        Progress::Lagging { .. } => "lagging".to_owned(),
        Progress::NoLongerWaiting { .. } => "no longer waiting".to_owned(),
        Progress::Clearing { left } => format!("clearing {left}"),
        Progress::LeftAlone { left } => format!("left alone: {left}"),
        Progress::Notice(notice) => format!("{}: {}", notice.severity, notice.message),
        Progress::Blocked { holders } => format!("blocked by {}", holders[0].application),
        Progress::Autovacuum { autovacuum } => format!("asked {autovacuum} to stop"),
        Progress::Retrying { retry, of, reason, .. } => {
            format!("retry {retry} of {of} after {}", reason.sqlstate)
        }
        Progress::Finished(it) => format!("finished {}", it.id),
    }
}

pub(crate) fn ids(report: &RunReport) -> Vec<&str> {
    report.finished.iter().map(|it| it.id.as_str()).collect()
}

/// Waits until a query gives true.
pub(crate) async fn until(client: &Client, sql: &str) {
    for _ in 0..1000 {
        if client.query_one(sql, &[]).await.unwrap().get(0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never true: {sql}");
}

#[tokio::test]
async fn applies_and_takes_back() {
    let bench = Bench::new("applies").await;
    bench.revision("a", "", "create table t (i int);\ninsert into t values (1);", "drop table t;");
    bench.revision(
        "b",
        "a",
        "do $$ begin raise notice 'hello'; end $$;\nalter table t add j int;",
        "alter table t drop j;",
    );
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a", "b"]);
    assert_eq!(
        told,
        [
            "started a at 0",
            "line 5",
            "line 6",
            "finished a",
            "started b at 0",
            "NOTICE: hello",
            "line 5",
            "line 6",
            "finished b",
        ]
    );
    assert_eq!(bench.revisions().await, ["(a,applied,1,1)", "(b,applied,1,1)"]);
    assert_eq!(ids(&bench.up().await.unwrap()), [""; 0]);

    let graph = load(&[bench.folder.path()]).unwrap();
    let applied = Store::new(Ident::new("aludel")).read(&bench.client().await).await.unwrap();
    let b = RevisionId::parse("b").unwrap();
    let row = applied.get(&b).unwrap();
    let checksum = graph.checksum(&b).map(ToString::to_string);
    assert_eq!(Some(row.checksum.to_string()), checksum);
    assert_eq!(Some(&row.chain), graph.chain(&b));
    assert_eq!((row.message.as_str(), row.applied_at.len()), ("m b", 20));

    assert_eq!(ids(&bench.run(Direction::Down, "-1").await.unwrap()), ["b"]);
    assert_eq!(ids(&bench.run(Direction::Down, "base").await.unwrap()), ["a"]);
    assert_eq!(bench.revisions().await, [""; 0]);
    assert_eq!(bench.query("SELECT to_regclass('t')").await, ["()"]);
    assert_eq!(
        bench.events().await,
        ["(upgrade,a,)", "(upgrade,b,)", "(downgrade,b,)", "(downgrade,a,)",]
    );
}

#[tokio::test]
async fn another_schema_for_the_ledger() {
    let mut bench = Bench::new("ledger").await;
    bench.settings.ledger_schema = Ident::new("O'Brien's");
    bench.revision("a", "", "create table t (i int);", "drop table t;");
    bench.up().await.unwrap();
    bench.run(Direction::Down, "base").await.unwrap();
    let events = bench.query("SELECT action FROM \"O'Brien's\".event ORDER BY id").await;
    assert_eq!(events, ["(upgrade)", "(downgrade)"]);
}

#[tokio::test]
async fn two_sessions_may_create_the_ledger_at_once() {
    let bench = Bench::new("create").await;
    let (one, other) = (bench.client().await, bench.client().await);
    let store = Store::new(Ident::new("aludel"));
    for _ in 0..30 {
        let (a, b) = tokio::join!(store.create(&one), store.create(&other));
        a.unwrap();
        b.unwrap();
        one.batch_execute("drop schema aludel cascade").await.unwrap();
    }
}

#[tokio::test]
async fn nothing_to_do_leaves_no_trace() {
    let bench = Bench::new("nothing").await;
    assert_eq!(bench.up().await.unwrap(), RunReport::default());
    assert_eq!(bench.query("SELECT to_regnamespace('aludel')").await, ["()"]);
}

#[tokio::test]
async fn edited_files_stop_a_run() {
    let bench = Bench::new("edited").await;
    let path = bench.revision("a", "", "create table t (i int);", "drop table t;");
    bench.up().await.unwrap();
    fs::write(&path, fs::read_to_string(&path).unwrap() + "select 1;\n").unwrap();
    bench.revision("b", "a", "create table u (i int);", "drop table u;");
    let error = bench.up().await.unwrap_err().to_string();
    let expected = format!("{}: revision `a` was edited", path.display());
    assert!(error.contains(&expected), "{error}");
    assert_eq!(bench.query("SELECT to_regclass('u')").await, ["()"]);
}

#[tokio::test]
async fn edited_comments_stop_nothing() {
    let bench = Bench::new("comments").await;
    let path = bench.revision("a", "", "create table t (i int);", "drop table t;");
    fs::remove_file(bench.path("a.down.sql")).unwrap();
    bench.up().await.unwrap();
    let text = fs::read_to_string(&path).unwrap().replace("-- Message: m a", "-- Message: M A");
    fs::write(&path, text + "-- more\n").unwrap();
    fs::write(bench.path("a.down.sql"), "drop table t;").unwrap();
    bench.revision("b", "a", "create table u (i int);", "drop table u;");
    assert_eq!(ids(&bench.up().await.unwrap()), ["b"]);
    assert_eq!(ids(&bench.run(Direction::Down, "base").await.unwrap()), ["b", "a"]);
}

#[tokio::test]
async fn failures_are_explained_and_undone() {
    let bench = Bench::new("fails").await;
    bench.revision("a", "", "create table t (i int);", "drop table t;");
    bench.revision("b", "a", "create table u (i int);\ninsert into u\n  select 'é', boom;", "");
    let error = bench.up().await.unwrap_err();
    let RunError::Failed(failure) = error else { panic!("{error}") };
    assert_eq!(failure.path, bench.path("b.up.sql"));
    assert_eq!(failure.place, Some(FailurePlace { line: 7, column: 15 }));
    assert_eq!((failure.sqlstate(), failure.left), (Some("42703"), Left::Nothing));
    assert!(failure.recorded);
    assert!(failure.to_string().ends_with("b.up.sql:7:15: column \"boom\" does not exist"));
    assert_eq!(bench.revisions().await, ["(a,applied,1,1)"]);
    assert_eq!(bench.query("SELECT to_regclass('u')").await, ["()"]);
    assert_eq!(bench.events().await, ["(upgrade,a,)", "(failure,b,42703)"]);
}

#[tokio::test]
async fn deferred_constraints_fail_at_the_commit() {
    let bench = Bench::new("deferred").await;
    bench.revision("a", "",
        "create table t (i int unique deferrable initially deferred);\ninsert into t values (1), (1);", "");
    let error = bench.up().await.unwrap_err();
    let RunError::Failed(failure) = error else { panic!("{error}") };
    assert_eq!((failure.sqlstate(), failure.place), (Some("23505"), None));
    let Cause::Server(message) = &failure.cause else { panic!("{failure}") };
    assert_eq!(message.detail.as_deref(), Some("Key (i)=(1) already exists."));
    assert_eq!(bench.events().await, ["(failure,a,23505)"]);
}

#[tokio::test]
async fn one_transaction_for_all() {
    let mut bench = Bench::new("all").await;
    bench.settings.transaction = TransactionScope::All;
    bench.revision("a", "", "create table t (i int);", "drop table t;");
    bench.revision("b", "a", "boom;", "");
    assert!(bench.up().await.is_err());
    assert_eq!(bench.revisions().await, [""; 0]);
    bench.revision("b", "a", "alter table t add j int;", "alter table t drop j;");
    assert_eq!(ids(&bench.up().await.unwrap()), ["a", "b"]);
    let transactions = "SELECT count(DISTINCT xmin::text) FROM aludel.revision";
    assert_eq!(bench.query(transactions).await, ["(1)"]);
}

#[tokio::test]
async fn a_revision_does_not_see_the_settings_of_another() {
    let bench = Bench::new("settings").await;
    bench.revision("a", "",
        "create schema s;\nset search_path = s;\nset role pg_read_all_data;\nset lock_timeout = '1h';", "");
    bench.revision(
        "b",
        "a",
        "create table t as select current_setting('lock_timeout') as l, current_user as u;",
        "",
    );
    bench.up().await.unwrap();
    assert_eq!(bench.query("SELECT l, u <> 'pg_read_all_data' FROM public.t").await, ["(200ms,t)"]);
}

#[tokio::test]
async fn two_runs_at_once_do_the_work_once() {
    let bench = Bench::new("twice").await;
    for count in 0..50 {
        bench.revision("a", "", "create table t (i int);\nselect pg_sleep(0.02);", "drop table t;");
        let (one, other) = tokio::join!(bench.up(), bench.up());
        let mut sizes = [one.unwrap().finished.len(), other.unwrap().finished.len()];
        sizes.sort_unstable();
        assert_eq!(sizes, [0, 1], "round {count}");
        if count % 2 == 0 {
            bench.run(Direction::Down, "base").await.unwrap();
        } else {
            bench
                .client()
                .await
                .batch_execute("drop schema aludel cascade; drop table t")
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn who_is_at_work_is_told() {
    let mut bench = Bench::new("holder").await;
    bench.settings.lock_wait = Some(Duration::from_millis(100));
    bench.revision("a", "", "create table t ();\nselect pg_sleep(1);", "");
    let second = async {
        until(
            &bench.client().await,
            "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .await;
        bench.observed(Direction::Up, "head").await
    };
    let (first, (second, told)) = tokio::join!(bench.up(), second);
    assert_eq!(ids(&first.unwrap()), ["a"]);
    assert_eq!(told, ["waiting for true"]);
    let RunError::Locked { holder: Some(holder) } = second.unwrap_err() else { panic!() };
    assert_eq!((holder.application.as_str(), holder.since.is_some()), ("aludel", true));
}

#[tokio::test]
async fn segments_are_run_one_by_one() {
    let bench = Bench::new("segments").await;
    bench.revision(
        "a",
        "",
        "create type mood as enum ('ok');\ncreate table t (i int, m mood);\n\
         alter type mood add value 'meh';\ninsert into t values (1, 'meh');\n\
         create index concurrently t_i on t (i);\ninsert into t values (2, 'ok');",
        "drop index concurrently t_i;\ndrop table t;\ndrop type mood;",
    );
    bench.up().await.unwrap();
    assert_eq!(bench.revisions().await, ["(a,applied,4,4)"]);
    assert_eq!(bench.query("SELECT count(*) FROM t").await, ["(2)"]);
    bench.run(Direction::Down, "base").await.unwrap();
    assert_eq!(bench.revisions().await, [""; 0]);
    assert_eq!(bench.query("SELECT to_regclass('t')").await, ["()"]);
}

#[tokio::test]
async fn a_failed_segment_is_resumed_and_may_be_corrected() {
    let bench = Bench::new("resume").await;
    let up = "create table t (i int);\ninsert into t values (1), (1);\n\
              create unique index concurrently t_i on t (i);\ncreate table u ();";
    bench.revision("a", "", up, "drop table t, u;");
    let error = bench.up().await.unwrap_err();
    let RunError::Failed(failure) = error else { panic!("{error}") };
    assert_eq!(
        (failure.sqlstate(), failure.left),
        (Some("23505"), Left::Segments { done: 1, of: 3 })
    );
    assert_eq!(bench.revisions().await, ["(a,applying,1,3)"]);
    let error = bench.run(Direction::Down, "base").await.unwrap_err().to_string();
    assert_eq!(error, "revision `a` is partly applied: finish the interrupted upgrade first");

    bench.revision("a", "", &up.replace("(1), (1)", "(1)"), "drop table t, u;");
    let error = bench.up().await.unwrap_err().to_string();
    assert!(
        error.ends_with("did 1 of 3 parts of this file, but these were edited since"),
        "{error}"
    );

    bench.revision("a", "", &up.replace("unique ", ""), "drop table t, u;");
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(
        told,
        [
            "started a at 1",
            "clearing invalid index t_i of table t",
            "line 7",
            "line 8",
            "finished a"
        ]
    );
    assert_eq!(bench.revisions().await, ["(a,applied,3,3)"]);
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_i'::regclass";
    assert_eq!(bench.query(valid).await, ["(t)"]);
    assert_eq!(bench.up().await.unwrap(), RunReport::default());
}

/// The backends of runs.
const RUNS: &str = "pid <> pg_backend_pid() AND application_name = 'aludel' \
                    AND datname = current_database()";

#[tokio::test]
async fn killed_in_the_middle_of_concurrently() {
    let bench = Bench::new("killed").await;
    bench.revision(
        "a",
        "",
        "create table t (i int);\ncreate index concurrently t_i on t (i);\ncreate table u ();",
        "",
    );
    // CONCURRENTLY waits for the end of this transaction's snapshot.
    let old = bench.client().await;
    old.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").await.unwrap();
    let killer = async {
        let client = bench.client().await;
        until(
            &client,
            "SELECT count(*) > 0 FROM pg_index WHERE indrelid = to_regclass('t') AND indisready",
        )
        .await;
        // Longer than the lock_timeout: it does not count here.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {RUNS}");
        assert_eq!(client.query(&sql, &[]).await.unwrap().len(), 1);
    };
    let (done, ()) = tokio::join!(bench.up(), killer);
    let RunError::Failed(failure) = done.unwrap_err() else { panic!() };
    assert_eq!((failure.sqlstate(), failure.recorded), (Some("57P01"), false));
    record(&bench.client().await, &bench.settings, &failure).await.unwrap();
    assert_eq!(bench.events().await, ["(upgrade,a,)", "(failure,a,57P01)"]);
    assert_eq!(
        bench.query("SELECT state, segments_done, segment_open FROM aludel.revision").await,
        ["(applying,1,t)"]
    );
    old.batch_execute("COMMIT").await.unwrap();
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(
        told,
        [
            "started a at 1",
            "clearing invalid index t_i of table t",
            "line 6",
            "line 7",
            "finished a"
        ]
    );
    assert_eq!(bench.query("SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass").await,
        ["(t_i,t)"]);
}

#[tokio::test]
async fn killed_after_concurrently_was_done() {
    let bench = Bench::new("late").await;
    let up = "create table t (i int);\ncreate index concurrently t_i on t (i);\n\
              create index concurrently t_i2 on t (i);\ndrop index concurrently t_i;";
    bench.revision("a", "", up, "");
    bench.up().await.unwrap();
    let client = bench.client().await;
    // As if the run had ended after the statement and before its mark.
    let again = "UPDATE aludel.revision SET state = 'applying', segments_done = segments - 1, segment_open = true";
    client.batch_execute(again).await.unwrap();
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(told, ["started a at 3", "finished a"]);
    // Not begun: then the index is somebody else's, and the server says so.
    bench.revision("b", "a", "create index concurrently t_i2 on t (i);", "");
    for _ in 0..2 {
        let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
        assert_eq!(failure.sqlstate(), Some("42P07"));
    }
}

#[tokio::test]
async fn interrupted_runs_say_so() {
    let bench = Bench::new("stopped").await;
    bench.revision("a", "", "create table t ();\nselect pg_sleep(60);", "");
    let (trigger, interrupt) = watch::channel(false);
    let stop = async {
        let client = bench.client().await;
        let sleeping = format!("FROM pg_stat_activity WHERE {RUNS} AND query LIKE '%pg_sleep(60)'");
        until(&client, &format!("SELECT count(*) > 0 {sleeping}")).await;
        trigger.send(true).unwrap();
        client.query(&format!("SELECT pg_cancel_backend(pid) {sleeping}"), &[]).await.unwrap();
    };
    let ((done, _), ()) = tokio::join!(bench.interruptible(Direction::Up, "head", interrupt), stop);
    let RunError::Failed(failure) = done.unwrap_err() else { panic!() };
    assert_eq!((&failure.cause, failure.left), (&Cause::Interrupted, Left::Nothing));
    assert_eq!(bench.events().await, ["(failure,a,)"]);
    assert_eq!(bench.revisions().await, [""; 0]);
}

/// A pooler gives two clients one backend, one after the other. Here one client is both.
#[tokio::test]
async fn a_shared_backend_is_refused() {
    let bench = Bench::new("pooler").await;
    let mut connected = connect(&bench.database.url()).await;
    let (_trigger, interrupt) = watch::channel(false);
    let (_sender, mut unheard) = mpsc::unbounded_channel();
    let session = Session {
        client: &connected.client,
        witness: Some(Witness { client: &connected.client, notifications: &mut unheard }),
        notices: &mut connected.notices,
        interrupt,
    };
    let graph = load(&[bench.folder.path()]).unwrap();
    let targets = &[Target::HEAD];
    let request =
        Request { graph: &graph, direction: Direction::Up, targets, until_contract: false };
    let done = run(session, &bench.settings, request, &mut |_: Progress<'_>| {}).await;
    assert!(matches!(done.unwrap_err(), RunError::Pooler));
}

/// A line that goes silent leaves neither session of a run on the server.
#[tokio::test]
async fn the_server_watches_over_both_sessions() {
    let bench = Bench::new("watched").await;
    bench.revision("a", "", "create table t ();", "");
    let mut connected = connect(&bench.database.url()).await;
    let address = Address::parse(&bench.database.url(), &Process).unwrap();
    let mut witness = aludel::connection::connect(&address, ignore_notices()).await.unwrap();
    let (_trigger, interrupt) = watch::channel(false);
    let session = Session {
        client: &connected.client,
        witness: Some(witness.as_witness()),
        notices: &mut connected.notices,
        interrupt,
    };
    let graph = load(&[bench.folder.path()]).unwrap();
    let targets = &[Target::HEAD];
    let request =
        Request { graph: &graph, direction: Direction::Up, targets, until_contract: false };
    run(session, &bench.settings, request, &mut |_: Progress<'_>| {}).await.unwrap();
    for client in [&connected.client, &*witness] {
        let row = client.query_one("SHOW tcp_keepalives_idle", &[]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), "30");
    }
}

#[tokio::test]
async fn a_lost_lock_stops_the_run() {
    let bench = Bench::new("unlocked").await;
    bench.revision("a", "", "select pg_advisory_unlock_all();", "");
    bench.revision("b", "a", "create table t ();", "");
    assert!(matches!(bench.up().await.unwrap_err(), RunError::LockLost));
    assert_eq!(bench.revisions().await, ["(a,applied,1,1)"]);
}
