//! The commands over the graph, as a user types them.

use crate::project::Project;
use crate::support::{TestDatabase, block_on};

/// z, then two branches, one of them labelled.
fn fork() -> Project {
    let project = Project::new("");
    project.ends(0, &["revision", "-m", "root", "--rev-id", "zzz"]);
    project.ends(0, &["revision", "-m", "left", "--rev-id", "lll", "--branch-label", "left"]);
    project.ends(0, &["revision", "-m", "right", "--rev-id", "rrr", "--head", "zzz", "--splice"]);
    project
}

#[test]
fn branches_begin_where_they_are_told() {
    let project = fork();
    project.ends(0, &["heads"]).says(&["lll (left, head)\n", "rrr (head)\n"]);
    project.ends(0, &["branches"]).says(&["<base> -> zzz (branchpoint), root\n    -> lll (left,"]);
    project.ends(2, &["revision", "-m", "where?"]).says(&[
        "several heads: `lll`, `rrr`",
        "choose the parent of the new revision with `--head \
                                                REVISION`",
    ]);
    project
        .ends(2, &["revision", "-m", "x", "--head", "zzz"])
        .says(&["`zzz` is not a head", "--splice"]);
    project.ends(0, &["revision", "-m", "more", "--head", "left@head", "--rev-id", "lll2"]);
    project.ends(
        0,
        &["revision", "-m", "apart", "--head", "base", "--rev-id", "aaa", "--depends-on", "left"],
    );
    project.ends(0, &["show", "aaa"]).says(&["parents   <base>", "depends   lll"]);
    project.ends(0, &["show", "left@head"]).says(&["revision  lll2"]);
    for (wrong, said) in [
        (["--branch-label", "left"], "already has the label `left`"),
        (["--branch-label", "zzz"], "is the id of a revision"),
        (["--branch-label", "a:b"], "cannot be a branch label"),
        (["--rev-id", "left"], "is the label of revision `lll`"),
        (["--depends-on", "base"], "there is no revision"),
        (["--version-path", "elsewhere"], "is not a directory of revisions"),
    ] {
        let mut arguments = vec!["revision", "-m", "x", "--head", "rrr"];
        arguments.extend(wrong);
        project.ends(2, &arguments).says(&[said]);
    }
}

#[test]
fn branches_are_merged() {
    let project = fork();
    project.ends(2, &["merge", "left"]).says(&["two or more revisions"]);
    project.ends(2, &["merge", "zzz", "rrr"]).says(&["`zzz` is not a head"]);
    project.ends(0, &["merge", "heads", "--rev-id", "mmm"]).says(&["mmm merges lll and rrr"]);
    project.ends(0, &["heads"]).says(&["mmm (head, mergepoint)\n"]);
    let drawn = project.ends(0, &["history", "--graph", "always"]).stdout;
    let expected = "\
* lll, rrr -> mmm (head, mergepoint), merge lll and rrr
|\\
| * zzz -> rrr, right
* | zzz -> lll (left), left
|/
* <base> -> zzz (branchpoint), root
";
    assert_eq!(drawn, expected);
    let range = project.ends(0, &["history", "-r", "-1:head"]).stdout;
    assert_eq!(range.lines().count(), 3, "{range}");
    let database = TestDatabase::create("merged");
    let url = database.url();
    project.ends(0, &["upgrade", "left", "--url", &url]);
    project.ends(0, &["history", "-r", "current:", "--url", &url]).says(&["mmm", "lll (left)"]);
    project.ends(1, &["current", "--check-heads", "--url", &url]).says(&["not at mmm"]);
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["current", "--check-heads", "--url", &url]);
    project.ends(2, &["downgrade", "-2", "--url", &url]).says(&["is ambiguous: `lll`, `rrr`"]);
    project.ends(0, &["downgrade", "left", "rrr", "--url", &url]).says(&["reverted mmm"]);
}

#[test]
fn several_folders() {
    let project = fork();
    std::fs::create_dir(project.path("plugins")).unwrap();
    project.write("aludel.toml", "[migrations]\ndirectory = [\"migrations\", \"plugins\"]\n");
    project
        .ends(
            0,
            &[
                "revision",
                "-m",
                "x",
                "--rev-id",
                "ppp",
                "--head",
                "base",
                "--version-path",
                "./plugins",
            ],
        )
        .says(&["wrote plugins/"]);
    project
        .ends(0, &["revision", "-m", "y", "--rev-id", "qqq", "--head", "ppp"])
        .says(&["wrote plugins/"]);
    project.ends(0, &["heads"]).says(&["qqq", "lll", "rrr"]);
    project.write("aludel.toml", "[migrations]\ndirectory = []\n");
    project.ends(2, &["heads"]).says(&["a directory or a list of directories"]);
}

