//! Statements that are cut off in the middle, on a real server: by every end that a client or its
//! connection can come to, in a run and in the script of `--sql`. What is left, what `status` says of
//! it, how long it takes until no lock is held, and that the next run ends with exactly the catalog of
//! a run that was not cut.

use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio_postgres::Client;

use crate::offline::{psql, psql_program};
use crate::project::Project;
use crate::proxy::Cut;
use crate::support::{TestDatabase, block_on};

/// A statement, and how it is held in the middle.
struct Case {
    /// What the statement is about, for messages.
    name: &'static str,
    /// The statements of the second revision.
    statements: &'static str,
    /// Whether they stand in its down file.
    is_down: bool,
    /// A session that keeps the statement waiting.
    hold: &'static str,
    /// A query of one number, which is not zero once the statement is in the middle.
    middle: &'static str,
    /// By which ends it is cut.
    ends: Ends,
    /// What `status` says is left, a line for each thing; nothing where the revision is rolled back.
    left: &'static [&'static str],
}

/// Which of the ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    All,
    /// One of each kind.
    Main,
}

/// What every database has before.
const SETUP: &str = "CREATE TABLE t (a integer PRIMARY KEY, b text);\n\
    INSERT INTO t SELECT g, repeat('x', g) FROM generate_series(1, 50) AS g;\n\
    CREATE INDEX t_b ON t (b);\n\
    CREATE TABLE p (a integer, b text) PARTITION BY RANGE (a);\n\
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);\n\
    CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);\n\
    CREATE INDEX p_b ON p (b);\n\
    CREATE TABLE gate (a integer);\n\
    CREATE TABLE done (a integer);\n\
    CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN\n\
      INSERT INTO done VALUES (1); COMMIT;\n\
      WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.02); END LOOP;\n\
    END $$;\n\
    CREATE SCHEMA s;\nCREATE TABLE s.x (a integer);\nCREATE INDEX x_a ON s.x (a);";

/// A snapshot, for whose end an index build waits, and no lock.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1";
/// Who waits for a snapshot.
const BUILDING: &str = "SELECT count(*) FROM pg_stat_progress_create_index \
                        WHERE datname = current_database() AND phase = 'waiting for old snapshots'";
/// Who waits for readers after the new indexes have taken the place of the old ones.
const SWAPPED: &str = "SELECT count(*) FROM pg_stat_progress_create_index \
                       WHERE datname = current_database() AND phase LIKE 'waiting for readers%'";

