//! Generated functions against hand-written code that sends the same messages and reads the same rows.

use std::time::{Duration, Instant};

use deadpool_postgres::{Client, GenericClient};
use futures_util::future;
use futures_util::lock::Mutex;
use generated::documents::documents::{self, *};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

/// Medians of both in turn, since machines are noisy.
async fn compared(
    name: &str,
    runs: usize,
    mut generated: impl AsyncFnMut() -> usize,
    mut by_hand: impl AsyncFnMut() -> usize,
) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..runs {
        let start = Instant::now();
        let found = generated().await;
        times[0].push(start.elapsed());
        let start = Instant::now();
        assert_eq!(by_hand().await, found, "{name}");
        times[1].push(start.elapsed());
    }
    let [generated, by_hand] = times.map(median);
    let share = 100.0 * (generated.as_secs_f64() / by_hand.as_secs_f64() - 1.0);
    println!("{name}: {generated:.1?} generated, {by_hand:.1?} by hand, {share:+.1} %");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn document(row: &Row) -> Document {
    Document {
        id: row.get(0),
        content: row.get(1),
        metadata: row.get(2),
        source: row.get(3),
        status: row.get(4),
        created_at: row.get(5),
    }
}

/// `get`, `list_page` and `nearest`.
pub async fn measured(db: &mut Client, query: &DocumentEmbedding) {
    let page = documents::list_page(db, 100, None, None).await;
    let id = page.expect("a page").items[0].id;
    let read = "SELECT d.id, d.content, d.metadata, d.source, d.status, d.created_at \
                FROM public.documents d";
    let one = format!("{read} WHERE d.id = $1");
    let shared = &*db;
    compared(
        "get",
        4_001,
        async || usize::from(documents::get(shared, id).await.expect("a row").is_some()),
        async || {
            let statement = shared.prepare_cached(&one).await.expect("a statement");
            let rows = shared.query(&statement, &[&id]).await.expect("a row");
            rows.first().map(document).iter().len()
        },
    )
    .await;
    let many = format!("{read} WHERE true ORDER BY d.created_at DESC, d.id DESC LIMIT $1");
    compared(
        "list_page, 100 rows",
        1_001,
        async || {
            let page = documents::list_page(shared, 100, None, None).await;
            page.expect("a page").items.len()
        },
        async || {
            let statement = shared.prepare_cached(&many).await.expect("a statement");
            let rows = shared.query(&statement, &[&101_i64]).await.expect("rows");
            let rows: Vec<Document> = rows.iter().take(100).map(document).collect();
            rows.len()
        },
    )
    .await;
    for k in [10, 100] {
        nearest(db, query, k).await;
    }
}

async fn nearest(db: &mut Client, query: &DocumentEmbedding, k: u32) {
    let opts = documents::Nearest::new(k);
    documents::nearest(db, query, &opts).await.expect("rows");
    let choice = sent(
        db,
        "statement LIKE 'WITH RECURSIVE search_size%' AND statement NOT LIKE '%SAMPLE%'",
    );
    let choice = choice.await;
    let search = sent(
        db,
        "statement LIKE 'SELECT d.%WHERE true ORDER BY d.embedding <=> $1 LIMIT $2'",
    );
    let search = search.await;
    // Each of them borrows the connection for as long as it runs.
    let db = Mutex::new(db);
    let name = format!("nearest, k = {k}");
    compared(
        &name,
        401,
        async || {
            let mut db = db.lock().await;
            let hits = documents::nearest(&mut **db, query, &opts).await;
            hits.expect("rows").len()
        },
        async || {
            by_hand(&**db.lock().await, [&choice, &search], query, k.into())
                .await
                .len()
        },
    )
    .await;
}

/// The statements as generated code has sent them.
async fn sent(db: &Client, condition: &str) -> String {
    let sql = format!("SELECT statement FROM pg_prepared_statements WHERE {condition}");
    let rows = db.query(&sql, &[]).await.expect("statements");
    rows.first().expect("a statement").get(0)
}

async fn by_hand(
    db: &Client,
    [choice, search]: [&String; 2],
    query: &DocumentEmbedding,
    k: i64,
) -> Vec<(Document, f64)> {
    let choice: Statement = db.prepare_cached(choice).await.expect("a statement");
    let search: Statement = db.prepare_cached(search).await.expect("a statement");
    let values: [&(dyn ToSql + Sync); 2] = [query, &k];
    let wanted: [&(dyn ToSql + Sync); 1] = [&k];
    let (opened, chosen, rows, closed) = future::join4(
        db.batch_execute("BEGIN READ ONLY"),
        db.query_one(&choice, &wanted),
        db.query(&search, &values),
        db.batch_execute("ROLLBACK"),
    )
    .await;
    opened.expect("BEGIN");
    chosen.expect("settings");
    closed.expect("ROLLBACK");
    let rows = rows.expect("rows");
    let mut hits: Vec<(Document, f64)> = rows.iter().map(|it| (document(it), it.get(6))).collect();
    hits.sort_by(|a, b| a.1.total_cmp(&b.1));
    hits
}
