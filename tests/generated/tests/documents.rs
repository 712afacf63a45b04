//! Every function of the documents table against a real server. `DOCUMENTS_URL` names a database
//! that has the table and nothing in it.

mod common;

use std::time::Duration;

use common::{Numbers, scans};
use deadpool_postgres::{Client, Pool};
use generated::documents::documents::{self, *};
use generated::documents::support::{self, Embedding, Hybrid, Metric, Nearest};

fn embedding(numbers: &mut Numbers) -> DocumentEmbedding {
    let values = numbers.floats(EMBEDDING_DIMENSIONS);
    Embedding::new(values).expect("the right length")
}

fn url() -> String {
    std::env::var("DOCUMENTS_URL").expect("DOCUMENTS_URL names the database")
}

async fn plain() -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(&url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

async fn setting(db: &Client, name: &str) -> String {
    let row = db
        .query_one("SELECT current_setting($1, true)", &[&name])
        .await
        .unwrap();
    row.get::<_, Option<String>>(0).unwrap_or_default()
}

/// What the Python tests look for.
#[tokio::test]
#[ignore = "one half of a conversation with Python"]
async fn write() {
    let pool = support::pool(url().parse().unwrap(), 1).unwrap();
    let mut db = pool.get().await.unwrap();
    let values: Vec<f32> = (0..EMBEDDING_DIMENSIONS)
        .map(|i| i as f32 / 2048.0)
        .collect();
    let new = NewDocument {
        id: Some(uuid::Uuid::from_u128(78)),
        metadata: Some(serde_json::json!({"from": "rust", "n": 1.5})),
        source: Some("tests".into()),
        status: Some(DocStatus::Published),
        created_at: Some("2026-05-06T07:08:09.123456Z".parse().unwrap()),
        ..NewDocument::new("from Rust", values.try_into().unwrap())
    };
    assert_eq!(documents::insert_many(&mut db, &[new]).await.unwrap(), 1);
}

/// What the Python tests have written.
#[tokio::test]
#[ignore = "one half of a conversation with Python"]
async fn read() {
    let pool = support::pool(url().parse().unwrap(), 1).unwrap();
    let db = pool.get().await.unwrap();
    let row = documents::get_full(&db, uuid::Uuid::from_u128(77))
        .await
        .unwrap()
        .unwrap();
    let document = row.document;
    assert_eq!(
        (document.content.as_str(), document.source),
        ("from Python", None)
    );
    assert_eq!(
        document.metadata,
        serde_json::json!({"from": "python", "n": 1.5})
    );
    assert_eq!(document.status, DocStatus::InReview);
    let created_at: chrono::DateTime<chrono::Utc> = "2026-05-06T07:08:09.123456Z".parse().unwrap();
    assert_eq!(document.created_at, created_at);
    let values: Vec<f32> = (0..EMBEDDING_DIMENSIONS)
        .map(|i| i as f32 / 2048.0)
        .collect();
    assert_eq!(row.embedding.as_slice(), values);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it() {
    let pool = support::pool(url().parse().unwrap(), 4).unwrap();
    let mut numbers = Numbers(7);
    writes_and_reads(&pool, &mut numbers).await;
    pages(&pool, &mut numbers).await;
    searches(&pool, &mut numbers).await;
    leaves_nothing_behind(&pool, &mut numbers).await;
    heals(&pool, &mut numbers).await;
}

async fn writes_and_reads(pool: &Pool, numbers: &mut Numbers) {
    let mut db = pool.get().await.unwrap();
    documents::verify(&db).await.unwrap();

    let new = NewDocument::new("the bear", embedding(numbers));
    let bear = documents::insert(&db, &new).await.unwrap();
    assert_eq!(bear.status, DocStatus::Draft);
    assert_eq!(bear.metadata, serde_json::json!({}));
    assert_eq!(bear.source, None);
    assert_eq!(
        documents::get(&db, bear.id).await.unwrap(),
        Some(bear.clone())
    );
    let full = documents::get_full(&db, bear.id).await.unwrap().unwrap();
    assert_eq!(
        (full.document, full.embedding),
        (bear.clone(), new.embedding.clone())
    );
    assert_eq!(documents::get(&db, uuid::Uuid::nil()).await.unwrap(), None);

    let given = NewDocument {
        id: Some(uuid::Uuid::from_u128(1)),
        metadata: Some(serde_json::json!({"page": [1, null, "ü"]})),
        source: Some("web".into()),
        status: Some(DocStatus::InReview),
        created_at: Some("2026-01-02T03:04:05.678901Z".parse().unwrap()),
        ..NewDocument::new("the fox", embedding(numbers))
    };
    let fox = documents::insert(&db, &given).await.unwrap();
    assert_eq!(Some(fox.id), given.id);
    assert_eq!(Some(fox.created_at), given.created_at);
    let again = documents::insert(&db, &given).await.unwrap_err();
    assert!(again.violates(constraint::PKEY), "{again}");
    assert_eq!(again.sqlstate(), Some("23505"));

    let replaced = NewDocument {
        content: "the red fox".into(),
        source: None,
        ..given.clone()
    };
    let replaced = documents::upsert(&db, &replaced).await.unwrap();
    assert_eq!(
        (replaced.content.as_str(), replaced.source),
        ("the red fox", None)
    );
    let ids = [fox.id, uuid::Uuid::nil(), bear.id];
    let found = documents::get_many(&db, &ids).await.unwrap();
    assert_eq!(
        found.iter().map(|d| d.id).collect::<Vec<_>>(),
        [fox.id, bear.id]
    );

    let patch = DocumentPatch {
        source: Some(Some("book".into())),
        ..Default::default()
    };
    let patched = documents::update(&db, bear.id, &patch)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(patched.source.as_deref(), Some("book"));
    let patch = DocumentPatch {
        source: Some(None),
        ..Default::default()
    };
    assert_eq!(
        documents::update(&db, bear.id, &patch)
            .await
            .unwrap()
            .unwrap()
            .source,
        None
    );
    let nothing = DocumentPatch::default();
    assert_eq!(
        documents::update(&db, bear.id, &nothing)
            .await
            .unwrap()
            .unwrap()
            .id,
        bear.id
    );
    assert_eq!(
        documents::update(&db, uuid::Uuid::nil(), &patch)
            .await
            .unwrap(),
        None
    );

    let filter = col::STATUS
        .eq(DocStatus::InReview)
        .and(col::SOURCE.is_null());
    assert_eq!(documents::count(&db, Some(&filter)).await.unwrap(), 1);
    let filter = col::METADATA.contains(serde_json::json!({"page": ["ü"]}));
    assert_eq!(documents::count(&db, Some(&filter)).await.unwrap(), 1);
    let filter = col::ID.is_in([fox.id, bear.id]).or(col::CONTENT.eq("x"));
    assert_eq!(documents::count(&db, Some(&filter)).await.unwrap(), 2);
    let filter = Filter::sql(
        "length(d.content) > ? AND '{}'::jsonb ?? 'a' IS NOT TRUE",
        vec![Box::new(9i32)],
    );
    assert_eq!(documents::count(&db, Some(&filter)).await.unwrap(), 1);

    assert!(documents::delete(&db, bear.id).await.unwrap());
    assert!(!documents::delete(&db, bear.id).await.unwrap());
    let filter = col::CONTENT.eq("the red fox");
    assert_eq!(documents::delete_where(&db, &filter).await.unwrap(), 1);
    assert_eq!(documents::insert_many(&mut db, &[]).await.unwrap(), 0);

    // In a transaction of the caller's, which sees its own rows and takes them back.
    let mut tx = db.transaction().await.unwrap();
    let mixed = [
        NewDocument::new("one", embedding(numbers)),
        NewDocument {
            status: Some(DocStatus::Published),
            ..NewDocument::new("two", embedding(numbers))
        },
    ];
    assert_eq!(documents::insert_many(&mut tx, &mixed).await.unwrap(), 2);
    let hits = documents::nearest(&mut tx, &mixed[1].embedding, &Nearest::new(50))
        .await
        .unwrap();
    assert_eq!(hits[0].row.content, "two");
    tx.rollback().await.unwrap();
    assert_eq!(documents::count(&db, None).await.unwrap(), 0);
    // All or nothing: the second row repeats a key.
    let twice = NewDocument {
        id: Some(uuid::Uuid::from_u128(2)),
        ..mixed[0].clone()
    };
    documents::insert_many(&mut db, &[twice.clone(), twice])
        .await
        .unwrap_err();
    assert_eq!(documents::count(&db, None).await.unwrap(), 0);
}

async fn pages(pool: &Pool, numbers: &mut Numbers) {
    let mut db = pool.get().await.unwrap();
    let published = |i: usize| i.is_multiple_of(100).then_some(DocStatus::Published);
    let rows: Vec<NewDocument> = (0..2000)
        .map(|i| NewDocument {
            status: published(i),
            ..NewDocument::new(
                format!("document {i} about bears and foxes"),
                embedding(numbers),
            )
        })
        .collect();
    assert_eq!(documents::insert_many(&mut db, &rows).await.unwrap(), 2000);
    db.batch_execute("VACUUM ANALYZE documents").await.unwrap();

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = documents::list_page(&db, 300, after.as_ref(), None)
            .await
            .unwrap();
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 2000);
    let position = |d: &Document| (d.created_at, d.id);
    assert!(
        seen.windows(2)
            .all(|two| position(&two[0]) > position(&two[1]))
    );
    let filter = col::STATUS.eq(DocStatus::Published);
    let page = documents::list_page(&db, 20, None, Some(&filter))
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.next), (20, None));

    // A page of 100 rows with their vectors would be 600 kB.
    let body: Vec<DocumentDto> = seen.into_iter().take(100).collect();
    assert!(serde_json::to_string(&body).unwrap().len() < 40_000);
}

