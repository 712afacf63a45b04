//! Names that nobody would give and values that drivers have no types for, against a real server.
//! `STRANGE_URL` names a database that has the tables and nothing in them.

use deadpool_postgres::{Client, GenericClient, Pool};
use generated::strange::closeness::{self, ClosenessNear, NewCloseness};
use generated::strange::enums::{Kind, VisibilityScopeOfAnIntegrationThatExportsItsData as Scope};
use generated::strange::support::{self, Error, Hybrid, Nearest, Numeric};
use generated::strange::u7528u6237::{self, New用户};
use generated::strange::{accounts, bookings, bundles, c, counters, made, ratings, terms, this};

fn url() -> String {
    std::env::var("STRANGE_URL").expect("STRANGE_URL names the database")
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it() {
    let pool = support::pool(url().parse().unwrap(), 3).unwrap();
    let mut db = pool.get().await.unwrap();
    names(&mut db).await;
    domains_and_texts(&mut db).await;
    names_of_our_own(&mut db).await;
    keys(&mut db).await;
    sparse(&mut db).await;
    policies(&pool).await;
    schemas_that_are_not_looked_at(&pool).await;
    a_label_goes(&pool).await;
}

async fn names(db: &mut Client) {
    let new = New用户 {
        顧客id: Some("7".into()),
        file: Some("f".into()),
        naïve_café: Some(Scope::NobodyAtAll),
        ..New用户::new("王")
    };
    assert_eq!(u7528u6237::insert_many(db, &[new]).await.unwrap(), 1);
    let found = u7528u6237::list_page(db, 9, None, None).await.unwrap();
    assert_eq!(found.items[0].名字, "王");
    assert_eq!(found.items[0].naïve_café, Some(Scope::NobodyAtAll));
    u7528u6237::verify(db).await.unwrap();
    let new = this::NewThisRow::new(1, "x");
    assert_eq!(this::insert(db, &new).await.unwrap().foo, "x");
    assert_eq!(c::insert(db, &c::NewCRow::new(5)).await.unwrap().cc, 5);
}

async fn domains_and_texts(db: &mut Client) {
    let new = |id, level| bundles::NewBundle {
        tags: Some(vec!["a".into(), "b".into()]),
        prices: Some(vec!["$1.00".into()]),
        price: Some("$2.00".into()),
        size: Some(Numeric("1e30".into())),
        level,
        wide: Some(Numeric("0.000000000000000000000000000123".into())),
        ..bundles::NewBundle::new(id)
    };
    // With arrays an INSERT each, without them an array a column.
    let plain = bundles::NewBundle {
        tags: None,
        prices: None,
        ..new(3, Some(8))
    };
    let rows = [new(1, None), new(2, Some(7)), plain];
    assert_eq!(bundles::insert_many(db, &rows).await.unwrap(), 3);
    let found = bundles::get_many(db, &[2, 1, 9, 2]).await.unwrap();
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [2, 1, 2]);
    assert_eq!((found[0].level, found[1].level), (7, 3));
    assert_eq!(
        found[0].tags.as_deref(),
        Some(&["a".to_owned(), "b".to_owned()][..])
    );
    assert_eq!(
        found[0].wide.as_ref().unwrap().0,
        "0.000000000000000000000000000123"
    );
    let filter = bundles::col::PRICE.is_in(["$2.00".to_owned()]);
    let tags = vec!["a".to_owned(), "b".to_owned()];
    let filter = filter.and(bundles::col::TAGS.is_in([vec![], tags]));
    assert_eq!(bundles::count(db, Some(&filter)).await.unwrap(), 2);
    assert_eq!(bundles::count(db, Some(&!filter.clone())).await.unwrap(), 0);
    let none = bundles::col::TAGS.is_in([]);
    assert_eq!(bundles::count(db, Some(&none)).await.unwrap(), 0);

    // A domain over an enum has no operator of its own.
    for n in 1..=5 {
        let kind = if n % 2 == 0 { Kind::A } else { Kind::B };
        ratings::insert(db, &ratings::NewRating::new(kind, n))
            .await
            .unwrap();
    }
    assert_eq!(ratings::get(db, Kind::A, 2).await.unwrap().unwrap().n, 2);
    let found = ratings::get_many(db, &[(Kind::B, 3), (Kind::A, 3)])
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    let filter = ratings::col::KIND
        .eq(Kind::A)
        .or(ratings::col::KIND.is_in([Kind::A]));
    assert_eq!(ratings::count(db, Some(&filter)).await.unwrap(), 2);
    let first = ratings::list_page(db, 3, None, None).await.unwrap();
    let second = ratings::list_page(db, 3, first.next.as_ref(), None)
        .await
        .unwrap();
    assert_eq!((first.items.len(), second.items.len()), (3, 2));
    let again = ratings::NewRating {
        note: Some("x".into()),
        ..ratings::NewRating::new(Kind::A, 2)
    };
    assert_eq!(
        ratings::upsert(db, &again).await.unwrap().note.as_deref(),
        Some("x")
    );
}

