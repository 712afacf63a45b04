//! What the generated code of the documents table costs and moves, with 20,000 vectors of 1,536
//! dimensions. `scripts/measure code` makes the database that `DOCUMENTS_URL` names and runs this.
//!
//! Times are printed and never judged. What can be right or wrong is asserted: how many rows come,
//! and that PostgreSQL answers the generated statements by the index.

#[path = "../tests/common/numbers.rs"]
mod numbers;
mod overhead;
mod wire;

use std::time::{Duration, Instant};

use deadpool_postgres::{Client, GenericClient};
use generated::documents::documents::{self, *};
use generated::documents::support::{self, Embedding, Nearest};
use numbers::Numbers;

const ROWS: usize = 20_000;
const PAGE: u32 = 100;
const INDEX: &str = "documents_embedding_hnsw_idx";

#[tokio::main]
async fn main() {
    let url = std::env::var("DOCUMENTS_URL").expect("DOCUMENTS_URL names the database");
    let config: tokio_postgres::Config = url.parse().expect("a URL");
    let (config, wire) = wire::counted(&config).await;
    let pool = support::pool(config, 1).expect("a pool");
    let mut db = pool.get().await.expect("a connection");
    let mut numbers = Numbers(11);

    writes(&mut db, &mut numbers).await;
    load(&mut db, &mut numbers).await;
    lists(&db, &wire).await;
    statements(&db).await;
    searches(&mut db, &mut numbers).await;
    overhead::measured(&mut db, &embedding(&mut numbers)).await;
    println!("peak memory of this client: {}", peak_memory());
}

fn embedding(numbers: &mut Numbers) -> DocumentEmbedding {
    Embedding::new(numbers.floats(EMBEDDING_DIMENSIONS)).expect("the right length")
}

fn documents_of(count: usize, numbers: &mut Numbers) -> Vec<NewDocument> {
    let row = |i: usize| NewDocument {
        // One row in a hundred.
        status: i.is_multiple_of(100).then_some(DocStatus::Published),
        ..NewDocument::new(
            format!("document {i} about bears and foxes"),
            embedding(numbers),
        )
    };
    (0..count).map(row).collect()
}

