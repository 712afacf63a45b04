//! A declaration that changes: renames and new types go through revisions with the data kept, on a
//! database and on scratch servers.

use super::project::{Outcome, Project};
use super::roles::Platform;
use super::support::{TestDatabase, block_on, scalar, server_url};

const BEFORE: &str = r#"
[enums]
mood = ["sad", "ok"]

[tables.people]
primary_key = ["id"]

[tables.people.columns]
id   = "serial"
nick = { type = "text", unique = true, default = "lower('X')" }
mood = { type = "mood", default = "'sad'" }
age  = "text"

[tables.people.checks]
people_nick_short = "length(nick) < 20 AND mood <> 'sad'"

[tables.people.indexes.people_lower_idx]
columns = [{ expression = "lower(nick)" }]
where   = "mood = 'sad'"

[tables.posts.columns]
person_id = { type = "integer", references = "people.id" }
"#;

const AFTER: &str = r#"
[enums]
mood = [{ name = "unhappy", renamed_from = "sad" }, "ok"]

[tables.persons]
renamed_from = "people"
primary_key  = ["id"]

[tables.persons.columns]
id     = "serial"
handle = { type = "text", unique = true, default = "lower('X')", renamed_from = "nick" }
mood   = { type = "mood", default = "'unhappy'" }
age    = { type = "integer", using = "nullif(age, '')::integer" }

[tables.persons.checks]
people_nick_short = "length(handle) < 20 AND mood <> 'unhappy'"

[tables.persons.indexes.people_lower_idx]
columns = [{ expression = "lower(handle)" }]
where   = "mood = 'unhappy'"

[tables.posts.columns]
person_id = { type = "integer", references = "persons.id" }
"#;

/// Numbers of rows that are gone are not given again, and who may count goes on to.
#[test]
fn a_renamed_identity_counts_on() {
    let table = |head: &str, column: &str| {
        format!("[tables.{head}\n[tables.{column}\"bigint\", identity = \"always\" }}\n")
    };
    let project = Project::new(&table("one]", "one.columns]\nid = { type = "));
    let database = TestDatabase::create("identities");
    let url = database.url();
    project.ends(0, &["revision", "--autogenerate", "-m", "one", "--dev-url", server_url()]);
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute("INSERT INTO one SELECT FROM generate_series(1, 3); DELETE FROM one");
    database.execute("GRANT USAGE ON SEQUENCE one_id_seq TO pg_monitor");
    let renamed = "other.columns]\nnumber = { renamed_from = \"id\", type = ";
    project.write("schema.toml", &table("other]\nrenamed_from = \"one\"", renamed));
    project.ends(0, &["revision", "--autogenerate", "-m", "two", "--dev-url", server_url()]);
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute("INSERT INTO other DEFAULT VALUES");
    let found = "SELECT concat_ws(' ', number, pg_get_serial_sequence('other', 'number'), \
                 has_sequence_privilege('pg_monitor', 'other_number_seq', 'USAGE')) FROM other";
    assert_eq!(scalar(&database, found), "4 public.other_number_seq t");
}

#[test]
fn renames_keep_the_data() {
    let project = Project::new(BEFORE);
    let database = TestDatabase::create("renames");
    let url = database.url();
    project.ends(0, &["revision", "--autogenerate", "-m", "one"]);
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute("INSERT INTO people (nick, mood, age) VALUES ('a', 'ok', '7')");
    database.execute("INSERT INTO posts VALUES (1)");
    project.write("schema.toml", AFTER);
    let told = project.ends(0, &["revision", "--autogenerate", "-m", "two"]);
    for line in told.stdout.lines() {
        let expected = ["rename ", "alter column persons.age", "wrote "];
        assert!(expected.iter().any(|it| line.starts_with(it)), "{told}");
    }
    project.ends(0, &["upgrade", "--url", &url]);
    let row = "SELECT concat_ws(' ', id, handle, mood, age, pg_get_serial_sequence('persons', 'id')) \
               FROM persons JOIN posts ON person_id = id";
    assert_eq!(scalar(&database, row), "1 a ok 7 public.persons_id_seq");
    // Renames that are done are inert, and no engine is needed to know.
    let told = project.ends(0, &["check", "--url", &url]);
    assert_eq!(told.stdout, "schema.toml, the migrations and the database agree\n");
    project.ends(0, &["revision", "--autogenerate", "-m", "three"]).says(&["no changes"]);
    project.ends(0, &["downgrade", "-1", "--url", &url]);
    assert_eq!(scalar(&database, "SELECT concat_ws(' ', id, nick, mood) FROM people"), "1 a ok");
}

