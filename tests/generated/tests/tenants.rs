//! Sessions with settings and watchers, against a real server. `SERVICE_URL` names a database that has
//! the tables of the schema `service` and nothing in them.

use std::sync::{Arc, Mutex};

use deadpool_postgres::{Client, Pool};
use generated::service::documents::{self, *};
use generated::service::support::{self, Executed, WithSettings};
use generated::service::tenants::{self, NewTenant};
use uuid::Uuid;

type Told = Arc<Mutex<Vec<String>>>;

fn embedding(first: f32) -> DocumentEmbedding {
    let mut values = [0.5; EMBEDDING_DIMENSIONS];
    values[0] = first;
    values.into()
}

/// The documents of the tenant of the session: what a policy would show to a role that owns no tables.
fn own() -> Filter {
    Filter::raw("d.tenant_id = current_setting('app.tenant')::uuid")
}

async fn of(pool: &Pool, tenant: Uuid) -> WithSettings<Client> {
    let db = pool.get().await.unwrap();
    support::with_settings(db, &[("app.tenant", &tenant.to_string())])
}

async fn setting(db: &Client) -> String {
    let sql = "SELECT coalesce(current_setting('app.tenant', true), '')";
    db.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it() {
    let url = std::env::var("SERVICE_URL").expect("SERVICE_URL names the database");
    let pool = support::pool(url.parse().unwrap(), 1).unwrap();
    let [one, two] = [Uuid::from_u128(1), Uuid::from_u128(2)];
    {
        let db = pool.get().await.unwrap();
        for (id, name) in [(one, "one"), (two, "two")] {
            let new = NewTenant::new(id, name);
            tenants::insert(&db, &new).await.unwrap();
        }
    }
    Box::pin(settings_are_those_of_a_statement(&pool, [one, two])).await;
    Box::pin(settings_are_those_of_a_transaction(&pool, one)).await;
    Box::pin(sessions_can_be_shared(&pool, one)).await;
    Box::pin(watchers_are_told(&pool, one)).await;
    let db = pool.get().await.unwrap();
    db.batch_execute("TRUNCATE tenants, documents")
        .await
        .unwrap();
}

async fn settings_are_those_of_a_statement(pool: &Pool, [one, two]: [Uuid; 2]) {
    let mut db = of(pool, one).await;
    documents::insert(&db, &NewDocument::new(one, "a", embedding(0.1)))
        .await
        .unwrap();
    let rows = [one, two, one].map(|it| NewDocument::new(it, "b", embedding(0.2)));
    assert_eq!(documents::insert_many(&mut db, &rows).await.unwrap(), 3);
    assert_eq!(documents::count(&db, Some(&own())).await.unwrap(), 3);
    let opts = Nearest::new(5).filter(own());
    let hits = documents::nearest(&mut db, &embedding(0.1), &opts)
        .await
        .unwrap();
    assert_eq!(hits.len(), 3);
    assert_eq!(hits[0].row.content, "a");
    let (query, opts) = (embedding(0.2), Hybrid::new(5).filter(own()));
    let found = documents::hybrid(&mut db, &query, "b", &opts)
        .await
        .unwrap();
    assert_eq!(found.len(), 3);

    // A statement that fails ends its transaction, and what it has written is gone.
    let failed = documents::count(&db, Some(&Filter::raw("1 / (d.id IS NULL)::int = 1"))).await;
    assert_eq!(failed.unwrap_err().sqlstate(), Some("22012"));
    let nobody = NewDocument::new(Uuid::nil(), "x", embedding(0.1));
    let failed = documents::insert(&db, &nobody).await.unwrap_err();
    assert!(failed.violates(constraint::TENANT_ID_FKEY), "{failed}");
    assert_eq!(
        documents::delete_where(&db, &own().and(col::CONTENT.eq("a")))
            .await
            .unwrap(),
        1
    );
    assert_eq!(documents::count(&db, None).await.unwrap(), 3);
    drop(db);

    // Settings of the pooled connection are as they were.
    let db = pool.get().await.unwrap();
    assert_eq!(setting(&db).await, "");
    drop(db);
    let db = of(pool, two).await;
    assert_eq!(documents::count(&db, Some(&own())).await.unwrap(), 1);
    let quoted = support::with_settings(db, &[("app.tenant", r"\'; DROP TABLE x; --")]);
    let same = Filter::raw(r"current_setting('app.tenant') = E'\\''; DROP TABLE x; --'");
    assert_eq!(documents::count(&quoted, Some(&same)).await.unwrap(), 3);
}

async fn settings_are_those_of_a_transaction(pool: &Pool, one: Uuid) {
    let mut db = of(pool, one).await;
    let tx = support::begin(&mut db).await.unwrap();
    assert_eq!(documents::count(&tx, Some(&own())).await.unwrap(), 2);
    documents::insert(&tx, &NewDocument::new(one, "c", embedding(0.3)))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(documents::count(&db, Some(&own())).await.unwrap(), 2);
    drop(db);

    // A transaction of the caller keeps what its statements have set.
    let mut db = pool.get().await.unwrap();
    let mut tx = db.transaction().await.unwrap();
    {
        let text = one.to_string();
        let mut inner = support::with_settings(&mut tx, &[("app.tenant", &text)]);
        assert_eq!(documents::count(&inner, Some(&own())).await.unwrap(), 2);
        let opts = Nearest::new(5).filter(own());
        let hits = documents::nearest(&mut inner, &embedding(0.1), &opts)
            .await
            .unwrap();
        assert_eq!(hits.len(), 2);
        let new = NewDocument::new(one, "d", embedding(0.3));
        assert_eq!(documents::insert_many(&mut inner, &[new]).await.unwrap(), 1);
    }
    assert_eq!(documents::count(&tx, Some(&own())).await.unwrap(), 3);
    tx.rollback().await.unwrap();
    assert_eq!(setting(&db).await, "");
}

/// Statements of several tasks on one connection each have the settings.
async fn sessions_can_be_shared(pool: &Pool, one: Uuid) {
    let db = Arc::new(of(pool, one).await);
    let count = async |db: Arc<WithSettings<Client>>| {
        for _ in 0..200 {
            assert_eq!(documents::count(&*db, Some(&own())).await.unwrap(), 2);
        }
    };
    let tasks: Vec<_> = (0..4)
        .map(|_| tokio::spawn(count(Arc::clone(&db))))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn watchers_are_told(pool: &Pool, one: Uuid) {
    let told = Told::default();
    let kept = Arc::clone(&told);
    let watcher = move |it: &Executed<'_>| {
        let (word, result) = (it.sql.split(' ').next().unwrap(), it.result.as_ref().ok());
        kept.lock().unwrap().push(format!("{word} {result:?}"));
    };
    let db = support::watched(pool.get().await.unwrap(), watcher);
    let text = one.to_string();
    let mut db = support::with_settings(db, &[("app.tenant", &text)]);
    let new = NewDocument::new(one, "e", embedding(0.9));
    let row = documents::insert(&db, &new).await.unwrap();
    assert_eq!(documents::insert_many(&mut db, &[new]).await.unwrap(), 1);
    let opts = Nearest::new(2).filter(own());
    documents::nearest(&mut db, &embedding(0.9), &opts)
        .await
        .unwrap();
    let again = NewDocument {
        id: Some(row.id),
        ..NewDocument::new(one, "f", embedding(0.9))
    };
    documents::insert(&db, &again).await.unwrap_err();
    assert_eq!(
        documents::delete_where(&db, &col::CONTENT.eq("e"))
            .await
            .unwrap(),
        2
    );
    let told = told.lock().unwrap();
    let expected = [
        "INSERT Some(1)",
        "INSERT Some(1)",
        "SELECT Some(2)",
        "INSERT None",
        "DELETE Some(2)",
    ];
    assert_eq!(*told, expected);
}