/// Columns that are called as what searches compute.
async fn names_of_our_own(db: &mut Client) {
    let near = |i: usize| ClosenessNear::from([1.0, i as f32, 0.5]);
    let rows: Vec<NewCloseness> = (0..200)
        .map(|i| NewCloseness {
            rank: Some(7),
            ..NewCloseness::new(i as i32, 0.25, format!("word{i} bears"), near(i))
        })
        .collect();
    closeness::insert_many(db, &rows).await.unwrap();
    let opts = Nearest::new(5).max_distance(3.5);
    let hits = closeness::nearest(db, &near(3), &opts).await.unwrap();
    assert_eq!(
        (hits.len(), hits[0].row.score, hits[0].row.distance),
        (5, 3, 0.25)
    );
    let hits = closeness::nearest_rerank(db, &near(3), 4, &opts)
        .await
        .unwrap();
    assert_eq!((hits.len(), hits[0].row.score), (5, 3));
    let hits = closeness::nearest_mmr(db, &near(3), 2, 0.5, &opts)
        .await
        .unwrap();
    assert_eq!(hits.len(), 2);
    let hits = closeness::hybrid(db, &near(9), "word9 bears", &Hybrid::new(3))
        .await
        .unwrap();
    assert_eq!((hits[0].row.score, hits[0].row.rank), (9, Some(7)));
    assert_eq!((hits[0].vector_rank, hits[0].text_rank), (Some(1), Some(1)));
    // Word for word, to the last of many spaces.
    let text = format!(
        "a text with a few words in it and  two spaces, then{}many",
        " ".repeat(66)
    );
    let new = NewCloseness::new(1000, 0.0, text, near(0));
    closeness::insert(db, &new).await.unwrap();
    let scope = closeness::Scope::Order.filter();
    assert_eq!(closeness::count(db, Some(&scope)).await.unwrap(), 200);
    let comment = closeness::Filter::sql("d.score < ? -- few", vec![Box::new(10i32)]);
    assert_eq!(
        closeness::count(db, Some(&comment.and(scope)))
            .await
            .unwrap(),
        10
    );
    let opts = Nearest::new(3).max_scan_tuples(0).ef_search(0);
    let hits = closeness::nearest_by_near_cosine(db, &near(3), &opts)
        .await
        .unwrap();
    assert_eq!(hits.len(), 3);
}