const CASES: &[Case] = &[
    Case {
        name: "transaction",
        statements: "DO $$ BEGIN WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;",
        is_down: false,
        hold: "INSERT INTO gate VALUES (1)",
        middle: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
        ends: Ends::All,
        left: &[],
    },
    Case {
        name: "create_named",
        statements: "CREATE INDEX CONCURRENTLY t_named ON t (b);",
        is_down: false,
        hold: SNAPSHOT,
        middle: BUILDING,
        ends: Ends::All,
        left: &[
            "invalid index t_named of table t: the next `aludel upgrade` starts with DROP INDEX \
             CONCURRENTLY public.t_named",
        ],
    },
    Case {
        name: "create_unnamed",
        statements: "CREATE INDEX CONCURRENTLY ON t (b);",
        is_down: false,
        hold: SNAPSHOT,
        middle: BUILDING,
        ends: Ends::All,
        left: &[
            "invalid index t_b_idx of table t: the next `aludel upgrade` starts with DROP INDEX \
             CONCURRENTLY public.t_b_idx",
        ],
    },
    Case {
        name: "drop",
        statements: "DROP INDEX CONCURRENTLY t_b;",
        is_down: false,
        hold: "BEGIN; SELECT FROM t LIMIT 1",
        middle: "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
        ends: Ends::All,
        left: &["invalid index t_b of table t: the next `aludel upgrade` starts with DROP INDEX \
             CONCURRENTLY public.t_b"],
    },
    Case {
        name: "reindex_building",
        statements: "REINDEX TABLE CONCURRENTLY t;",
        is_down: false,
        hold: SNAPSHOT,
        middle: BUILDING,
        ends: Ends::All,
        left: &[
            "invalid index pg_toast.pg_toast_N_index_ccnew of table t: the next `aludel upgrade` \
             starts with DROP INDEX CONCURRENTLY pg_toast.pg_toast_N_index_ccnew",
            "invalid index t_b_ccnew of table t: the next `aludel upgrade` starts with DROP INDEX \
             CONCURRENTLY public.t_b_ccnew",
            "invalid index t_pkey_ccnew of table t: the next `aludel upgrade` starts with DROP \
             INDEX CONCURRENTLY public.t_pkey_ccnew",
        ],
    },
    Case {
        name: "reindex_swapped",
        statements: "REINDEX (VERBOSE FALSE, CONCURRENTLY) INDEX t_pkey;",
        is_down: false,
        hold: "BEGIN; SELECT FROM t LIMIT 1",
        middle: SWAPPED,
        ends: Ends::All,
        left: &[
            "invalid index t_pkey_ccold of table t: the next `aludel upgrade` starts with DROP \
             INDEX CONCURRENTLY public.t_pkey_ccold",
        ],
    },
    Case {
        name: "reindex_partition",
        statements: "REINDEX INDEX CONCURRENTLY p_b;",
        is_down: false,
        hold: "BEGIN; SELECT FROM ONLY p2",
        // Those of p1 do not wait.
        middle: "SELECT count(*) FROM pg_stat_progress_create_index \
                 WHERE datname = current_database() AND relid = to_regclass('p2') AND phase LIKE 'waiting for readers%'",
        ends: Ends::Main,
        left: &[
            "invalid index p2_b_idx_ccold of table p2: the next `aludel upgrade` starts with DROP \
             INDEX CONCURRENTLY public.p2_b_idx_ccold",
        ],
    },
    Case {
        name: "reindex_schema",
        statements: "REINDEX SCHEMA CONCURRENTLY s;",
        is_down: false,
        hold: "BEGIN; SELECT FROM s.x",
        middle: SWAPPED,
        ends: Ends::Main,
        left: &[
            "invalid index s.x_a_ccold of table s.x: the next `aludel upgrade` starts with DROP \
             INDEX CONCURRENTLY s.x_a_ccold",
        ],
    },
    Case {
        name: "detach",
        statements: "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;",
        is_down: false,
        hold: "BEGIN; SELECT FROM p",
        middle: "SELECT count(*) FROM pg_inherits WHERE inhdetachpending",
        ends: Ends::All,
        left: &[
            "partition p1 of table p, its detach pending: the next `aludel upgrade` starts with \
             ALTER TABLE public.p DETACH PARTITION public.p1 FINALIZE",
        ],
    },
    Case {
        name: "call",
        statements: "CALL work();",
        is_down: false,
        hold: "INSERT INTO gate VALUES (1)",
        middle: "SELECT count(*) FROM done",
        ends: Ends::Main,
        left: &["it may have left committed changes; the statement is run again from the start"],
    },
    Case {
        name: "down_drop",
        statements: "DROP INDEX CONCURRENTLY t_b;",
        is_down: true,
        hold: "BEGIN; SELECT FROM t LIMIT 1",
        middle: "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
        ends: Ends::Main,
        left: &[
            "invalid index t_b of table t: the next `aludel downgrade` starts with DROP INDEX \
             CONCURRENTLY public.t_b",
        ],
    },
    Case {
        name: "down_create_unnamed",
        statements: "CREATE INDEX CONCURRENTLY ON t (b);",
        is_down: true,
        hold: SNAPSHOT,
        middle: BUILDING,
        ends: Ends::Main,
        left: &[
            "invalid index t_b_idx of table t: the next `aludel downgrade` starts with DROP INDEX \
             CONCURRENTLY public.t_b_idx",
        ],
    },
];

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A signal to the client, and the status that a run ends with.
    Signal(&'static str, Option<i32>),
    /// The server ends the session: `pg_terminate_backend`.
    Terminated,
    /// The connection is closed from outside.
    Cut,
}

impl End {
    fn is_main(self) -> bool {
        matches!(self, Self::Signal("INT" | "KILL", _) | Self::Terminated)
    }
}

/// Each with who finishes what a script began: the script again, or a run.
const ENDS: [(End, Tool); 6] = [
    (End::Signal("INT", Some(130)), Tool::Script),
    (End::Signal("TERM", Some(143)), Tool::Run),
    (End::Signal("HUP", Some(129)), Tool::Script),
    (End::Signal("KILL", None), Tool::Script),
    (End::Terminated, Tool::Run),
    (End::Cut, Tool::Run),
];

/// Who runs the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    /// `upgrade` or `downgrade`.
    Run,
    /// The script of `--sql`, by psql.
    Script,
}

