//! What the program says when its user has made a mistake, and how it then ends.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use super::project::{Outcome, Project};
use super::support::{TestDatabase, server_url};

const ONE_TABLE: &str = "[tables.a.columns]\nid = \"bigint\"\n";

fn one_table() -> Project {
    let project = Project::new(ONE_TABLE);
    project.revision("a1", "", "CREATE TABLE a (id bigint NOT NULL);", Some("DROP TABLE a;"));
    project
}

/// Fails with a status, says nothing but this.
#[track_caller]
fn check(project: &Project, arguments: &[&str], status: i32, said: &str) {
    let told = project.ends(status, arguments);
    assert_eq!(told.stdout, "", "{told}");
    let lines: Vec<_> = told.stderr.lines().filter(|it| !it.starts_with("note: ")).collect();
    assert_eq!(lines.join("\n"), said, "{told}");
}

#[test]
fn addresses() {
    let project = one_table();
    let check = |url: &str, status, said: &str| {
        check(&project, &["status", "--url", url], status, said);
    };
    check(
        "postgres://u:geheim@h:99999/x",
        2,
        "error: --url: connection parameter `port` must be a number from 1 to 65535\n\
         hint: in a password inside a URL, write `%2F` for /, `%3F` for ? and `%23` for #",
    );
    check(
        "nonsense",
        2,
        "error: --url: neither a `postgres://` URL nor a `key=value` string\n\
         hint: postgres://user@host:5432/database",
    );
    check(
        "postgres://postgres:geheim@127.0.0.1:1/x",
        3,
        "error: cannot connect to 127.0.0.1:1: Connection refused (os error 111)\n\
         hint: is the server running, and listening there?",
    );
    let told = project.ends(3, &["status", "--url", "postgres://nowhere.invalid/x"]);
    told.says(&["error: unknown host `nowhere.invalid`\nhint: "]);
    let (server, _) = server_url().rsplit_once('/').expect("a database in the URL");
    let told = project.ends(3, &["upgrade", "--url", &format!("{server}/aludel_test_nowhere")]);
    told.says(&["database \"aludel_test_nowhere\" does not exist", "hint: create it"]);
    let dead = "postgres://postgres@127.0.0.1:1/x";
    project.ends(3, &["diff", "empty", "schema.toml", "--dev-url", dead]).says(&["127.0.0.1:1"]);
}

#[test]
fn files() {
    let project = one_table();
    let missing = "No such file or directory (os error 2)";
    check(
        &project,
        &["status", "--config", "nope.toml"],
        2,
        &format!("error: cannot read `nope.toml`: {missing}"),
    );
    check(
        &project,
        &["check", "--schema", "nope.toml"],
        2,
        &format!(
            "error: cannot read `nope.toml`: {missing}\nhint: `aludel init` creates one, `aludel \
             pull` writes one from a database"
        ),
    );
    project.write("typo.toml", "[databse]\nurl = 'x'\n[migrations]\nname = 3\n");
    project.ends(2, &["status", "--config", "typo.toml"]).says(&[
        "error: unknown key `databse`\n --> typo.toml:1:2\n",
        "= help: did you mean `database`?",
        "error: `migrations.name` must be a string\n --> typo.toml:4:8\n",
        "error: mistakes in typo.toml; nothing was changed\n",
    ]);
    project.write("broken.toml", "[database\nurl = 'x'\n");
    let told = project.ends(2, &["status", "--config", "broken.toml"]);
    assert_eq!(told.stderr.matches("error: ").count(), 2, "{told}");
    project.write("bad.toml", "[tables.t]\nprimary_key = ['idd']\ncolumns.id = 'bigintt'\n");
    project.ends(2, &["check", "--schema", "bad.toml"]).says(&[
        "error: table `t` has no column `idd`\n --> bad.toml:2:16\n",
        "error: unknown type `bigintt`\n --> bad.toml:3:14\n",
        "error: mistakes in bad.toml; nothing was changed\n",
    ]);
    check(
        &project,
        &["pull", "empty", "-o", "nowhere/schema.toml"],
        2,
        &format!("error: cannot write `nowhere/schema.toml`: {missing}"),
    );
    check(
        &project,
        &["diff", "empty", "nope.sql"],
        2,
        &format!("error: cannot read `nope.sql`: {missing}"),
    );
    project
        .ends(2, &["diff", "empty", "nonsense"])
        .says(&["error: `nonsense` is not a source of a schema\nhint: a source is a .toml file"]);
    check(
        &project,
        &["diff", "empty", "migrations@b1"],
        2,
        "error: no revision `b1`\nhint: did you mean `a1`?",
    );
    let blocked = one_table();
    blocked.write(".aludel", "a file where a folder should be");
    blocked.ends(3, &["status"]).says(&["error: cannot start the embedded PostgreSQL", "--url"]);
}