#[test]
fn hooks_run_on_new_files() {
    let project = Project::new("");
    project.write("aludel.toml", "[hooks]\npost_write = [\"echo '-- {id}' >> {up}\"]\n");
    project.ends(0, &["revision", "-m", "it's new", "--rev-id", "aaa"]);
    project.ends(0, &["show", "aaa", "--sql"]).says(&["-- aaa"]);
    project.write("aludel.toml", "[hooks]\npost_write = [\"false {down}\"]\n");
    project.ends(2, &["revision", "-m", "more", "--rev-id", "bbb"]).says(&[
        "the hook `false 'migrations/",
        "failed",
        "the revision was written",
    ]);
}

#[test]
fn variables_stand_for_what_is_given() {
    let project = Project::new("");
    project.write(
        "migrations/a.up.sql",
        "-- Revision: a\n-- Variables: tenant, size=7\n\n\
         CREATE SCHEMA :\"tenant\"; CREATE TABLE :\"tenant\".t (n int DEFAULT :size);\n",
    );
    project.write("migrations/a.down.sql", "DROP TABLE :\"tenant\".t; DROP SCHEMA :\"tenant\";\n");
    let database = TestDatabase::create("variables");
    let url = database.url();
    project.ends(2, &["upgrade", "--url", &url]).says(&["`tenant` has no value", "-x tenant="]);
    project.ends(2, &["upgrade", "--url", &url, "-x", "tenant"]).says(&["-x needs NAME=VALUE"]);
    project.ends(0, &["upgrade", "--url", &url, "-x", "tenant=O'Brien \"x\""]);
    let sql = "SELECT count(*) FROM \"O'Brien \"\"x\"\"\".t";
    block_on(async { database.connect().await.query(sql, &[]).await.expect("the table") });
    project.ends(0, &["downgrade", "base", "--url", &url, "-x", "tenant=O'Brien \"x\""]);
    let history = ["diff", "empty", "migrations"];
    project.ends(2, &history).says(&["`tenant` has no value"]);
    project
        .ends(0, &["diff", "empty", "migrations", "-x", "tenant=b", "-x", "size=9"])
        .says(&["CREATE TABLE b.t", "DEFAULT 9"]);
}

#[test]
fn stamps_say_where_a_database_stands() {
    let project = fork();
    let database = TestDatabase::create("stamps");
    let url = database.url();
    project.ends(0, &["stamp", "left", "--url", &url]).says(&["recorded zzz root", "recorded lll"]);
    project.ends(0, &["stamp", "left", "--url", &url]).says(&["the ledger already says so"]);
    project.ends(0, &["stamp", "rrr", "--url", &url]).says(&["recorded rrr right"]);
    project.ends(0, &["current", "--url", &url]).says(&["lll", "rrr"]);
    project.ends(0, &["upgrade", "heads", "--url", &url]).says(&["up to date"]);
    project.ends(0, &["stamp", "left@zzz", "--url", &url]).says(&["removed lll"]);
    project.ends(0, &["stamp", "base", "--url", &url]).says(&["removed zzz", "removed rrr"]);
    project.ends(0, &["stamp", "heads", "--url", &url]);
    let up = std::fs::read_dir(project.path("migrations")).unwrap();
    let up =
        up.map(|it| it.unwrap().path()).find(|it| it.to_string_lossy().contains("lll_left.up"));
    let up = up.expect("the file");
    let text = std::fs::read_to_string(&up).unwrap();
    std::fs::write(&up, text + "SELECT 1;\n").unwrap();
    project.ends(1, &["stamp", "zzz", "--url", &url]).says(&["edited"]);
    project.ends(0, &["stamp", "heads", "--purge", "--url", &url]).says(&["recorded lll"]);
    project.ends(0, &["upgrade", "heads", "--url", &url]).says(&["up to date"]);
    let events = "SELECT count(*)::int FROM aludel.event WHERE action = 'stamp'";
    let events: i32 = block_on(async {
        database.connect().await.query_one(events, &[]).await.expect("events").get(0)
    });
    assert!(events > 5, "{events}");
}