impl Case {
    fn project(&self) -> Project {
        let project = Project::new("");
        // The wait of DETACH ends with the lock_timeout, which is a test of its own.
        project.write("aludel.toml", "[database]\nlock_timeout = \"30s\"\n");
        project.revision("a1", "", SETUP, None);
        let statements = match self.name {
            "transaction" => format!("CREATE TABLE earlier ();\n{}", self.statements),
            _ => format!("CREATE TABLE earlier ();\n{}\nCREATE TABLE later ();", self.statements),
        };
        let (up, down) = match self.is_down {
            true => ("SELECT 1;", statements.as_str()),
            false => (statements.as_str(), ""),
        };
        project.revision("b1", "a1", up, Some(down));
        if self.name == "call" {
            let text = project.read("migrations/b1.up.sql");
            project
                .write("migrations/b1.up.sql", &text.replace("\n\n", "\n-- Transaction: none\n\n"));
        }
        project
    }

    /// Brings a database to where the statements begin.
    fn prepare(&self, project: &Project, url: &str) {
        project.ends(0, &["upgrade", if self.is_down { "b1" } else { "a1" }, "--url", url]);
    }

    fn arguments<'a>(&self, url: &'a str) -> Vec<&'a str> {
        match self.is_down {
            true => vec!["downgrade", "a1", "--url", url],
            false => vec!["upgrade", "--url", url],
        }
    }

    fn script(&self, project: &Project) -> String {
        match self.is_down {
            true => project.ends(0, &["downgrade", "--sql", "b1:a1"]),
            false => project.ends(0, &["upgrade", "--sql", "a1:b1"]),
        }
        .stdout
    }
}

/// Everything in a catalog that one of the statements could leave otherwise, and the ledger.
fn catalog(database: &TestDatabase) -> String {
    let sql = "SELECT regexp_replace(it, 'pg_toast_[0-9]+', 'pg_toast_N', 'g') FROM ( \
        SELECT concat_ws(' ', i.indrelid::regclass, i.indexrelid::regclass, i.indisvalid, i.indisready, \
                         i.indislive, pg_get_indexdef(i.indexrelid), x.conname) \
          FROM pg_index AS i LEFT JOIN pg_constraint AS x ON x.conindid = i.indexrelid \
         WHERE i.indrelid >= 16384 AND i.indrelid::regclass::text NOT LIKE 'aludel%' \
           AND i.indrelid NOT IN (SELECT reltoastrelid FROM pg_class WHERE relnamespace = to_regnamespace('aludel')) \
        UNION ALL SELECT concat_ws(' ', oid::regclass, relkind, relispartition) FROM pg_class \
         WHERE oid >= 16384 AND relnamespace IN ('public'::regnamespace, 's'::regnamespace) \
        UNION ALL SELECT concat_ws(' ', inhrelid::regclass, inhparent::regclass, inhdetachpending) FROM pg_inherits \
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
        UNION ALL SELECT concat_ws(' ', id, state, segments_done, segment_open) FROM aludel.revision) AS x (it) ORDER BY 1";
    block_on(async {
        let rows = database.connect().await.query(sql, &[]).await.expect("a catalog");
        rows.iter().fold(String::new(), |mut text, row| {
            let _ = writeln!(text, "{}", row.get::<_, String>(0));
            text
        })
    })
}

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// A program with the signals as a terminal leaves them.
fn signalled(program: &Command) -> Command {
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP,INT,TERM").arg(program.get_program());
    command.args(program.get_args()).stdin(Stdio::null());
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.expect(sql).get(0)
}

