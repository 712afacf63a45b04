//! Recall of vector indexes, on data of which it is known, and against a second implementation in SQL.

use aludel::config::{Flags, Settings};
use aludel::connection::surroundings::Process;
use aludel::diagnostic::SourceFile;
use aludel::measurement::Options;
use aludel::model::pgvector::IterativeScan;
use aludel::operations::{Failure, Project, RecallOptions, RecallReport};
use aludel::recall::{IndexRecall, Ladder, ProblemKind};
use tokio_postgres::Client;

use super::support::{TestDatabase, block_on};

/// A line of rows: the one nearest to a query at its beginning is the first, and so on. Every tenth row is red.
const LINE: &str = "
    CREATE EXTENSION vector;
    CREATE TABLE line (id int PRIMARY KEY, color text NOT NULL, v vector(2));
    INSERT INTO line SELECT i, CASE WHEN i % 10 = 0 THEN 'red' ELSE 'blue' END, ARRAY[i, 0]::vector(2)
      FROM generate_series(1, 400) i;
    CREATE INDEX line_v_idx ON line USING hnsw (v vector_l2_ops);
    ANALYZE line;";

/// Rows at random places, of which IVFFlat misses some.
const CLOUD: &str = "
    CREATE EXTENSION vector;
    CREATE TABLE cloud (id int PRIMARY KEY, v vector(6) NOT NULL);
    SELECT setseed(0.25);
    INSERT INTO cloud SELECT i, ARRAY(SELECT random() + 0 * i FROM generate_series(1, 6))::vector(6)
      FROM generate_series(1, 800) i;
    CREATE INDEX cloud_v_idx ON cloud USING ivfflat (v vector_l2_ops) WITH (lists = 20);
    ANALYZE cloud;";

fn project(url: &str) -> Project {
    let file = SourceFile::new("aludel.toml", format!("[database]\nurl = \"{url}\"\n"));
    let settings = Settings::resolve(&file, &Flags::default(), &Process).unwrap();
    Project::new(settings, file, "schema.toml")
}

fn measured(database: &TestDatabase, options: &RecallOptions) -> Result<RecallReport, Failure> {
    block_on(Box::pin(project(&database.url()).recall(options)))
}

/// The report of the only index.
#[track_caller]
fn one(database: &TestDatabase, options: &RecallOptions) -> IndexRecall {
    let report = measured(database, options).unwrap_or_else(|it| panic!("{it:?}"));
    assert_eq!(report.indexes.len(), 1, "{report:?}");
    report.indexes.into_iter().next().unwrap()
}

fn asked(measurement: Options) -> RecallOptions {
    RecallOptions { measurement, ..Default::default() }
}

/// Queries in a file of their own.
fn with_queries(lines: &str, measurement: Options) -> (tempfile::TempDir, RecallOptions) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queries.jsonl");
    std::fs::write(&path, lines).unwrap();
    (folder, RecallOptions { queries: Some(path), measurement, target: None })
}

fn recalls(ladder: &Ladder) -> Vec<f64> {
    ladder.points.iter().map(|it| (it.recall * 1e6).round() / 1e6).collect()
}

fn kinds(report: &IndexRecall) -> Vec<ProblemKind> {
    report.problems.iter().map(|it| it.kind).collect()
}

/// A setting of one transaction.
async fn within(client: &Client, settings: &str) {
    client
        .batch_execute(&format!("BEGIN; SET LOCAL enable_seqscan = off; {settings}"))
        .await
        .unwrap();
}

