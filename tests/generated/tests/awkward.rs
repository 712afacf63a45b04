//! Searches of every kind, keys of every shape and views against a real server. `AWKWARD_URL` names
//! a database that has the tables and nothing in them.

mod common;

use common::Numbers;
use deadpool_postgres::Client;
use generated::awkward::embeddings::{self, *};
use generated::awkward::{fresh_pages, log, memberships, pages, results, summaries, tallies};
use generated::awkward::{options, support};

fn url() -> String {
    std::env::var("AWKWARD_URL").expect("AWKWARD_URL names the database")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it() {
    let pool = support::pool(url().parse().unwrap(), 2).unwrap();
    let mut db = pool.get().await.unwrap();
    fill(&mut db).await;
    searches(&mut db).await;
    smaller_ones(&mut db).await;
    reranked(&mut db).await;
    materialized(&mut db).await;
    names_and_keys(&mut db).await;
    without_keys(&mut db).await;
}

const ROWS: usize = 3000;

async fn fill(db: &mut Client) {
    let mut numbers = Numbers(3);
    let rows: Vec<NewEmbeddingRow> = (0..ROWS)
        .map(|i| {
            let mut sparse = vec![0.0; SPARSE_DIMENSIONS];
            sparse[i % 1000] = 1.0 + numbers.float();
            NewEmbeddingRow {
                full: Some(numbers.floats(4).try_into().unwrap()),
                sparse: (i % 2 == 0).then(|| sparse.try_into().unwrap()),
                bits: Some(format!("{:08b}", i % 256).parse().unwrap()),
                plain: (i % 3 == 0).then(|| numbers.floats(2).try_into().unwrap()),
                body: Some(format!("der Bär Nummer {i}")),
                ..NewEmbeddingRow::new(
                    numbers.floats(3).try_into().unwrap(),
                    if i % 5 == 0 { "de" } else { "en" },
                )
            }
        })
        .collect();
    assert_eq!(
        embeddings::insert_many(db, &rows).await.unwrap(),
        ROWS as u64
    );
    db.batch_execute("ANALYZE embeddings").await.unwrap();
    embeddings::verify(db).await.unwrap();
}

/// Distances that never fall.
fn sorted<T>(hits: &[support::Hit<T>]) -> bool {
    hits.is_sorted_by(|a, b| a.distance <= b.distance)
}

async fn searches(db: &mut Client) {
    let full = [0.1, -0.2, 0.3, 0.4].into();
    let few = Nearest::new(50).filter(col::LANG.eq("de")).ef_search(1000);
    let hits = by_index!(
        db,
        "embeddings_half_idx",
        embeddings::nearest(db, &full, &Nearest::new(60))
    );
    assert!(hits.len() == 60 && sorted(&hits));
    let hits = by_index!(
        db,
        "embeddings_half_idx",
        embeddings::nearest(db, &full, &few)
    );
    assert!(hits.len() == 50 && hits.iter().all(|it| it.row.lang == "de"));

    let query = [0.1, 0.2, -0.3].into();
    let hits = by_index!(
        db,
        "embeddings_cosine_idx",
        embeddings::nearest_by_embedding_cosine(db, &query, &Nearest::new(60))
    );
    assert!(hits.len() == 60 && sorted(&hits));
    let scope = Nearest::new(50)
        .filter(Scope::EmbeddingsGermanIdx.filter())
        .ef_search(200);
    let hits = by_index!(
        db,
        "embeddings_german_idx",
        embeddings::nearest_by_embedding_cosine(db, &query, &scope)
    );
    assert!(hits.len() == 50 && hits.iter().all(|it| it.row.lang == "de"));

    // IVFFlat: all lists are looked through until there are enough.
    let hits = by_index!(
        db,
        "embeddings_l2_idx",
        embeddings::nearest_by_embedding_l2(db, &query, &few)
    );
    assert!(hits.len() == 50 && sorted(&hits));
    let probes = Nearest::new(20).probes(2);
    let hits = embeddings::nearest_by_embedding_l2(db, &query, &probes)
        .await
        .unwrap();
    let exact = embeddings::nearest_by_embedding_l2(db, &query, &Nearest::new(20).exact())
        .await
        .unwrap();
    assert_eq!(hits, exact);
    let varied = embeddings::nearest_mmr_by_embedding_l2(db, &query, 4, 0.5, &Nearest::new(20))
        .await
        .unwrap();
    assert_eq!(varied.len(), 4);
}

/// Sparse vectors, bits, and a column that no index holds; NULL is in no result.
async fn smaller_ones(db: &mut Client) {
    let mut sparse = vec![0.0; SPARSE_DIMENSIONS];
    sparse[8] = 1.0;
    let sparse = sparse.try_into().unwrap();
    let hits = by_index!(
        db,
        "embeddings_sparse_idx",
        embeddings::nearest_by_sparse(db, &sparse, &Nearest::new(45))
    );
    assert!(hits.len() == 45 && sorted(&hits));

    let bits: support::Bits<8> = "10101010".parse().unwrap();
    let hits = by_index!(
        db,
        "embeddings_bits_idx",
        embeddings::nearest_by_bits(db, &bits, &Nearest::new(45))
    );
    assert!(hits.len() == 45 && hits[0].distance == 0.0);
    let id = hits[0].row.id;
    let others = embeddings::nearest_to_row_by_bits(db, id, &Nearest::new(45))
        .await
        .unwrap();
    assert!(others.len() == 45 && others.iter().all(|it| it.row.id != id));

    let hits = embeddings::nearest_by_plain(db, &[0.1, 0.2].into(), &Nearest::new(2000))
        .await
        .unwrap();
    assert!(hits.len() == ROWS / 3 && sorted(&hits));
    assert!(hits.iter().all(|it| it.row.plain.is_some()));
    let dto = EmbeddingRowDto::from(hits[0].row.clone());
    let sent = serde_json::to_string(&dto).unwrap();
    assert_eq!(serde_json::from_str::<EmbeddingRowDto>(&sent).unwrap(), dto);
    assert_eq!(dto.plain.map(|it| it.len()), Some(PLAIN_DIMENSIONS));
}

async fn reranked(db: &mut Client) {
    let query = [0.1, 0.2, -0.3].into();
    let hits = by_index!(
        db,
        "embeddings_cast_idx",
        embeddings::nearest_rerank_by_embedding_cosine(
            db,
            &query,
            20,
            &Nearest::new(10).ef_search(400)
        )
    );
    let exact = embeddings::nearest_by_embedding_cosine(db, &query, &Nearest::new(10).exact())
        .await
        .unwrap();
    assert_eq!(hits, exact);

    let full = [0.1, -0.2, 0.3, 0.4].into();
    let ranked = by_index!(
        db,
        "embeddings_body_idx",
        embeddings::hybrid(db, &full, "Bären 17", &Hybrid::new(10))
    );
    // The first by one rank and the first by the other are even.
    let wanted = Some("der Bär Nummer 17");
    assert!(
        ranked[..2]
            .iter()
            .any(|it| it.row.body.as_deref() == wanted)
    );
}

async fn materialized(db: &mut Client) {
    db.batch_execute("REFRESH MATERIALIZED VIEW summaries; REFRESH MATERIALIZED VIEW tallies")
        .await
        .unwrap();
    db.batch_execute("ANALYZE summaries").await.unwrap();
    summaries::verify(db).await.unwrap();
    let page = summaries::list_page(db, 2, None, None).await.unwrap();
    let next = summaries::list_page(db, 2, page.next.as_ref(), None)
        .await
        .unwrap();
    assert!(page.items[1].id < next.items[0].id);
    let first = summaries::get_full(db, page.items[0].id).await.unwrap();
    let centroid = first.unwrap().centroid.unwrap();
    let hits = by_index!(
        db,
        "summaries_centroid_idx",
        summaries::nearest(db, &centroid, &summaries::Nearest::new(60))
    );
    assert!(hits.len() == 60 && hits[0].row.id == page.items[0].id);

    tallies::verify(db).await.unwrap();
    let tally = tallies::get_by_lang(db, "de").await.unwrap().unwrap();
    assert_eq!(
        (tally.lang.as_str(), tally.entries),
        ("de", Some(ROWS as i64 / 5))
    );
}

async fn names_and_keys(db: &mut Client) {
    pages::verify(db).await.unwrap();
    let mut new = pages::NewPageRow::new(1, "note", "someone");
    new.self_ = Some("myself".into());
    new.größe = Some(1.5);
    let page = pages::insert(db, &new).await.unwrap();
    assert_eq!(page.self_.as_deref(), Some("myself"));
    assert_eq!(
        pages::get_by_client(db, "someone").await.unwrap(),
        Some(page.clone())
    );
    let many = pages::get_many(db, &[(1, "note".into()), (2, "x".into())])
        .await
        .unwrap();
    assert_eq!(many[0], page);
    let again = pages::upsert_on_client(db, &pages::NewPageRow::new(2, "memo", "someone"))
        .await
        .unwrap();
    assert_eq!((again.tenant_id, again.r#type.as_str()), (1, "note"));

    fresh_pages::verify(db).await.unwrap();
    let fresh = fresh_pages::get(db, "someone").await.unwrap().unwrap();
    assert_eq!(fresh.client_again.as_deref(), Some("someone"));
    let listed = fresh_pages::list_page(db, 5, None, None).await.unwrap();
    assert_eq!(listed.items, [fresh]);

    // Newest first, and then by the rest of the key in the other direction.
    for day in 1..=3 {
        for group in 1..=2 {
            let since = chrono::NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
            let new = memberships::NewMembership::new(group, uuid::Uuid::nil(), since);
            memberships::insert(db, &new).await.unwrap();
        }
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = memberships::list_page(db, 4, after.as_ref(), None)
            .await
            .unwrap();
        seen.extend(
            page.items
                .iter()
                .map(|it| (it.since.to_string(), it.group_id)),
        );
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let days = ["2026-01-03", "2026-01-02", "2026-01-01"];
    let expected: Vec<(String, i64)> = days
        .iter()
        .flat_map(|day| [(day.to_string(), 1), (day.to_string(), 2)])
        .collect();
    assert_eq!(seen, expected);
}

async fn without_keys(db: &mut Client) {
    log::verify(db).await.unwrap();
    log::insert(db, &log::NewLog::new("started")).await.unwrap();
    let lines = log::list_page(db, 5, None).await.unwrap();
    assert_eq!(lines[0].line, "started");

    let new = options::NewOptionRow::new("colour");
    options::insert(db, &new).await.unwrap();
    assert!(options::delete(db, "colour").await.unwrap());
    let mut new = results::NewResultRow::new(uuid::Uuid::nil());
    new.metric = Some(vec![results::MetricType::L2]);
    new.corners = Some(vec![[0.0, 1.0].into(), [2.0, 3.0].into()]);
    new.outline = Some(results::Outline {
        name: Some("square".into()),
        middle: Some([1.0, 2.0].into()),
    });
    results::insert_many(db, &[new.clone()]).await.unwrap();
    let row = results::get(db, new.id).await.unwrap().unwrap();
    assert_eq!((&row.metric, &row.corners), (&new.metric, &new.corners));
    assert_eq!(row.outline, new.outline);
    let sent = serde_json::to_value(results::ResultRowDto::from(row)).unwrap();
    assert_eq!(sent["corners"], serde_json::json!([[0.0, 1.0], [2.0, 3.0]]));
    assert_eq!(sent["outline"]["middle"], serde_json::json!([1.0, 2.0]));
}