/// Waits until a query of one number finds something, or nothing any more.
async fn until(client: &Client, sql: &str, found: bool) {
    let begun = Instant::now();
    while (number(client, sql).await > 0) != found {
        assert!(begun.elapsed() < Duration::from_secs(90), "waited in vain for {sql}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The sessions of runs and scripts.
const SESSIONS: &str = "SELECT count(*) FROM pg_stat_activity \
                        WHERE datname = current_database() AND application_name = 'aludel'";

/// What the ways of one case share.
struct Shared {
    case: &'static Case,
    project: Project,
    /// The script that does what a run does.
    script: String,
    /// A database where the statements begin.
    begin: TestDatabase,
    /// The catalog that a run leaves which was not cut.
    wanted: String,
}

/// Cuts a case off in every way, all at once: most of it is waiting.
fn check(name: &str) {
    let case = CASES.iter().find(|it| it.name == name).expect("a case");
    let project = case.project();
    let begin = TestDatabase::create("begin");
    case.prepare(&project, &begin.url());
    let uncut = TestDatabase::copy(&begin);
    project.ends(0, &case.arguments(&uncut.url()));
    let script = case.script(&project);
    project.write("script.sql", &script);
    let shared = Shared { case, project, script, begin, wanted: catalog(&uncut) };
    std::thread::scope(|scope| {
        for &(end, finisher) in ENDS.iter().filter(|it| case.ends == Ends::All || it.0.is_main()) {
            let shared = &shared;
            scope.spawn(move || shared.check(Tool::Run, end, Tool::Run));
            scope.spawn(move || shared.check(Tool::Script, end, finisher));
        }
    });
}

impl Shared {
    fn check(&self, tool: Tool, end: End, finisher: Tool) {
        let Self { case, project, .. } = self;
        let database = TestDatabase::copy(&self.begin);
        let url = database.url();
        let locked = cut(case, project, &database, tool, end);
        let context = format!("{} {tool:?} {end:?}", case.name);
        assert!(locked < Duration::from_secs(10), "{context}: locked for {locked:?}");

        let status = project.run(&["status", "--url", &url]);
        let said = numbered(&status.stdout);
        let left = case.left.iter().all(|it| said.contains(&format!("          {it}\n")));
        let is_clean = case.left.is_empty();
        assert_eq!(status.status, Some(i32::from(!is_clean)), "{context}: {status}");
        assert!(left && said.contains("interrupted:") != is_clean, "{context}: {status}");

        match finisher {
            Tool::Run => {
                project.ends(0, &case.arguments(&url));
            }
            Tool::Script => {
                let (status, said) = psql(&database, &self.script);
                assert_eq!(status, Some(0), "{context}: {said}");
            }
        }
        assert_eq!(catalog(&database), self.wanted, "{context}");
    }
}

/// The numbers of TOAST tables are those of their tables, which differ.
fn numbered(text: &str) -> String {
    let mut parts = text.split("pg_toast_");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown += "pg_toast_";
        match part.trim_start_matches(|it: char| it.is_ascii_digit()) {
            rest if rest.len() < part.len() => shown += &format!("N{rest}"),
            rest => shown += rest,
        }
    }
    shown
}

/// Runs a case until it is in the middle, and ends it there. Gives how long it took until its session
/// was gone, and with it all its locks.
fn cut(case: &Case, project: &Project, database: &TestDatabase, tool: Tool, end: End) -> Duration {
    let proxy = (end == End::Cut).then(|| Cut::before(database));
    let url = proxy.as_ref().map_or_else(|| database.url(), |it| it.url(database));
    let command = match tool {
        Tool::Run => signalled(&project.command(&case.arguments(&url))),
        Tool::Script => {
            let mut command = Command::new(psql_program());
            command.args(["-X", "-q", "-d", &url, "-f"]).arg(project.path("script.sql"));
            signalled(&command)
        }
    };
    block_on(async {
        let (holder, client) = (database.connect().await, database.connect().await);
        holder.batch_execute(case.hold).await.expect("a holder");
        let child = spawn(command);
        until(&client, case.middle, true).await;
        let begun = Instant::now();
        match end {
            End::Signal(name, _) => signal(&child, name),
            End::Terminated => {
                let sql = SESSIONS.replace("count(*)", "pg_terminate_backend(pid)");
                let ended = client.query(&format!("{sql} AND state = 'active'"), &[]).await;
                assert!(!ended.expect("an end").is_empty(), "nobody to end");
            }
            End::Cut => proxy.as_ref().expect("a proxy").all(),
        }
        let output = child.wait_with_output().expect("it ends");
        until(&client, SESSIONS, false).await;
        let locked = begun.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        match (tool, end) {
            (Tool::Run, End::Signal(_, status)) => {
                assert_eq!(output.status.code(), status, "{said}")
            }
            (Tool::Run, End::Terminated | End::Cut) => {
                assert_eq!(output.status.code(), Some(3), "{said}");
            }
            (Tool::Script, _) => assert_ne!(output.status.code(), Some(0), "{said}"),
        }
        if tool == Tool::Run && output.status.code().is_some() {
            let rolled_back = said.contains("was rolled back; nothing of it is applied");
            assert_eq!(rolled_back, case.left.is_empty(), "{} {end:?}: {said}", case.name);
        }
        let release = match case.hold.starts_with("INSERT") {
            true => "DELETE FROM gate",
            false => "COMMIT",
        };
        holder.batch_execute(release).await.expect("a release");
        locked
    })
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
        #[test]
        fn every_case_is_a_test() {
            let names: Vec<_> = CASES.iter().map(|it| it.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

cases!(
    transaction,
    create_named,
    create_unnamed,
    drop,
    reindex_building,
    reindex_swapped,
    reindex_partition,
    reindex_schema,
    detach,
    call,
    down_drop,
    down_create_unnamed,
);