async fn searches(pool: &Pool, numbers: &mut Numbers) {
    let mut db = pool.get().await.unwrap();
    let query = embedding(numbers);
    let before = scans(&db, "documents_embedding_hnsw_idx").await;

    let hits = documents::nearest(&mut db, &query, &Nearest::new(100))
        .await
        .unwrap();
    assert_eq!(hits.len(), 100);
    assert!(
        hits.windows(2)
            .all(|two| two[0].distance <= two[1].distance)
    );
    let exact = documents::nearest(&mut db, &query, &Nearest::new(10).exact())
        .await
        .unwrap();
    let found = exact
        .iter()
        .filter(|hit| hits.iter().any(|it| it.row.id == hit.row.id))
        .count();
    assert!(found >= 6, "recall {found} of 10");
    let few = documents::nearest(&mut db, &query, &Nearest::new(5))
        .await
        .unwrap();
    assert_eq!(few.len(), 5);
    // One row in a hundred passes.
    let published = || col::STATUS.eq(DocStatus::Published);
    let opts = Nearest::new(10).filter(published());
    let hits = documents::nearest(&mut db, &query, &opts).await.unwrap();
    assert_eq!(hits.len(), 10);
    assert!(
        hits.iter()
            .all(|hit| hit.row.status == DocStatus::Published)
    );
    // One candidate is too few: the search is repeated without the index.
    let one = Nearest::new(10).filter(published()).ef_search(1);
    let again = documents::nearest(&mut db, &query, &one).await.unwrap();
    let exact = Nearest::new(10).filter(published()).exact();
    let exact = documents::nearest(&mut db, &query, &exact).await.unwrap();
    assert_eq!(again, exact);
    let opts = Nearest::new(10)
        .filter(published())
        .iterative(support::IterativeScan::Relaxed);
    let hits = documents::nearest(&mut db, &query, &opts).await.unwrap();
    assert!(
        hits.windows(2)
            .all(|two| two[0].distance <= two[1].distance)
    );
    let bound = hits[4].distance;
    let opts = Nearest::new(10)
        .max_distance(bound)
        .ef_search(200)
        .max_scan_tuples(5000);
    let near = documents::nearest(&mut db, &query, &opts).await.unwrap();
    assert!(near.iter().all(|hit| hit.distance <= bound));
    assert!(EMBEDDING_METRIC == Metric::Cosine && Metric::Cosine.similarity(0.25) == 0.75);

    let first = few[0].row.id;
    let others = documents::nearest_to_row(&mut db, first, &Nearest::new(7))
        .await
        .unwrap();
    assert_eq!(others.len(), 7);
    assert!(others.iter().all(|hit| hit.row.id != first));
    let none = documents::nearest(&mut db, &query, &Nearest::new(0)).await;
    assert_eq!(none.unwrap(), []);
    let nobody = documents::nearest_to_row(&mut db, uuid::Uuid::nil(), &Nearest::new(7)).await;
    assert_eq!(nobody.unwrap(), []);
    let varied = documents::nearest_mmr(&mut db, &query, 4, 0.5, &Nearest::new(20))
        .await
        .unwrap();
    let of = documents::nearest(&mut db, &query, &Nearest::new(20))
        .await
        .unwrap();
    assert_eq!((varied.len(), varied[0].row.id), (4, of[0].row.id));

    let bits = scans(&db, "documents_embedding_bq_idx").await;
    let reranked = documents::nearest_rerank(&mut db, &query, 20, &Nearest::new(10).ef_search(400))
        .await
        .unwrap();
    assert_eq!(reranked.len(), 10);
    assert!(
        reranked
            .windows(2)
            .all(|two| two[0].distance <= two[1].distance)
    );
    let opts = Nearest::new(5).filter(published()).ef_search(400);
    assert_eq!(
        documents::nearest_rerank(&mut db, &query, 4, &opts)
            .await
            .unwrap()
            .len(),
        5
    );

    let new = NewDocument::new("a very rare pangolin", query.clone());
    let pangolin = documents::insert(&db, &new).await.unwrap();
    let both = documents::hybrid(&mut db, &query, "rare pangolin", &Hybrid::new(10))
        .await
        .unwrap();
    assert_eq!((both.len(), both[0].row.id), (10, pangolin.id));
    assert_eq!((both[0].vector_rank, both[0].text_rank), (Some(1), Some(1)));
    let opts = Hybrid::new(10).filter(published());
    let both = documents::hybrid(&mut db, &query, "bears -pangolin", &opts)
        .await
        .unwrap();
    assert!(
        both.iter()
            .all(|hit| hit.row.status == DocStatus::Published)
            && both.len() == 10
    );

    // With settings of their own searches use the index whatever the planner thinks of the table.
    assert!(scans(&db, "documents_embedding_hnsw_idx").await >= before + 6);
    assert!(scans(&db, "documents_embedding_bq_idx").await >= bits + 2);

    let short = Embedding::<1536>::new(vec![0.5; 3]).unwrap_err();
    assert!(
        matches!(
            short,
            Error::Dimensions {
                expected: 1536,
                actual: 3
            }
        ),
        "{short}"
    );
    let mut values = vec![0.5; 1536];
    values[7] = f32::NAN;
    let nan = Embedding::<1536>::new(values).unwrap_err();
    assert!(matches!(nan, Error::NotFinite { index: 7 }), "{nan}");
    assert_eq!(
        format!("{:?}", Embedding::from([0.0, 1.0])),
        "Embedding<2>([0.0, 1.0])"
    );
}