#[test]
fn recall_that_is_known_by_counting() {
    let database = TestDatabase::create("recall_line");
    database.execute(LINE);
    let efforts: Vec<u32> = (1..=10).map(|it| it * 10).collect();
    let (_folder, options) = with_queries(
        "[0, 0]\n[-1, 0]\n[-2.5, 0]\n[-7, 0]\n",
        Options {
            ef_search: efforts.clone(),
            filters: vec!["color = 'red' -- every tenth".to_owned()],
            scans: vec![IterativeScan::Off],
            ..Options::default()
        },
    );
    let report = one(&database, &options);
    assert_eq!(kinds(&report), []);
    let [none, red] = report.ladders.as_slice() else { panic!("{report:?}") };
    assert_eq!(recalls(none), [1.0; 10]);
    // Of 10, 20, … candidates every tenth is red: 1, 2, … of the 10 that are wanted.
    let counted: Vec<f64> = (1..=10).map(|it| f64::from(it) / 10.0).collect();
    assert_eq!(recalls(red), counted);
    let rows: Vec<f64> = red.points.iter().map(|it| it.rows).collect();
    assert_eq!(rows, (1..=10).map(f64::from).collect::<Vec<_>>());
    assert_eq!(red.passes, Some(0.1));

    // The ids that the index finds, against those that are known.
    let in_sql: Vec<f64> = block_on(async {
        let client = database.connect().await;
        let mut shares = Vec::new();
        for effort in &efforts {
            within(
                &client,
                &format!("SELECT '[1,1]'::vector; SET LOCAL hnsw.ef_search = {effort}"),
            )
            .await;
            let sql = "SELECT avg(found)::float8 / 10 FROM unnest('{0,-1,-2.5,-7}'::float8[]) x, LATERAL (
                         SELECT count(*) FILTER (WHERE id <= 100) AS found FROM (
                           SELECT id FROM line WHERE color = 'red'
                           ORDER BY v <-> ARRAY[x, 0]::vector LIMIT 10) near) counted";
            let share: f64 = client.query_one(sql, &[]).await.unwrap().get(0);
            client.batch_execute("ROLLBACK").await.unwrap();
            shares.push((share * 1e6).round() / 1e6);
        }
        shares
    });
    assert_eq!(recalls(red), in_sql);
}

/// Each row is a query, left out of what it finds.
#[test]
fn the_figures_are_those_of_a_second_implementation() {
    let database = TestDatabase::create("recall_cloud");
    database.execute(CLOUD);
    let probes: Vec<u32> = (1..=10).collect();
    let report = one(
        &database,
        &asked(Options { queries: 800, probes: probes.clone(), ..Options::default() }),
    );
    let sample = report.sample.as_ref().unwrap();
    assert_eq!((sample.queries, sample.asked), (800, 800));
    let [ladder] = report.ladders.as_slice() else { panic!("{report:?}") };
    let in_sql: Vec<f64> = block_on(async {
        let client = database.connect().await;
        client
            .batch_execute(
                "CREATE TABLE truth AS SELECT q.id AS query, near.id FROM cloud q, LATERAL (
                   SELECT id FROM cloud WHERE id <> q.id ORDER BY (v <-> q.v) + 0 LIMIT 10) near",
            )
            .await
            .unwrap();
        let mut shares = Vec::new();
        for n in &probes {
            within(&client, &format!("SELECT '[1,1]'::vector; SET LOCAL ivfflat.probes = {n}"))
                .await;
            let sql = "SELECT count(*)::float8 / 8000 FROM cloud q CROSS JOIN LATERAL (
                         SELECT id FROM (SELECT id FROM cloud ORDER BY v <-> q.v LIMIT 11) near
                         WHERE id <> q.id LIMIT 10) found
                       JOIN truth ON truth.query = q.id AND truth.id = found.id";
            let share: f64 = client.query_one(sql, &[]).await.unwrap().get(0);
            client.batch_execute("ROLLBACK").await.unwrap();
            shares.push((share * 1e6).round() / 1e6);
        }
        shares
    });
    assert_eq!(recalls(ladder), in_sql);
    // It is data of which an index misses some.
    assert!(ladder.points[0].recall < 0.9 && ladder.points[9].recall > 0.99, "{ladder:?}");
    assert!(ladder.points.iter().all(|it| it.low <= it.recall && it.recall <= it.high));
    assert!(ladder.points.iter().all(|it| it.buffers.is_some_and(|it| it > 1.0)));
}

#[test]
fn a_generic_plan_is_seen() {
    let database = TestDatabase::create("recall_generic");
    database.execute(LINE);
    let short = || Options { ef_search: vec![40], queries: 20, ..Options::default() };
    let custom = one(&database, &asked(short()));
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan',
         current_database()); END $$",
    );
    // What the database sets does not change what is measured.
    let report = one(&database, &asked(short()));
    assert_eq!(recalls(&report.ladders[0]), recalls(&custom.ladders[0]));
    assert!(report.is_measured());
    assert_eq!(report.planner.as_ref().unwrap().plan_cache_mode, "force_generic_plan");
    // A generic plan of the measured searches does.
    let settings = vec![("plan_cache_mode".to_owned(), "force_generic_plan".to_owned())];
    let report = one(&database, &asked(Options { settings, ..short() }));
    assert_eq!(kinds(&report).last(), Some(&ProblemKind::GenericPlan));
    assert!(report.ladders.is_empty() && !report.is_measured(), "{report:?}");
}

