//! Conditions on text and JSON, orders of the caller's choice, streams, and upserts of many rows, against
//! a real server. `SERVICE_URL` names a database that has the tables of the schema `service` and
//! nothing in them.

use deadpool_postgres::Client;
use futures_util::{StreamExt as _, TryStreamExt as _};
use generated::service::documents::{self, *};
use generated::service::support::{self, Session, Sort};
use generated::service::tenants::{self, NewTenant};
use serde_json::json;
use uuid::Uuid;

const TENANT: Uuid = Uuid::from_u128(7);

fn new(n: u128, content: &str, metadata: serde_json::Value) -> NewDocument {
    let embedding = DocumentEmbedding::from([0.5; EMBEDDING_DIMENSIONS]);
    NewDocument {
        id: Some(Uuid::from_u128(n)),
        metadata: Some(metadata),
        ..NewDocument::new(TENANT, content, embedding)
    }
}

async fn contents<C: Session>(db: &C, order: &[Sort<Documents>], filter: Filter) -> Vec<String> {
    let rows = support::stream(db, order, Some(&filter)).await.unwrap();
    let rows: Vec<Document> = rows.try_collect().await.unwrap();
    rows.into_iter().map(|it| it.content).collect()
}

#[tokio::test]
async fn all_of_it() {
    let url = std::env::var("SERVICE_URL").expect("SERVICE_URL names the database");
    let pool = support::pool(url.parse().unwrap(), 1).unwrap();
    let mut db = pool.get().await.unwrap();
    tenants::insert(&db, &NewTenant::new(TENANT, "seven"))
        .await
        .unwrap();
    Box::pin(rows_are_inserted_or_updated(&mut db)).await;
    Box::pin(conditions_find_text_and_json(&db)).await;
    Box::pin(orders_are_chosen(&db)).await;
    Box::pin(streams_end_early(db)).await;
    let db = pool.get().await.unwrap();
    db.batch_execute("TRUNCATE tenants, documents")
        .await
        .unwrap();
}

async fn rows_are_inserted_or_updated(db: &mut Client) {
    let rows = [
        new(1, "50% of Bears", json!({"lang": "en", "tags": ["a"]})),
        new(2, "foxes", json!({"lang": "de"})),
        new(3, "50 bears", json!(["lang"])),
    ];
    assert_eq!(support::upsert_many(db, &rows).await.unwrap(), 3);
    let changed = [
        new(2, "Füchse", json!({"lang": "de"})),
        NewDocument {
            id: Some(Uuid::from_u128(4)),
            ..NewDocument::new(TENANT, "_", [0.1; 32].into())
        },
    ];
    assert_eq!(support::upsert_many(db, &changed).await.unwrap(), 2);
    assert_eq!(documents::count(db, None).await.unwrap(), 4);
    let row = documents::get(db, Uuid::from_u128(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.content, "Füchse");
    // All or nothing.
    let twice = [
        new(5, "x", json!({})),
        new(6, "y", json!({})),
        new(6, "z", json!({})),
    ];
    let failed = support::upsert_many(db, &twice).await.unwrap_err();
    assert_eq!(failed.sqlstate(), Some("21000"));
    assert_eq!(documents::count(db, None).await.unwrap(), 4);
}

async fn conditions_find_text_and_json(db: &Client) {
    let cases: [(Filter, &[&str]); 9] = [
        (col::CONTENT.like("50_bears"), &["50 bears"]),
        (col::CONTENT.ilike("%BEARS"), &["50% of Bears", "50 bears"]),
        (col::CONTENT.starts_with("50%"), &["50% of Bears"]),
        (col::CONTENT.contains("ears"), &["50% of Bears", "50 bears"]),
        (col::CONTENT.contains("_"), &["_"]),
        (
            col::CONTENT.icontains("BEAR"),
            &["50% of Bears", "50 bears"],
        ),
        (
            col::METADATA.has_key("lang"),
            &["50% of Bears", "Füchse", "50 bears"],
        ),
        (col::METADATA.text_eq("lang", "de"), &["Füchse"]),
        (
            !col::METADATA.contains(json!({"tags": ["a"]})),
            &["Füchse", "50 bears", "_"],
        ),
    ];
    for (filter, expected) in cases {
        let found = contents(db, &[col::ID.asc()], filter.clone()).await;
        assert_eq!(found, expected, "{filter:?}");
    }
}

async fn orders_are_chosen(db: &Client) {
    let order = [col::METADATA.desc(), col::ID.desc_nulls_last()];
    let some = col::CONTENT.ne("_");
    let rows = support::sorted(db, &order, (2, 1), Some(&some))
        .await
        .unwrap();
    let rows: Vec<String> = rows.into_iter().map(|it| it.content).collect();
    assert_eq!(rows, ["Füchse", "50 bears"]);
    assert_eq!(
        support::sorted::<Documents, _>(db, &[], (9, 3), None)
            .await
            .unwrap()
            .len(),
        1
    );
}

/// A stream that is dropped leaves the connection as it was, with settings and without.
async fn streams_end_early(db: Client) {
    let fill = "INSERT INTO documents (tenant_id, content, embedding)
        SELECT tenant_id, repeat('x', 1000), embedding FROM documents, generate_series(1, 500)";
    db.batch_execute(fill).await.unwrap();
    let text = TENANT.to_string();
    let db = support::with_settings(db, &[("app.tenant", &text)]);
    let own = Filter::raw("d.tenant_id = current_setting('app.tenant')::uuid");
    for _ in 0..3 {
        let mut rows = support::stream(&db, &[col::ID.asc()], Some(&own))
            .await
            .unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap().tenant_id, TENANT);
    }
    assert_eq!(contents(&db, &[], own.clone()).await.len(), 2_004);
    assert_eq!(documents::count(&db, Some(&own)).await.unwrap(), 2_004);
    let failed = Filter::raw("1 / (d.id IS NULL)::int = 1");
    let mut rows = support::stream(&db, &[], Some(&failed)).await.unwrap();
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!(error.sqlstate(), Some("22012"));
    drop(rows);
    assert_eq!(documents::count(&db, Some(&own)).await.unwrap(), 2_004);
}