/// Commands on scratch databases of a server, which are gone afterwards, also when work failed.
#[test]
fn scratch_databases_on_servers() {
    let project = Project::new("[tables.a.columns]\nid = \"bigint\"\n");
    let database = TestDatabase::create("dev_url");
    let (url, dev) = (database.url(), server_url());
    let marker = format!("marker_{}", std::process::id());
    project.write("bad.sql", &format!("CREATE TABLE {marker} (); SELECT boom();"));
    for scratch in ["target", dev] {
        let run = |status: i32, arguments: &[&str]| -> Outcome {
            project.ends(status, &[arguments, &["--url", &url, "--dev-url", scratch]].concat())
        };
        run(0, &["revision", "--autogenerate", "-m", "one"]);
        run(0, &["upgrade"]);
        run(0, &["check"]).says(&["the database agree"]);
        run(0, &["diff", "live", "schema.toml", "--exit-code"]);
        run(0, &["pull", "migrations"]);
        run(2, &["diff", "empty", "bad.sql"])
            .says(&["error: bad.sql:1: error in the scratch database"]);
        run(0, &["status"]);
        run(0, &["downgrade", "base"]);
        for file in std::fs::read_dir(project.path("migrations")).unwrap().flatten() {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    assert!(!project.path(".aludel/db").exists(), "nothing was embedded");
    let left = "SELECT string_agg(datname, ' ') FROM pg_stat_database JOIN pg_database USING (datname) \
                WHERE datname LIKE 'aludel_scratch%' AND numbackends = 0";
    let left: Option<String> =
        block_on(async { database.connect().await.query_one(left, &[]).await.expect(left).get(0) });
    // Those of other tests are in use, or a moment old.
    std::thread::sleep(std::time::Duration::from_secs(1));
    for name in left.iter().flat_map(|it| it.split(' ')) {
        assert!(!has_table(name, &marker), "{name} was left behind");
    }
}

fn has_table(database: &str, table: &str) -> bool {
    let (server, _) = server_url().rsplit_once('/').expect("a database in the URL");
    let url = format!("{server}/{database}");
    block_on(async {
        let Ok((client, connection)) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await
        else {
            return false;
        };
        tokio::spawn(connection);
        let sql = format!("SELECT to_regclass('{table}') IS NOT NULL");
        client.query_one(&sql, &[]).await.is_ok_and(|it| it.get(0))
    })
}

/// What is pulled, compared with what it was pulled from, is without difference.
#[test]
fn odd_databases_are_pulled() {
    let database = TestDatabase::create("odd");
    database.execute(
        r#"CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions;
           CREATE SCHEMA "Odd Sch";
           CREATE TABLE "Odd Sch"."T ""x"" y" (
               "A b" int PRIMARY KEY, "sel""ect" text DEFAULT 'it''s', e extensions.vector(3),
               "user" int REFERENCES "Odd Sch"."T ""x"" y");
           CREATE INDEX "I x" ON "Odd Sch"."T ""x"" y" (lower("sel""ect")) WHERE "A b" > 3;
           CREATE INDEX hnsw ON "Odd Sch"."T ""x"" y" USING hnsw (e extensions.vector_cosine_ops);
           COMMENT ON TABLE "Odd Sch"."T ""x"" y" IS E'one
two ''q'' "d" \ back';
           CREATE TABLE "Ünïcode" (id serial PRIMARY KEY, "schön" text COLLATE "C",
               g text GENERATED ALWAYS AS ("schön" || 'x') STORED);
           CREATE VIEW v AS SELECT 1 AS x; CREATE TYPE hollow;"#,
    );
    let project = Project::new("");
    let url = database.url();
    let told = project.ends(0, &["pull", "--url", &url, "-o", "pulled.toml"]);
    told.says(&["1 object that aludel does not manage or change: shell type public.hollow"]);
    for scratch in [None, Some("target")] {
        for sides in [["live", "pulled.toml"], ["pulled.toml", "live"]] {
            let mut arguments = vec!["diff", sides[0], sides[1], "--url", &url, "--exit-code"];
            arguments.extend(scratch.iter().flat_map(|it| ["--dev-url", it]));
            let told = project.ends(0, &arguments);
            assert_eq!(told.stdout, "", "{told}");
        }
    }
}

const NARROW: &str = r#"
[extensions]
vector = "*"

[tables.documents]
primary_key = ["id"]

[tables.documents.columns]
id        = "bigint"
embedding = "vector(3)"

[tables.documents.indexes.documents_embedding_idx]
method  = "hnsw"
columns = [{ name = "embedding", metric = "cosine" }]
"#;

#[test]
fn other_dimensions_come_beside_the_old_and_take_their_place() {
    let project = Project::new(NARROW);
    let database = TestDatabase::create("expand");
    let url = database.url();
    let wide = |change: &str| {
        let column = format!("{{ type = \"vector(4)\", on_change = \"{change}\" }}");
        project.write("schema.toml", &NARROW.replace("\"vector(3)\"", &column));
    };
    let revise = |name: &str| {
        project.ends(0, &["revision", "--autogenerate", "-m", name]);
        project.ends(0, &["upgrade", "--url", &url]);
        project.ends(0, &["check", "--url", &url])
    };
    revise("one");
    database.execute("INSERT INTO documents VALUES (1, '[1,2,3]')");
    wide("expand");
    revise("two");
    let both = "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' \
                ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'documents'::regclass \
                AND attnum > 1";
    assert_eq!(scalar(&database, both), "embedding vector(3), embedding_new vector(4)");
    database
        .execute("INSERT INTO documents VALUES (2, '[4,5,6]', NULL), (3, '[7,8,9]', '[1,1,1,1]')");
    wide("swap");
    project.ends(0, &["revision", "--autogenerate", "-m", "three", "--allow", "data-loss"]);
    project.ends(3, &["upgrade", "--url", &url]).says(&[
        "2 rows of table documents have a value in column embedding, but none in column \
         embedding_new",
        "Fill them first: UPDATE documents SET embedding_new = … WHERE embedding_new IS NULL.",
    ]);
    database.execute(
        "UPDATE documents SET embedding_new = '[1,2,3,4]'; DELETE FROM documents WHERE id > 1",
    );
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]).says(&["agree"]);
    assert_eq!(scalar(&database, "SELECT embedding::text FROM documents"), "[1,2,3,4]");
    let index = "SELECT string_agg(indexdef, '; ') FROM pg_indexes \
                 WHERE tablename = 'documents' AND indexname <> 'documents_pkey'";
    let expected = "CREATE INDEX documents_embedding_idx ON public.documents USING hnsw \
                    (embedding vector_cosine_ops)";
    assert_eq!(scalar(&database, index), expected);
    // The old embeddings are gone, and their column forbids NULL.
    database.execute("DELETE FROM documents");
    project.ends(0, &["downgrade", "--url", &url, "base"]);
}