#[test]
fn a_search_that_another_index_serves_is_seen() {
    let database = TestDatabase::create("recall_other");
    database.execute(LINE);
    database
        .execute("CREATE INDEX line_v_again_idx ON line USING hnsw (v vector_l2_ops) WITH (m = 4)");
    let report = measured(&database, &asked(Options::default())).unwrap();
    let other: Vec<_> = report.indexes.iter().filter(|it| !it.is_measured()).collect();
    assert_eq!(other.len(), 1, "{report:?}");
    assert_eq!(kinds(other[0]), [ProblemKind::OtherIndex]);
    let told = if other[0].index == "line_v_idx" { "line_v_again_idx" } else { "line_v_idx" };
    assert!(other[0].problems[0].message.ends_with(told), "{other:?}");
    assert!(!report.is_measured());
}

#[test]
fn an_index_that_is_not_used_is_seen() {
    let database = TestDatabase::create("recall_unused");
    database.execute(LINE);
    database.execute(
        "CREATE TABLE longer () INHERITS (line); INSERT INTO longer SELECT * FROM line; ANALYZE longer",
    );
    let report = one(&database, &asked(Options::default()));
    assert_eq!(kinds(&report), [ProblemKind::NotUsed]);
    assert!(report.problems[0].message.contains("its search: sequential scan of "), "{report:?}");
    database.execute("DROP TABLE longer; UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'line_v_idx'::regclass");
    assert_eq!(kinds(&one(&database, &asked(Options::default()))), [ProblemKind::Invalid]);
}

#[test]
fn a_planner_that_avoids_the_index_is_seen() {
    let database = TestDatabase::create("recall_avoided");
    database.execute(
        "CREATE EXTENSION vector;
         CREATE TABLE docs (id int PRIMARY KEY, v vector(600));
         SELECT setseed(0.5);
         INSERT INTO docs SELECT i, ARRAY(SELECT random() + 0 * i FROM generate_series(1, 600))::vector(600)
           FROM generate_series(1, 3000) i;
         CREATE INDEX docs_v_idx ON docs USING hnsw (v vector_l2_ops);
         ANALYZE docs;
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET random_page_cost = 100', current_database()); END $$",
    );
    let options = Options { ef_search: vec![40], queries: 20, ..Options::default() };
    let report = one(&database, &asked(options));
    let planner = report.planner.as_ref().unwrap();
    assert!(!planner.uses_index, "{report:?}");
    assert_eq!(planner.instead.as_deref(), Some("sequential scan of docs"));
    assert_eq!(kinds(&report), [ProblemKind::PlannerAvoids]);
    // The searches of generated code are measured all the same.
    assert!(report.is_measured() && !report.ladders[0].points.is_empty());
}

