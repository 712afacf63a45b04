//! pgvector in a schema that no `search_path` has, times of jiff, and what the settings add, against
//! a real server. `SETTINGS_URL` names a database that has the tables and nothing in them.

mod common;

use std::collections::HashSet;

use common::Numbers;
use deadpool_postgres::Client;
use generated::settings::passages::{self, *};
use generated::settings::{portraits, support};
use support::{Hybrid, Interval};

fn url() -> String {
    std::env::var("SETTINGS_URL").expect("SETTINGS_URL names the database")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it() {
    let pool = support::pool(url().parse().unwrap(), 2).unwrap();
    let mut db = pool.get().await.unwrap();
    db.batch_execute("SET search_path = public").await.unwrap();
    fill(&mut db).await;
    searches(&mut db).await;
    added_by_settings(&mut db).await;
}

async fn fill(db: &mut Client) {
    let mut numbers = Numbers(11);
    passages::verify(db).await.unwrap();
    let mut rows: Vec<NewPassage> = (0..2000)
        .map(|i| {
            let embedding = numbers.floats(3).try_into().unwrap();
            let mut row = NewPassage::new(format!("number {i}"), embedding);
            row.kind = (i % 4 == 0).then_some(Kind::Image);
            row.thumbnail = (i % 3 != 0).then(|| numbers.floats(2).try_into().unwrap());
            row
        })
        .collect();
    let length = Interval {
        months: 1,
        days: 2,
        micros: 3,
    };
    rows[0].length = Some(length);
    rows[0].written = Some("2026-01-02T03:04:05.678Z".parse().unwrap());
    assert_eq!(passages::insert_many(db, &rows).await.unwrap(), 2000);
    db.batch_execute("ANALYZE passages").await.unwrap();
    let filter = col::LENGTH.is_not_null();
    let page = passages::list_page(db, 5, None, Some(&filter))
        .await
        .unwrap();
    let [first] = page.items.as_slice() else {
        panic!("one row has a length, not {}", page.items.len());
    };
    assert_eq!(first.length, Some(length));
    assert_eq!(first.written.to_string(), "2026-01-02T03:04:05.678Z");
    let full = passages::get_full(db, first.id).await.unwrap().unwrap();
    assert_eq!(full.embedding, rows[0].embedding);
}

async fn searches(db: &mut Client) {
    let query = [0.1, 0.2, -0.3].into();
    let images = Nearest::new(50)
        .filter(col::KIND.eq(Kind::Image))
        .ef_search(1000);
    let hits = by_index!(
        db,
        "passages_embedding_idx",
        passages::nearest(db, &query, &images)
    );
    assert!(hits.len() == 50 && hits.iter().all(|it| it.row.kind == Kind::Image));
    // As declared, three candidates; more if the caller says so.
    let few = Nearest::new(10);
    let few = passages::nearest_rerank_over_passages_half_idx(db, &query, 1, &few);
    assert_eq!(few.await.unwrap().len(), 3);
    let far = Nearest::new(10).ef_search(1000);
    let exact = passages::nearest(db, &query, &Nearest::new(10).exact())
        .await
        .unwrap();
    let hits = by_index!(
        db,
        "passages_half_idx",
        passages::nearest_rerank_over_passages_half_idx(db, &query, 20, &far)
    );
    assert_eq!(hits, exact);
    // Eight patterns of bits: the candidates are all that are as far away as the last one.
    let hits = by_index!(
        db,
        "passages_bits_idx",
        passages::nearest_rerank(db, &query, 90, &far)
    );
    assert_eq!(hits.len(), 10);
    let first = exact[0].row.id;
    let others = passages::nearest_to_row(db, first, &Nearest::new(9))
        .await
        .unwrap();
    assert!(others.len() == 9 && others.iter().all(|it| it.row.id != first));
    let varied = passages::nearest_mmr(db, &query, 4, 0.5, &Nearest::new(20))
        .await
        .unwrap();
    assert_eq!(varied.len(), 4);
    let small = passages::nearest_by_thumbnail(db, &[0.1, 0.2].into(), &Nearest::new(1500))
        .await
        .unwrap();
    assert_eq!(small.len(), 1333);
    let ranked = passages::hybrid(db, &query, "1234", &Hybrid::new(5))
        .await
        .unwrap();
    // The first by one rank and the first by the other are even.
    assert!(ranked[..2].iter().any(|it| it.row.body == "number 1234"));
}

async fn added_by_settings(db: &mut Client) {
    portraits::verify(db).await.unwrap();
    let new = portraits::NewPortrait {
        face: Some([0.5, 0.25].into()),
        ..portraits::NewPortrait::new("anna")
    };
    let anna = portraits::insert(db, &new).await.unwrap();
    assert_eq!(anna.face, new.face);
    // `embedding_serde`
    let sent = serde_json::to_string(&new.face).unwrap();
    assert_eq!(sent, "[0.5,0.25]");
    let again: Option<support::Embedding<2>> = serde_json::from_str(&sent).unwrap();
    assert_eq!(again, new.face);
    let wrong = serde_json::from_str::<support::Embedding<3>>(&sent).unwrap_err();
    assert!(wrong.to_string().contains('3'), "{wrong}");
    // `derives`
    let dtos = [portraits::PortraitDto::from(anna.clone()), anna.into()];
    assert!(dtos[0] <= dtos[1]);
    assert_eq!(HashSet::from(dtos).len(), 1);
}