#[test]
fn arguments() {
    let project = one_table();
    check(&project, &["revision", "-m", ""], 2, "error: the message must be one line of text");
    check(
        &project,
        &["revision", "-m", "x", "--rev-id", "a b"],
        2,
        "error: --rev-id: `a b` is not a revision id: ` ` is not one of A-Z a-z 0-9 _ -",
    );
    project.ends(2, &["revision", "-m", "x", "--rev-id", "a1"]).says(&["`a1` already"]);
    project.ends(2, &["upgrad"]).says(&["unrecognized subcommand", "'upgrade'"]);
    project.ends(2, &["check", "--formt", "json"]).says(&["'--format'"]);
    let database = TestDatabase::create("targets");
    let url = database.url();
    let refused = |arguments: &[&str], said: &str| {
        check(&project, &[arguments, &["--url", &url]].concat(), 2, said);
    };
    refused(&["upgrade", "a2"], "error: no revision `a2`\nhint: did you mean `a1`?");
    refused(
        &["upgrade", "elsewhere"],
        "error: no revision `elsewhere`\nhint: `aludel history` lists the revisions",
    );
    refused(&["upgrade", "+5"], "error: `+5` is out of range: only 1 revision in that direction");
    refused(&["downgrade", "-1"], "error: `-1` is out of range: no revision in that direction");
    refused(&["upgrade", "base"], "error: `base` is not a target for upgrade");
    project.ends(2, &["upgrade", "a/b", "--url", &url]).says(&["hint: a target is a revision"]);
    project.ends(0, &["upgrade", "--url", &url]);
    std::fs::remove_file(project.path("migrations/a1.down.sql")).unwrap();
    // Without its down file it is another revision than the one that was applied.
    project.ends(1, &["downgrade", "base", "--url", &url]).says(&["was edited after"]);
}

#[test]
fn revisions_that_do_not_run() {
    let project = Project::new(ONE_TABLE);
    let database = TestDatabase::create("bad_revisions");
    let url = database.url();
    let write = |sql: &str| project.revision("a1", "", sql, None);
    let refused = |sql: &str, status, said: &[&str]| {
        write(sql);
        project.ends(status, &["upgrade", "--url", &url]).says(said);
        // The same mistake, found before there is a database.
        project.ends(2, &["check"]).says(&said[..1]);
    };
    refused(
        "CREATE TABLE a (id bigint UNIQUE);\nINSERT INTO a VALUES (1);\nINSERT INTO a\n  VALUES (1);",
        3,
        &[
            "duplicate key value violates unique constraint \"a_id_key\"\n  SQLSTATE 23505\n  \
             DETAIL: Key (id)=(1) already exists.\n",
            "error: migrations/a1.up.sql:6:1: ",
            "in: INSERT INTO a\n",
            "hint: revision a1 was rolled back; nothing of it is applied\n",
        ],
    );
    refused(
        "SELECT\n  boom(1);",
        3,
        &[
            "function boom(integer) does not exist\n  SQLSTATE 42883\n  HINT: No function matches",
            "error: migrations/a1.up.sql:5:3: ",
        ],
    );
    refused("\\i x", 2, &["migrations/a1.up.sql:4: `\\i` is a command of psql, not SQL\n"]);
    refused(
        "SELECT 1;\nCOPY a FROM STDIN;",
        2,
        &["migrations/a1.up.sql:5: the rows of COPY FROM STDIN are missing"],
    );
    refused(
        "BEGIN;\nSELECT 1;",
        2,
        &["migrations/a1.up.sql:4: the block that begins here is not committed: write `COMMIT;`"],
    );
    refused("SELECT 'a", 2, &["migrations/a1.up.sql:4: unterminated quoted string"]);
    project.write("migrations/a1.up.sql", "-- Revision: x!\n-- Foo: 1\nSELECT 1;\n");
    project.ends(2, &["check"]).says(&[
        "migrations/a1.up.sql:1: `x!` is not a revision id",
        "migrations/a1.up.sql:2: unknown header key `Foo`",
    ]);
    write("SELECT 1;");
    project.ends(0, &["upgrade", "--url", &url]);
    check(
        &project,
        &["downgrade", "base", "--url", &url],
        2,
        "error: revision `a1` is irreversible: it has no down file",
    );
}