/// Columns and expressions of each type, partial indexes and partitions.
#[test]
fn indexes_of_every_kind_are_measured() {
    let database = TestDatabase::create("recall_kinds");
    database.execute(
        "CREATE SCHEMA \"ex t\"; CREATE EXTENSION vector SCHEMA \"ex t\"; CREATE SCHEMA \"My App\";
         SET search_path = \"ex t\", public;
         CREATE TABLE \"My App\".\"Docs\" (id int, \"V\" vector(8), h halfvec(8), s sparsevec(8), b bit(16), e float8[],
           note text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
         CREATE TABLE \"My App\".docs_1 PARTITION OF \"My App\".\"Docs\" FOR VALUES FROM (0) TO (300);
         CREATE TABLE \"My App\".docs_2 PARTITION OF \"My App\".\"Docs\" FOR VALUES FROM (300) TO (1000);
         SELECT setseed(0.75);
         INSERT INTO \"My App\".\"Docs\" SELECT i, v::vector, v::halfvec, v::vector::sparsevec,
             (binary_quantize(v::vector)::text || binary_quantize(v::vector)::text)::bit(16), v, NULL
           FROM (SELECT i, ARRAY(SELECT random() - 0.5 + 0 * i FROM generate_series(1, 8)) AS v
                   FROM generate_series(1, 600) i) x;
         INSERT INTO \"My App\".\"Docs\" (id) VALUES (700);
         INSERT INTO \"My App\".\"Docs\" (id, \"V\") VALUES (701, '[0,0,0,0,0,0,0,0]');
         CREATE INDEX a_vector ON \"My App\".\"Docs\" USING hnsw (\"V\" vector_cosine_ops);
         CREATE INDEX b_partial ON \"My App\".\"Docs\" USING hnsw (\"V\" vector_l1_ops) WHERE id % 2 = 0;
         CREATE INDEX c_halfvec ON \"My App\".\"Docs\" USING ivfflat (h halfvec_ip_ops) WITH (lists = 5);
         CREATE INDEX d_sparsevec ON \"My App\".\"Docs\" USING hnsw (s sparsevec_l2_ops);
         CREATE INDEX e_bit ON \"My App\".\"Docs\" USING hnsw (b bit_jaccard_ops);
         CREATE INDEX f_half ON \"My App\".\"Docs\" USING hnsw ((\"V\"::halfvec(8)) halfvec_l2_ops);
         CREATE INDEX g_quantized ON \"My App\".\"Docs\" USING hnsw ((binary_quantize(\"V\")::bit(8)) bit_hamming_ops);
         CREATE INDEX h_part ON \"My App\".\"Docs\" USING hnsw ((subvector(\"V\", 1, 4)::vector(4)) vector_ip_ops);
         CREATE INDEX i_cast ON \"My App\".\"Docs\" USING hnsw ((e::vector(8)) vector_cosine_ops);
         ANALYZE \"My App\".\"Docs\";",
    );
    let filters = vec!["note IS NULL".to_owned()];
    let options = Options { queries: 30, filters, ..Options::default() };
    let report = measured(&database, &asked(options.clone())).unwrap();
    let names: Vec<&str> = report.indexes.iter().map(|it| it.index.as_str()).collect();
    assert_eq!(
        names,
        [
            "a_vector",
            "b_partial",
            "c_halfvec",
            "d_sparsevec",
            "e_bit",
            "f_half",
            "g_quantized",
            "h_part",
            "i_cast"
        ]
    );
    for index in &report.indexes {
        assert_eq!(index.table, "\"My App\".\"Docs\"");
        assert!(index.is_measured(), "{}: {:?}", index.index, index.problems);
        let scans = if index.index == "c_halfvec" { 3 } else { 4 };
        assert_eq!(index.ladders.len(), scans, "{index:?}");
        let best = index.ladders[0].points.last().unwrap();
        // Small tables of which nearly all rows are candidates: bits and parts sort 40 of 60.
        assert!(best.recall > 0.9, "{}: {best:?}", index.text());
        let reranked = best.setting.rerank.is_some();
        assert_eq!(reranked, ["f_half", "g_quantized", "h_part"].contains(&index.index.as_str()));
    }
    let exact = |at: usize| report.indexes[at].exact.as_deref();
    assert_eq!(
        [exact(0), exact(5), exact(6), exact(7)],
        [None, Some("\"V\" <->"), Some("\"V\" <=>"), Some("\"V\" <#>")]
    );
    // The distances of bits have many ties, and rows at the same distance are as good.
    let (_folder, given) =
        with_queries("\"1111000011110000\"\n", Options { queries: 1, ..options });
    let given = RecallOptions { target: Some("e_bit".to_owned()), ..given };
    assert!(!one(&database, &given).ladders.is_empty());
}