#[test]
fn a_rename_can_be_typed() {
    let project = Project::new(BEFORE);
    let database = TestDatabase::create("typed_renames");
    let url = database.url();
    project.ends(0, &["revision", "--autogenerate", "-m", "one"]);
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute("INSERT INTO people (nick, mood, age) VALUES ('a', 'ok', '7')");
    let after =
        BEFORE.replace("tables.people", "tables.persons").replace("people.id", "persons.id");
    project.write("schema.toml", &after.replace("nick", "handle"));
    let told = project.ends(0, &["diff", "migrations", "schema.toml"]);
    assert!(told.stdout.contains("DROP TABLE people"), "{told}");
    let asked = ["revision", "--autogenerate", "-m", "two", "--rename"];
    let refused = |pair, message| {
        let arguments: Vec<&str> = asked.iter().copied().chain([pair]).collect();
        project.ends(2, &arguments).says(&[message]);
    };
    refused("people", "does not have the form OLD=NEW");
    refused("users=persons", "no dropped object is named `users`");
    refused("people=users", "no new object of that kind is named `users`");
    let renames = ["people=persons", "--rename", "people.nick=persons.handle"];
    let renames = renames.into_iter().chain(["--rename", "people_nick_short=people_handle_short"]);
    let arguments: Vec<&str> = asked.into_iter().chain(renames).collect();
    project.ends(0, &arguments).says(&["rename table people to persons"]);
    project.ends(0, &["upgrade", "--url", &url]);
    assert_eq!(scalar(&database, "SELECT handle FROM persons"), "a");
    project.ends(0, &["check", "--url", &url]);
}

/// Who looks at a database from anywhere finds that folder as it was.
#[test]
fn nothing_is_left_where_no_project_is() {
    let database = TestDatabase::create("nowhere");
    database.execute("CREATE TABLE t (id integer PRIMARY KEY); CREATE VIEW v AS SELECT id FROM t");
    let url = database.url();
    let project = Project::new("");
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    std::fs::remove_dir(project.path("migrations")).unwrap();
    project.ends(0, &["pull", &url]);
    project.ends(0, &["diff", "empty", &url]);
    assert_eq!(std::fs::read_dir(project.path(".")).unwrap().count(), 0);
}

/// What a server has said is not asked again, until something is another.
#[test]
fn what_a_scratch_server_said_is_kept() {
    let platform = Platform::new("kept_answers", &["dev"], "ALTER ROLE @dev CREATEDB CREATEROLE");
    let dev = platform.url("dev");
    let project = Project::new("[tables.t.columns]\nid = \"integer\"\n");
    let arguments = ["--dev-url", &dev];
    let made = ["revision", "--autogenerate", "-m", "t"];
    let told = project.ends(0, &[&made[..], &arguments].concat());
    assert!(!told.stderr.contains("with the privileges of role"), "{told}");
    // With its proofs nobody would be asked.
    for file in std::fs::read_dir(project.path("migrations")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let proven = text.lines().filter(|it| !it.starts_with("-- Proof: "));
        std::fs::write(&path, proven.map(|it| format!("{it}\n")).collect::<String>()).unwrap();
    }
    let check = [&["check"][..], &arguments].concat();
    // Whoever makes no scratch database needs no right to. Other tests make roles meanwhile, on which
    // an answer may depend.
    let is_kept = (0..10).any(|_| {
        platform.execute("ALTER ROLE @dev CREATEDB");
        project.ends(0, &check);
        platform.execute("ALTER ROLE @dev NOCREATEDB");
        project.run(&check).status == Some(0)
    });
    assert!(is_kept);
    platform.execute("CREATE ROLE @named");
    project.ends(3, &check).says(&["may not create databases"]);
    platform.execute("DROP ROLE @named");
    project.write("schema.toml", "[tables.t.columns]\nid = \"bigint\"\n");
    project.ends(3, &check).says(&["may not create databases"]);
}