/// Data is the only thing on standard output, and it is JSON on request.
#[test]
fn data_and_the_rest() {
    let project = one_table();
    let database = TestDatabase::create("json");
    let url = database.url();
    let commands: [&[&str]; 14] = [
        &["history"],
        &["status"],
        &["upgrade"],
        &["upgrade"],
        &["status"],
        &["current"],
        &["history", "-i"],
        &["check"],
        &["diff", "empty", "live"],
        &["pull", "live"],
        &["pull", "live", "-o", "pulled.toml"],
        &["downgrade", "base"],
        &["revision", "-m", "more"],
        &["init", "elsewhere"],
    ];
    for command in commands {
        project.ends(0, &[command, &["--url", &url, "--format", "json"]].concat()).json();
    }
    assert_eq!(project.read("pulled.toml"), ONE_TABLE);
    let twice = || project.ends(0, &["diff", "empty", "live", "--url", &url, "--format", "json"]);
    assert_eq!(twice().stdout, twice().stdout);

    let told = project.ends(2, &["check", "--schema", "nope.toml", "--color", "always"]);
    assert!(told.stderr.starts_with("\u{1b}[1;31merror\u{1b}[0m: "), "{told}");
    let mut command = project.command(&["check", "--schema", "nope.toml"]);
    command.env("NO_COLOR", "1");
    assert!(!Outcome::of(command).stderr.contains('\u{1b}'));
}