/// Settings are back after a search, a failed one and one that was given up.
async fn leaves_nothing_behind(pool: &Pool, numbers: &mut Numbers) {
    let mut db = pool.get().await.unwrap();
    let names = [
        "enable_seqscan",
        "plan_cache_mode",
        "hnsw.ef_search",
        "hnsw.iterative_scan",
    ];
    let query = embedding(numbers);
    let mut before = Vec::new();
    for name in names {
        before.push(setting(&db, name).await);
    }
    documents::nearest(&mut db, &query, &Nearest::new(200))
        .await
        .unwrap();
    let broken = Filter::sql(
        "1 / (length(d.content) - length(d.content)) = ?",
        vec![Box::new(1i32)],
    );
    documents::nearest(&mut db, &query, &Nearest::new(200).filter(broken))
        .await
        .unwrap_err();
    let slow = Filter::sql(
        "pg_sleep(0.0005) IS NOT NULL AND length(d.content) > ?",
        vec![Box::new(0i32)],
    );
    let opts = Nearest::new(200).filter(slow);
    let search = documents::nearest(&mut db, &query, &opts);
    assert!(
        tokio::time::timeout(Duration::from_millis(100), search)
            .await
            .is_err()
    );
    for (name, was) in names.iter().zip(before) {
        assert_eq!(setting(&db, name).await, was, "{name}");
    }
    assert_eq!(
        documents::nearest(&mut db, &query, &Nearest::new(3))
            .await
            .unwrap()
            .len(),
        3
    );
    // In a transaction of the caller's, too, which goes on.
    let mut tx = db.transaction().await.unwrap();
    documents::nearest(&mut tx, &query, &Nearest::new(200))
        .await
        .unwrap();
    let row = tx
        .query_one("SELECT current_setting('enable_seqscan')", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, String>(0), "on");
    tx.commit().await.unwrap();
}