#[test]
fn what_is_wrong_with_the_input_is_said() {
    let database = TestDatabase::create("recall_input");
    database.execute(LINE);
    #[track_caller]
    fn fails(database: &TestDatabase, options: &RecallOptions, says: &str) {
        let failure = measured(database, options).unwrap_err();
        assert_eq!(failure.kind.exit_status(), 2, "{failure:?}");
        let told = [vec![failure.message.clone()], failure.details.clone(), failure.hints.clone()]
            .concat();
        assert!(told.join("\n").contains(says), "{told:?}");
    }
    let target = Some("lines".to_owned());
    let named = RecallOptions { target, ..Default::default() };
    fails(
        &database,
        &named,
        "`lines` is no vector index, and no table with one\nvector indexes: line.line_v_idx",
    );
    let filters = vec!["colour = 'red'".to_owned()];
    let options = asked(Options { filters, ..Options::default() });
    fails(&database, &options, "refuses the condition `colour = 'red'` for table line\n");
    let (_folder, options) = with_queries("[1, 2, 3]\n", Options::default());
    fails(&database, &options, "expected 2 dimensions, not 3");
    let (_folder, options) = with_queries("[1, 2]\nnothing\n", Options::default());
    fails(&database, &options, "line 2: expected an array of numbers");
    // Two statements are none.
    let filters = vec!["true); DROP TABLE line; SELECT (true".to_owned()];
    fails(
        &database,
        &asked(Options { filters, ..Options::default() }),
        "cannot insert multiple commands",
    );
}