/// Two lines after a git merge: somebody else's, which the database has, and ours.
#[test]
fn a_branch_is_put_on_another_head() {
    let project = Project::new("");
    project.revision("a", "", "CREATE TABLE t (id int);", Some("DROP TABLE t;"));
    project.revision("theirs", "a", "ALTER TABLE t ADD b int;", Some("ALTER TABLE t DROP b;"));
    project.revision("ours1", "a", "ALTER TABLE t ADD c int;", Some("ALTER TABLE t DROP c;"));
    project.revision("ours2", "ours1", "ALTER TABLE t ADD d int;", Some("ALTER TABLE t DROP d;"));
    let database = TestDatabase::create("rebase");
    let url = database.url();
    project
        .ends(2, &["rebase", "--url", &url])
        .says(&["it is not clear which branch to move", "--onto"]);
    project.ends(0, &["upgrade", "theirs", "--url", &url]);
    project.ends(2, &["rebase", "theirs", "--url", &url]).says(&["`theirs` is already applied"]);
    project.ends(2, &["rebase", "a", "--url", &url]).says(&["`a` has several heads"]);
    project.ends(0, &["rebase", "--url", &url]).says(&["moved ours1, ours2 onto theirs"]);
    assert!(project.read("migrations/ours1.up.sql").contains("-- Revises: theirs\n"));
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied ours2"]);
    project.ends(2, &["rebase", "--url", &url]).says(&["only one head"]);

    project.revision("late", "a", "ALTER TABLE t ADD c text;", None);
    project
        .ends(2, &["rebase", "late", "--url", &url])
        .says(&["nothing was moved", "already exists"]);
    assert!(project.read("migrations/late.up.sql").contains("-- Revises: a\n"));
}

#[test]
fn many_revisions_become_one() {
    let project = Project::new("");
    project.revision("a", "", "CREATE TABLE t (id int);", Some("DROP TABLE t;"));
    project.revision("b", "a", "ALTER TABLE t ADD b int; INSERT INTO t VALUES (1);", None);
    project.revision("c", "b", "CREATE INDEX t_b ON t (b);", Some("DROP INDEX t_b;"));
    project.revision("d", "c", "ALTER TABLE t ADD d int;", Some("ALTER TABLE t DROP d;"));
    let databases = ["at", "after", "before", "fresh"].map(TestDatabase::create);
    let [at, after, before, fresh] = databases.each_ref().map(TestDatabase::url);
    project.ends(0, &["upgrade", "c", "--url", &at]);
    project.ends(0, &["upgrade", "d", "--url", &after]);
    project.ends(0, &["upgrade", "b", "--url", &before]);
    project.ends(0, &["pull", "migrations", "-o", "schema.toml"]);
    project.ends(0, &["squash", "c", "-m", "the beginning"]).says(&[
        "c replaces 3 revisions",
        "migrations/b.up.sql:5",
        "needs the old files",
    ]);
    project.ends(0, &["history"]).says(&["<base> -> c, the beginning", "c -> d (head)"]);
    project.ends(0, &["check"]).says(&["agree"]);

    project.ends(0, &["check", "--url", &after]).says(&["agree"]);
    project.ends(0, &["upgrade", "--url", &at]).says(&["applied d"]);
    project.ends(0, &["upgrade", "--url", &after]).says(&["up to date"]);
    project.ends(0, &["upgrade", "--url", &fresh]).says(&["applied c the beginning", "applied d"]);
    project
        .ends(1, &["upgrade", "--url", &before])
        .says(&["revision `a` (revision a) is applied, but its file is missing"]);
    for url in [&at, &after, &fresh] {
        project.ends(0, &["check", "--url", url]).says(&["agree"]);
        project.ends(0, &["diff", "--exit-code", url, &after]);
    }
    project
        .ends(0, &["downgrade", "base", "--allow", "data-loss", "--url", &at])
        .says(&["reverted d", "reverted c"]);
    project.ends(0, &["upgrade", "--url", &at]).says(&["applied c"]);
    // It is a revision like any other from then on.
    let up = std::fs::read_dir(project.path("migrations")).unwrap();
    let up =
        up.map(|it| it.unwrap().path()).find(|it| it.to_string_lossy().contains("beginning.up"));
    let up = up.expect("the file");
    std::fs::write(&up, std::fs::read_to_string(&up).unwrap() + "SELECT 1;\n").unwrap();
    project.ends(1, &["upgrade", "--url", &at]).says(&["revision `c` was edited"]);
    project.ends(2, &["squash", "c"]).says(&["nothing to combine"]);
}

#[test]
fn several_databases_are_gone_through() {
    let project = Project::new("");
    project.revision("a", "", "CREATE TABLE t (id int);", Some("DROP TABLE t;"));
    project.revision("b", "a", "CREATE TABLE u (id int);", Some("DROP TABLE u;"));
    let [one, two] = ["one", "two"].map(TestDatabase::create);
    let configuration = format!(
        "[databases.one]\nurl = \"{}\"\n[databases.two]\nurl = \"{}\"\n",
        one.url(),
        two.url()
    );
    project.write("aludel.toml", &configuration);
    let said = project.ends(0, &["upgrade", "a", "--database", "all"]).stdout;
    assert!(
        said.starts_with("== one\napplied a") && said.contains("\n== two\napplied a"),
        "{said}"
    );
    project.ends(0, &["upgrade", "--database", "two", "--database", "two"]).says(&["applied b"]);
    let json = project.ends(0, &["current", "--database", "all", "--format", "json"]).envelope();
    let parts = json["databases"].as_array().expect("a part for each database");
    assert_eq!((parts.len(), &parts[1]["database"]), (2, &"two".into()));
    assert_eq!(parts[1]["result"][0]["id"], "b");
    project.ends(1, &["current", "--check-heads", "--database", "all"]).says(&["not at b"]);
    project.ends(2, &["pull", "--database", "all"]).says(&["this command works on one"]);

    two.execute(
        "DROP TABLE u; DELETE FROM aludel.revision WHERE id = 'b'; CREATE VIEW u AS SELECT 1",
    );
    one.execute("CREATE VIEW u AS SELECT 1");
    project.ends(3, &["upgrade", "--database", "all"]).says(&[
        "already exists",
        "in database one",
        "skipped: two",
    ]);
}