/// A migration under a pool, and connections that are gone.
async fn heals(pool: &Pool, numbers: &mut Numbers) {
    let other = plain().await;
    let mut db = pool.get().await.unwrap();
    let new = NewDocument {
        source: Some("s".into()),
        ..NewDocument::new("one", embedding(numbers))
    };
    let row = documents::insert(&db, &new).await.unwrap();
    assert!(documents::get(&db, row.id).await.unwrap().is_some());
    let change = "ALTER TABLE documents ALTER source TYPE varchar(50)";
    other.batch_execute(change).await.unwrap();
    let read = documents::get(&db, row.id).await.unwrap().unwrap();
    assert_eq!(read.source.as_deref(), Some("s"));
    let query = embedding(numbers);
    let hits = documents::nearest(&mut db, &query, &Nearest::new(60))
        .await
        .unwrap();
    assert_eq!(hits.len(), 60);
    let drift = documents::verify(&db).await.unwrap_err().to_string();
    assert_eq!(
        drift,
        "public.documents has changed: source is character varying(50), not text"
    );
    other
        .batch_execute("ALTER TABLE documents ALTER source TYPE text")
        .await
        .unwrap();
    other
        .batch_execute("ALTER TABLE documents ADD later integer DEFAULT 1")
        .await
        .unwrap();
    documents::verify(&db).await.unwrap();
    assert!(documents::get(&db, row.id).await.unwrap().is_some());
    for (change, difference, revert) in [
        (
            "ALTER TABLE documents ADD kind text; UPDATE documents SET kind = 'a'; \
             ALTER TABLE documents ALTER kind SET NOT NULL",
            "kind is new and NOT NULL without a default, so rows cannot be inserted",
            "ALTER TABLE documents DROP kind",
        ),
        (
            "ALTER INDEX documents_embedding_hnsw_idx RENAME TO gone",
            "no valid index documents_embedding_hnsw_idx",
            "ALTER INDEX gone RENAME TO documents_embedding_hnsw_idx",
        ),
    ] {
        other.batch_execute(change).await.unwrap();
        let drift = documents::verify(&db).await.unwrap_err().to_string();
        assert_eq!(drift, format!("public.documents has changed: {difference}"));
        other.batch_execute(revert).await.unwrap();
    }
    documents::verify(&db).await.unwrap();

    let pid: i32 = db
        .query_one("SELECT pg_backend_pid()", &[])
        .await
        .unwrap()
        .get(0);
    drop(db);
    other
        .execute("SELECT pg_terminate_backend($1)", &[&pid])
        .await
        .unwrap();
    for _ in 0..4 {
        let db = pool.get().await.unwrap();
        assert!(documents::get(&db, row.id).await.unwrap().is_some());
    }
    other
        .batch_execute("ALTER TABLE documents DROP later")
        .await
        .unwrap();
    other.batch_execute("TRUNCATE documents").await.unwrap();
}