#[test]
fn rows_without_vectors_and_time_that_ends() {
    let database = TestDatabase::create("recall_bounds");
    database.execute(LINE);
    let time = std::time::Duration::from_millis(1);
    let report = one(&database, &asked(Options { time, ..Options::default() }));
    assert!(!report.is_measured(), "{report:?}");
    assert_eq!(kinds(&report), [ProblemKind::NoTime]);
    database.execute("UPDATE line SET v = NULL");
    assert_eq!(kinds(&one(&database, &asked(Options::default()))), [ProblemKind::NoRows]);
    // The time that a role gives its statements holds.
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''400ms''', current_database());
         END $$; UPDATE line SET v = '[1,2]'",
    );
    let filters = vec!["pg_sleep(0.02) IS NOT NULL".to_owned()];
    let begun = std::time::Instant::now();
    let report = one(&database, &asked(Options { filters, ..Options::default() }));
    assert!(kinds(&report).contains(&ProblemKind::NoTime), "{report:?}");
    assert!(begun.elapsed().as_secs() < 10);
}

#[test]
fn people_and_programs_read_the_report() {
    let database = TestDatabase::create("recall_cli");
    database.execute(LINE);
    let project = super::project::Project::new("");
    let url = database.url();
    let args = ["recall", "line", "--url", &url, "--where", "color = 'red'", "--sample", "50"];
    project.ends(0, &args).says(&[
        "line.line_v_idx: hnsw (v vector_l2_ops)\n  about 400 rows, the index has ",
        "  50 queries, rows of the table, each left out of what it finds; exact searches took ",
        "  where color = 'red' (10 % of the rows)\n",
        "relaxed_order",
        "ef_search = 10 finds 1.000 (",
    ]);
    let json =
        project.ends(0, &[&args[..], &["--format", "json", "--plot", "p.svg"]].concat()).json();
    let ladder = &json["indexes"][0]["ladders"][0];
    assert_eq!(ladder["points"][0]["recall"], 1.0, "{json}");
    assert_eq!(ladder["points"][0]["effort"], 10);
    assert!(project.read("p.svg").contains("color = 'red', iterative_scan = strict_order"));
    project.ends(2, &[&args[..], &["--time", "5"]].concat()).says(&["a time has a unit"]);
    project.ends(2, &["recall"]).says(&[
        "error: recall is measured on a server: times of the embedded engine say nothing\nhint: name one with --url",
    ]);
    database.execute("UPDATE line SET v = NULL");
    project
        .ends(1, &args)
        .says(&["the table has no rows with a vector that the index has\n    measure "]);
    database.execute("DROP TABLE line");
    project.ends(0, &["recall", "--url", &url]).says(&["no vector indexes\n"]);
}

/// A table with a vector index, and what its searches must find.
fn declaration(search: &str) -> String {
    format!(
        "[extensions]\nvector = '*'\n[tables.cloud]\nprimary_key = ['id']\n\
         columns = {{ id = 'integer', v = 'vector(12)' }}\n[tables.cloud.indexes.cloud_v_idx]\nmethod = 'hnsw'\n\
         columns = [{{ name = 'v', metric = 'l2' }}]\nwith = {{ m = 4, ef_construction = 16 }}\n{search}\n"
    )
}

#[test]
fn a_budget_is_held() {
    let database = TestDatabase::create("recall_budget");
    let project = super::project::Project::new(&declaration(""));
    let url = database.url();
    project.ends(0, &["revision", "--autogenerate", "-m", "cloud"]);
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute(
        "SELECT setseed(0.25);
         INSERT INTO cloud SELECT i, ARRAY(SELECT random() + 0 * i FROM generate_series(1, 12))::vector(12)
           FROM generate_series(1, 1500) i;
         ANALYZE cloud",
    );
    let check = ["check", "--url", &url, "--recall"];
    let told = project.ends(0, &check);
    told.says(&["note: schema.toml sets no recall for a vector index: nothing was measured"]);
    let declare = |search: &str| project.write("schema.toml", &declaration(search));
    declare("ef_search = 10\nrecall = { at_least = 0.95 }");
    let told = project.ends(1, &check);
    told.says(&[
        "recall: index cloud.cloud_v_idx with ef_search = 10 finds 0.",
        "declared: recall = 0.95\n    ef_search = ",
        "hint: recall: set `ef_search` or `probes` of the index",
    ]);
    let json = project.ends(1, &[&check[..], &["--format", "json"]].concat()).json();
    assert_eq!(json["findings"][0]["kind"], "recall", "{json}");
    declare("ef_search = 400\nrecall = { at_least = 0.95 }");
    project.ends(0, &check).says(&["schema.toml, the migrations and the database agree"]);
    declare("ef_search = 400\nrecall = { at_least = 0.2, within = \"1ms\", k = 300 }");
    project.ends(1, &check).says(&["with ef_search = 400 takes ", "declared: within = 1 ms"]);
    // Without --recall nothing is measured, and without a server nothing can be.
    project.ends(0, &["check", "--url", &url]);
    project.ends(2, &["check", "--recall"]).says(&["recall is measured on a server"]);
    database.execute("DROP INDEX cloud_v_idx");
    let told = project.ends(1, &check);
    told.says(&[
        "recall: index cloud_v_idx has a recall to meet, but the database does not have it",
    ]);
}

#[test]
fn status_and_check_see_the_health_of_vector_indexes() {
    let database = TestDatabase::create("recall_health");
    let project = super::project::Project::new(&declaration(""));
    let url = database.url();
    project.ends(0, &["revision", "--autogenerate", "-m", "cloud"]);
    project.ends(0, &["upgrade", "--url", &url]);
    let status = ["status", "--url", &url];
    assert!(!project.ends(0, &status).stdout.contains("vector"));
    database.execute(
        "INSERT INTO cloud SELECT i, ARRAY(SELECT random() + 0 * i FROM generate_series(1, 12))::vector(12)
           FROM generate_series(1, 6000) i;
         DELETE FROM cloud WHERE id % 2 = 0;
         CREATE INDEX cloud_lists_idx ON cloud USING ivfflat (v vector_l2_ops) WITH (lists = 1000);
         CREATE INDEX cloud_v_idx_ccnew ON cloud USING hnsw (v vector_l1_ops);
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'cloud_v_idx_ccnew'::regclass;
         SELECT pg_stat_force_next_flush();",
    );
    let told = project.ends(0, &status);
    told.says(&[
        "vector: index cloud_lists_idx: 1000 lists for about ",
        "        build it again with lists = ",
        "vector: index cloud_v_idx: 50 % of the rows of cloud are dead, and searches still visit them\n        \
         REINDEX INDEX CONCURRENTLY cloud_v_idx; VACUUM cloud;\n",
        "vector: index cloud_v_idx_ccnew: an interrupted REINDEX CONCURRENTLY left it; no query uses it\n        \
         DROP INDEX CONCURRENTLY cloud_v_idx_ccnew;\n",
    ]);
    let told = project.ends(1, &["check", "--url", &url]);
    told.says(&["warning: index cloud_v_idx_ccnew: an interrupted REINDEX CONCURRENTLY left it"]);
    let json = project.ends(0, &[&status[..], &["--format", "json"]].concat()).json();
    let kinds: Vec<&str> = json["vector_indexes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert!(["lists", "dead_rows", "left_over"].iter().all(|it| kinds.contains(it)), "{kinds:?}");
}