/// A reader who has seen enough.
#[test]
fn a_closed_pipe() {
    let project = Project::new("");
    // More than a pipe holds.
    let comment = "x".repeat(200_000);
    let sql = format!("CREATE TABLE a (id bigint); COMMENT ON TABLE a IS '{comment}'");
    project.write("large.sql", &sql);
    let mut command = project.command(&["diff", "empty", "large.sql"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    drop(out);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let said: Vec<_> = said.lines().filter(|it| !it.starts_with("note: ")).collect();
    assert_eq!((child.wait().unwrap().code(), said), (Some(0), vec![]));
}

#[test]
fn help_of_every_command() {
    let project = Project::new("");
    let help = project.ends(0, &["--help"]).stdout;
    let commands: Vec<_> = help
        .lines()
        .skip_while(|it| *it != "Commands:")
        .skip(1)
        .take_while(|it| !it.is_empty())
        .filter_map(|it| it.split_whitespace().next())
        .filter(|it| *it != "help")
        .collect();
    assert_eq!(commands.len(), 31, "{help}");
    for command in commands {
        let told = project.ends(0, &[command, "--help"]);
        assert!(told.stdout.lines().all(|it| it.chars().count() <= 100), "{told}");
        assert_eq!(told.stderr, "");
    }
    project.ends(0, &["diff", "--help"]).says(&["A source is a schema.toml"]);
}

/// A pipeline whose secret is missing must not migrate another database and call it a success.
#[test]
fn an_empty_address_is_no_default() {
    let project = one_table();
    for name in ["DATABASE_URL", "ALUDEL_URL", "ALUDEL_DEV_URL"] {
        let mut command = project.command(&["upgrade"]);
        command.env(name, "");
        let told = Outcome::of(command).ended(2);
        told.says(&[&format!("error: {name}: the database URL is empty\nhint: ")]);
    }
    let empty = "--url: the database URL is empty";
    project.ends(2, &["upgrade", "--url", ""]).says(&[empty]);
    project.ends(2, &["upgrade", "--url", " "]).says(&[empty]);
    project.write("aludel.toml", "[database]\nurl = \"${DATABASE_URL:-}\"\n");
    project.ends(2, &["upgrade"]).says(&["the database URL is empty"]);
    assert!(!project.path(".aludel").exists());
}

/// Where passwords can be typed by mistake, or stand in what is shown.
#[test]
fn passwords_are_not_shown() {
    let project = one_table();
    let url = "postgre://ada:geheim@db/shop";
    let hidden = |arguments: &[&str]| {
        let told = project.ends(2, arguments);
        assert!(!told.stderr.contains("geheim") && !told.stdout.contains("geheim"), "{told}");
        told
    };
    hidden(&["upgrade", "--url", url]);
    hidden(&["upgrade", url]);
    hidden(&["status", url]).says(&["unexpected argument 'postgre://ada:…@db/shop'"]);
    hidden(&["diff", "empty", url]).says(&["`postgre://ada:…@db/shop` is not a source"]);
    hidden(&["diff", "empty", "schema.toml", "--dev-url", url]);
    hidden(&["--config", url, "status"]);
    hidden(&["upgrade", "-x", "geheim"]).says(&["-x needs NAME=VALUE"]);
    hidden(&["upgrade", "-x", "=geheim"]);
    for line in [
        "url = \"postgres://ada:geheim@db/x\" nonsense",
        "url = [\"postgres://ada:geheim@db/x\"]",
        "url = \"${UNSET}postgres://ada:geheim@db/x\"",
        "uri = \"postgres://ada:geheim@db/x\"",
        "url = \"host=db password=geheim sslmod=on\"",
        "url = \"postgres://db/x?password=geheim&sslmod=on\"",
    ] {
        project.write("aludel.toml", &format!("[database]\n{line}\n"));
        hidden(&["status"]);
    }
}

#[test]
fn values_of_secret_variables_are_not_shown() {
    let project = Project::new("");
    let text = "-- Revision: a1\n-- Message: a\n-- Variables: app_password\n\n\
                SELECT :app_password FROM nowhere WHERE x = :'app_password';\n";
    project.write("migrations/a1.up.sql", text);
    let database = TestDatabase::create("secret_variable");
    let url = database.url();
    let told = project.ends(3, &["upgrade", "--url", &url, "-x", "app_password=geheim"]);
    assert!(!told.stderr.contains("geheim"), "{told}");
    let told = told.says(&["in: SELECT :app_password FROM"]);
    drop(told);
    database.execute("CREATE TABLE nowhere (x text)");
    let told = project.ends(3, &["upgrade", "--url", &url, "-x", "app_password=geheim"]);
    told.says(&["column \":app_password\" does not exist"]);
    let recorded = "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM aludel.event \
                    WHERE detail LIKE '%geheim%'); ASSERT EXISTS (SELECT FROM aludel.event); END $$";
    database.execute(recorded);
}

/// Names and messages of others do not move the cursor.
#[test]
fn control_characters_are_shown_as_such() {
    let project = Project::new("");
    let up = "DO $$ BEGIN RAISE NOTICE E'a\\x1b[2Jb'; END $$;\n\
              SELECT \"\u{1b}]0;x\u{7}\";";
    project.revision("a1", "", up, None);
    let database = TestDatabase::create("escapes");
    let url = database.url();
    let told = project.ends(3, &["upgrade", "--url", &url]);
    let told =
        told.says(&["NOTICE: a\\u{1b}[2Jb\n", "column \"\\u{1b}]0;x\\u{7}\" does not exist"]);
    let raw = |it: &str| it.chars().any(|it| it.is_control() && it != '\n');
    assert!(!raw(&told.stderr), "{told}");

    let table = "\"e\u{1b}[31mvil\u{9b}\"";
    let message =
        format!("-- Revision: a1\n-- Message: m\u{1b}[2J\n\nCREATE TABLE {table} (id bigint);\n");
    project.write("migrations/a1.up.sql", &message);
    project.ends(0, &["upgrade", "--url", &url]);
    for arguments in [
        &["history"][..],
        &["current", "--url", &url],
        &["status", "--url", &url],
        &["check", "--url", &url],
        &["check", "--url", &url, "--format", "json"],
        &["diff", "live", "empty", "--url", &url, "--format", "json"],
    ] {
        let told = project.run(arguments);
        assert!(!raw(&told.stdout) && !raw(&told.stderr), "{told}");
    }
    // A script is what it is, to the byte.
    let script = project.ends(0, &["diff", "empty", "live", "--url", &url]).stdout;
    assert!(script.contains(table), "{script:?}");
}

/// A hotfix by hand has made what a revision brings: the way on is told, and is one.
#[test]
fn a_revision_without_a_message_is_called_by_its_id() {
    let project = Project::new("");
    project.write("migrations/a1.up.sql", "-- Revision: a1\n\nSELECT 1;\n");
    project.ends(0, &["history"]).says(&["<base> -> a1 (head, irreversible)\n"]);
    let database = TestDatabase::create("no_message");
    let url = database.url();
    project.ends(0, &["status", "--url", &url]).says(&["1 revision\n          a1\n"]);
    project.ends(0, &["upgrade", "--url", &url]).says(&["note: applying a1\n", "applied a1 ("]);
    project.ends(0, &["current", "-v", "--url", &url]).says(&["a1 (head)\n    applied "]);
}

#[test]
fn what_is_there_already_can_be_entered() {
    let project = one_table();
    let database = TestDatabase::create("hotfix");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    project.revision("b1", "a1", "ALTER TABLE a ADD note text;", Some("ALTER TABLE a DROP note;"));
    database.execute("ALTER TABLE a ADD note text");
    project.ends(3, &["upgrade", "--url", &url]).says(&["record the revision as applied with \
                                                         `aludel stamp b1`"]);
    project.ends(0, &["stamp", "b1", "--url", &url]);
    project.ends(0, &["diff", "migrations", &url, "--exit-code"]);
}