/// The median of several runs.
async fn median(runs: usize, mut run: impl AsyncFnMut()) -> Duration {
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        run().await;
        times.push(start.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// Many rows by COPY against an INSERT each, without the vector indexes, which cost both the same.
async fn writes(db: &mut Client, numbers: &mut Numbers) {
    drop_indexes(db).await;
    let rows = documents_of(2_000, numbers);
    let start = Instant::now();
    documents::insert_many(db, &rows).await.expect("rows");
    let many = start.elapsed();
    let start = Instant::now();
    for row in &rows {
        documents::insert(db, row).await.expect("a row");
    }
    let each = start.elapsed();
    println!("2,000 rows: insert_many {many:.1?}, insert each {each:.1?}");
    db.batch_execute("TRUNCATE documents")
        .await
        .expect("an empty table");
}

async fn drop_indexes(db: &Client) {
    let sql = "DROP INDEX documents_embedding_hnsw_idx, documents_embedding_bq_idx";
    db.batch_execute(sql).await.expect("no vector index");
}

async fn load(db: &mut Client, numbers: &mut Numbers) {
    let start = Instant::now();
    for _ in 0..ROWS / 2_000 {
        let rows = documents_of(2_000, numbers);
        documents::insert_many(db, &rows).await.expect("rows");
    }
    let loaded = start.elapsed();
    let build = "SET maintenance_work_mem = '512MB';
        CREATE INDEX documents_embedding_hnsw_idx ON documents USING hnsw (embedding vector_cosine_ops)
            WITH (m = 16, ef_construction = 64);
        CREATE INDEX documents_embedding_bq_idx ON documents
            USING hnsw ((binary_quantize(embedding)::bit(1536)) bit_hamming_ops);";
    let start = Instant::now();
    db.batch_execute(build).await.expect("indexes");
    db.batch_execute("VACUUM ANALYZE documents")
        .await
        .expect("statistics");
    let built = start.elapsed();
    println!("{ROWS} rows: loaded in {loaded:.1?}, indexes in {built:.1?}");
}

/// A page as generated, and the same page with its vectors, which no generated function reads.
async fn lists(db: &Client, wire: &wire::Counter) {
    let light = async || {
        let page = documents::list_page(db, PAGE, None, None)
            .await
            .expect("a page");
        assert_eq!(page.items.len(), PAGE as usize);
    };
    let full = async || {
        let sql = "SELECT id, content, metadata, source, status, created_at, embedding FROM documents \
                   ORDER BY created_at DESC, id DESC LIMIT 100";
        let statement = db.prepare_cached(sql).await.expect("a statement");
        let rows = db.query(&statement, &[]).await.expect("rows");
        let vectors = rows.iter().map(|it| it.get::<_, DocumentEmbedding>(6));
        assert_eq!(vectors.count(), PAGE as usize);
    };
    light().await;
    full().await;
    let bytes = wire.bytes(light()).await;
    let bytes_with = wire.bytes(full()).await;
    let time = median(101, light).await;
    let time_with = median(101, full).await;
    println!(
        "a page of {PAGE}: {bytes} bytes, {time:.2?}; with vectors: {bytes_with} bytes, {time_with:.2?}"
    );
}

async fn statements(db: &Client) {
    let page = documents::list_page(db, 1, None, None)
        .await
        .expect("a page");
    let id = page.items[0].id;
    let cached = async || {
        documents::get(db, id).await.expect("a row");
    };
    let prepared = async || {
        db.statement_cache.clear();
        documents::get(db, id).await.expect("a row");
    };
    let (cached, prepared) = (median(1_001, cached).await, median(1_001, prepared).await);
    println!("get: {cached:.1?} with its statement cached, {prepared:.1?} without");
}

async fn searches(db: &mut Client, numbers: &mut Numbers) {
    let query = embedding(numbers);
    let few = || Nearest::new(10);
    let many = || Nearest::new(100);
    let one_percent = || few().filter(col::STATUS.eq(DocStatus::Published));
    let exact = || few().exact();
    let kinds: [(&str, &dyn Fn() -> documents::Nearest, usize); 4] = [
        ("k = 10", &few, 10),
        ("k = 100", &many, 100),
        (
            "k = 10, a filter that one row in a hundred passes",
            &one_percent,
            10,
        ),
        ("k = 10, exact", &exact, 10),
    ];
    for (name, opts, k) in kinds {
        let opts = opts();
        let time = median(21, async || {
            let hits = documents::nearest(db, &query, &opts).await.expect("rows");
            assert_eq!(hits.len(), k, "{name}");
        });
        println!("nearest, {name}: {:.2?}, {k} rows", time.await);
    }
    let time = median(21, async || {
        let hits = documents::nearest_rerank(db, &query, 20, &few())
            .await
            .expect("rows");
        assert_eq!(hits.len(), 10);
    });
    println!("nearest_rerank, k = 10 of 200: {:.2?}", time.await);
    explain(db, &query).await;
    let short = Embedding::<EMBEDDING_DIMENSIONS>::new(vec![0.5; 3]).expect_err("too short");
    println!("three values for a vector: {short}");
}

/// The plans of the statements that the searches above have left in the session, after the statement that
/// chooses.
async fn explain(db: &mut Client, query: &DocumentEmbedding) {
    let values: Vec<String> = query.as_slice().iter().map(f32::to_string).collect();
    let vector = format!("'[{}]'", values.join(","));
    let search = "statement LIKE 'SELECT d.%ORDER BY d.embedding <=> $1 LIMIT%'";
    let choice = "statement LIKE 'WITH RECURSIVE search_size%'";
    let whole = prepared(
        db,
        &format!("{search} AND cardinality(parameter_types) = 2"),
    )
    .await;
    let some = prepared(
        db,
        &format!("{search} AND cardinality(parameter_types) = 3"),
    )
    .await;
    let sampled = prepared(db, &format!("{choice} AND statement LIKE '%TABLESAMPLE%'")).await;
    let all = prepared(
        db,
        &format!("{choice} AND statement NOT LIKE '%TABLESAMPLE%'"),
    )
    .await;
    let values = format!("{vector}, 10");
    let scan = plan(db, &all, "10", &whole, &values).await;
    assert!(
        scan.contains(&format!("Index Scan using {INDEX}")),
        "{scan}"
    );
    let values = format!("{vector}, 'published', 10");
    plan(db, &sampled, "10, 'published'", &some, &values).await;
    println!();
}

/// The name of a prepared statement, and its text.
async fn prepared(db: &Client, condition: &str) -> (String, String) {
    let sql = format!(
        "SELECT name, statement FROM pg_prepared_statements WHERE {condition} ORDER BY prepare_time"
    );
    let rows = db.query(&sql, &[]).await.expect("statements");
    let row = rows.first().expect("a statement");
    (row.get(0), row.get(1))
}

/// The plan of a search after what chooses for it; printed, too.
async fn plan(
    db: &mut Client,
    (choice, _): &(String, String),
    choice_values: &str,
    (search, text): &(String, String),
    values: &str,
) -> String {
    let tx = db.transaction().await.expect("a transaction");
    let chosen = format!("EXECUTE {choice}({choice_values})");
    tx.simple_query(&chosen).await.expect("settings");
    let execute = format!("EXPLAIN (COSTS OFF) EXECUTE {search}({values})");
    let plan = tx.simple_query(&execute).await.expect("a plan");
    let lines: Vec<String> = plan.iter().filter_map(line).collect();
    let plan = lines.join("\n");
    println!("\n{text}\n{plan}");
    plan
}

/// A line of a plan, without the numbers of the vector.
fn line(message: &tokio_postgres::SimpleQueryMessage) -> Option<String> {
    let tokio_postgres::SimpleQueryMessage::Row(row) = message else {
        return None;
    };
    let line = row.get(0)?;
    let Some((before, rest)) = line.split_once("'[") else {
        return Some(line.to_owned());
    };
    let (_, after) = rest.split_once("]'")?;
    Some(format!("{before}'[…]'{after}"))
}

/// `VmHWM` of proc(5).
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    line.map_or("unknown here", str::trim).to_owned()
}