#[test]
fn filters_by_kind_and_name() {
    let project = Project::new("");
    let database = TestDatabase::create("filters");
    database.execute(
        "CREATE TABLE docs (id int, x_note text); CREATE INDEX docs_tmp ON docs (id); \
         CREATE TABLE other (id int); CREATE FUNCTION helper() RETURNS int LANGUAGE sql AS 'SELECT 1'; \
         CREATE SCHEMA app; CREATE TABLE app.docs2 (id int); \
         COMMENT ON TABLE other IS 'x'; GRANT SELECT ON other TO PUBLIC",
    );
    let url = database.url();
    let pulled = |filters: &str| {
        project.write("aludel.toml", &format!("[database]\n{filters}\n"));
        project.ends(0, &["pull", &url, "--grants"]).stdout
    };
    let all = pulled("");
    let names = ["docs_tmp", "x_note", "other", "helper", "docs2"];
    assert!(names.iter().all(|it| all.contains(it)), "{all}");
    let some = pulled("exclude = ['index *_tmp', 'column docs.x_*', 'function *', 'table other']");
    assert!(some.contains("docs2"), "{some}");
    assert!(
        ["docs_tmp", "x_note", "other", "helper"].iter().all(|it| !some.contains(it)),
        "{some}"
    );
    let some = pulled("include = ['docs*', 'function help*']");
    assert!(["docs_tmp", "x_note", "helper"].iter().all(|it| some.contains(it)), "{some}");
    assert!(["other", "docs2"].iter().all(|it| !some.contains(it)), "{some}");
    let some = pulled("include = ['table app.*']");
    assert!(some.contains("docs2") && !some.contains("helper"), "{some}");
}

#[test]
fn a_service_carries_revisions_out_itself() {
    use aludel::migrator::{Migrator, MigratorError};
    let files = [
        ("a.up.sql", "-- Revision: a\n-- Message: first\n\nCREATE TABLE t (id int);\n"),
        ("a.down.sql", "DROP TABLE t;\n"),
        ("b.up.sql", "-- Revision: b\n-- Revises: a\n\nCREATE TABLE u (id int);\n"),
    ];
    let database = TestDatabase::create("service");
    let url = database.url();
    let migrator = Migrator::from_embedded(&files).unwrap();
    block_on(async {
        assert_eq!(migrator.pending(&url, "head").await.unwrap().len(), 2);
        let done = tokio::join!(migrator.upgrade(&url, "head"), migrator.upgrade(&url, "head"));
        let counts = [done.0, done.1].map(|it| it.unwrap().finished.len());
        assert_eq!(counts.iter().sum::<usize>(), 2, "{counts:?}");
        assert!(matches!(migrator.downgrade(&url, "base").await, Err(MigratorError::Run(_))));
    });
    let project = Project::new("");
    for (name, text) in files {
        project.write(&format!("migrations/{name}"), text);
    }
    project.ends(0, &["upgrade", "--url", &url]).says(&["up to date"]);
    let read = Migrator::from_directory(project.path("migrations")).unwrap();
    assert_eq!(read.graph().head().unwrap(), migrator.graph().head().unwrap());
    let orphan = Migrator::from_embedded(&[("a.down.sql", "")]).unwrap_err();
    assert!(orphan.to_string().contains("its up file is missing"), "{orphan}");
}

#[test]
fn files_open_in_the_editor_of_the_user() {
    let project = fork();
    let opened = |variables: &[(&str, &str)]| {
        let mut command = project.command(&["edit", "left"]);
        command.env_remove("VISUAL").env_remove("EDITOR").envs(variables.iter().copied());
        crate::project::Outcome::of(command)
    };
    let told = opened(&[("EDITOR", "echo -n open"), ("VISUAL", "")]).ended(0).stdout;
    assert!(told.starts_with("open migrations/") && told.contains(".down.sql"), "{told}");
    opened(&[("EDITOR", "false")]).ended(2).says(&["the editor `false` failed"]);
    opened(&[("VISUAL", "no-such-editor")]).ended(2).says(&["$VISUAL or $EDITOR"]);
    project.ends(2, &["edit", "base"]).says(&["there is no revision"]);
}