async fn keys(db: &mut Client) {
    let new = accounts::NewAccount {
        name: Some("Ann".into()),
        ..accounts::NewAccount::new("a@b")
    };
    let ann = accounts::insert(db, &new).await.unwrap();
    // The row keeps its key, whatever is given for it.
    let other = accounts::NewAccount {
        id: Some(uuid::Uuid::from_u128(9)),
        external_id: Some("x".into()),
        ..new.clone()
    };
    let same = accounts::upsert_on_email(db, &other).await.unwrap();
    assert_eq!((same.id, same.external_id.as_deref()), (ann.id, Some("x")));
    let found = accounts::get_by_external_id(db, "x")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.name.as_deref(), Some("Ann"));
    assert_eq!(accounts::get_by_external_id(db, "y").await.unwrap(), None);

    let new = bookings::NewBooking::new(1, 2, 3, 4, 5, 6, 7);
    bookings::insert(db, &new).await.unwrap();
    let patch = bookings::BookingPatch {
        note: Some(Some("n".into())),
    };
    let patched = bookings::update(db, 1, 2, 3, 4, 5, 6, 7, &patch)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(patched.note.as_deref(), Some("n"));

    let first = counters::insert(db, &counters::NewCounter::new(1))
        .await
        .unwrap();
    assert_eq!(counters::get(db, first.id).await.unwrap(), Some(first));
    let new = made::NewMade::new("Title");
    assert_eq!(made::insert(db, &new).await.unwrap().slug, "title");
    assert_eq!(
        made::list_page(db, 3, None, None)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

async fn sparse(db: &mut Client) {
    let weights = terms::TermWeights::from_entries([(999_999_999, 2.0), (3, 1.0)]).unwrap();
    assert_eq!(
        format!("{weights:?}"),
        "SparseEmbedding<1000000000>([(3, 1.0), (999999999, 2.0)])"
    );
    let new = terms::NewTerm {
        place: Some([1.0, 2.0, 3.0].into()),
        ..terms::NewTerm::new(1, weights.clone())
    };
    terms::insert(db, &new).await.unwrap();
    let full = terms::get_full(db, 1).await.unwrap().unwrap();
    assert_eq!(
        full.weights.entries().collect::<Vec<_>>(),
        [(3, 1.0), (999_999_999, 2.0)]
    );
    assert_eq!(full.place, new.place);
    let beyond = terms::TermWeights::from_entries([(1_000_000_000, 1.0)]).unwrap_err();
    assert!(
        matches!(
            beyond,
            Error::Dimensions {
                actual: 1_000_000_001,
                ..
            }
        ),
        "{beyond}"
    );
    let nan = terms::TermWeights::from_entries([(5, f32::NAN)]).unwrap_err();
    assert!(matches!(nan, Error::NotFinite { index: 5 }), "{nan}");
    // What the compiler let through is found when it is sent.
    let new = terms::NewTerm {
        place: Some([f32::INFINITY, 0.0, 0.0].into()),
        ..terms::NewTerm::new(2, weights)
    };
    let error = terms::insert(db, &new).await.unwrap_err();
    assert!(
        matches!(error, Error::NotFinite { index: 0 }) && error.is_invalid_value(),
        "rejected before the server was asked: {error}"
    );
}

/// COPY refuses to work where policies say what may be written.
async fn policies(pool: &Pool) {
    use generated::strange::secrets;
    let mut db = pool.get().await.unwrap();
    let role = "CREATE POLICY all_of_them ON secrets USING (true);
        CREATE ROLE strange_reader; GRANT ALL ON secrets TO strange_reader";
    db.batch_execute(role).await.unwrap();
    let mut tx = db.transaction().await.unwrap();
    tx.batch_execute("SET LOCAL ROLE strange_reader")
        .await
        .unwrap();
    let rows = [
        secrets::NewSecret::new(1, "a"),
        secrets::NewSecret::new(2, "b"),
    ];
    assert_eq!(secrets::insert_many(&mut tx, &rows).await.unwrap(), 2);
    tx.rollback().await.unwrap();
    let gone = "DROP OWNED BY strange_reader; DROP ROLE strange_reader";
    db.batch_execute(gone).await.unwrap();
}

/// Types are known whatever `search_path` says of them, and a program that checks starts.
async fn schemas_that_are_not_looked_at(pool: &Pool) {
    let db = pool.get().await.unwrap();
    for path in ["public, pg_catalog", "pg_catalog"] {
        db.batch_execute(&format!("SET search_path = {path}"))
            .await
            .unwrap();
        ratings::verify(&db).await.unwrap();
        bundles::verify(&db).await.unwrap();
        closeness::verify(&db).await.unwrap();
        assert_eq!(
            ratings::get_many(&db, &[(Kind::A, 2)]).await.unwrap().len(),
            1
        );
        db.statement_cache.clear();
    }
    db.batch_execute("RESET search_path").await.unwrap();
    let nowhere = "ALTER TABLE this RENAME TO that";
    db.batch_execute(nowhere).await.unwrap();
    let error = this::verify(&db).await.unwrap_err().to_string();
    assert_eq!(error, "public.this has changed: there is no such table");
    db.batch_execute("ALTER TABLE that RENAME TO this")
        .await
        .unwrap();
}

/// A label is removed as migrations do it, by another type of the same name.
async fn a_label_goes(pool: &Pool) {
    let (db, other) = (pool.get().await.unwrap(), pool.get().await.unwrap());
    let scope = || Some(Scope::Everyone);
    let new = New用户 {
        naïve_café: scope(),
        ..New用户::new("李")
    };
    u7528u6237::insert(&db, &new).await.unwrap();
    let name = "visibility_scope_of_an_integration_that_exports_its_data";
    let swap = format!(
        "CREATE TYPE swapped AS ENUM ('everyone', 'nobody at all', 'more');
        ALTER TABLE \"用户\" ALTER \"naïve café\" TYPE swapped USING \"naïve café\"::text::swapped;
        DROP TYPE {name}; ALTER TYPE swapped RENAME TO {name}"
    );
    other.batch_execute(&swap).await.unwrap();
    u7528u6237::insert(&db, &new).await.unwrap();
    let filter = u7528u6237::col::NAÏVE_CAFÉ.eq(Scope::Everyone);
    assert_eq!(u7528u6237::count(&db, Some(&filter)).await.unwrap(), 2);
    // What the code cannot read is named.
    other
        .batch_execute("UPDATE \"用户\" SET \"naïve café\" = 'more'")
        .await
        .unwrap();
    let page = u7528u6237::list_page(&db, 9, None, None).await;
    assert_eq!(
        page.unwrap_err().to_string(),
        format!(
            "column naïve café: label \"more\" was added to enum {name} after this code was generated"
        )
    );
}
