//! What the live tests share.

mod numbers;

use deadpool_postgres::Client;
pub use numbers::Numbers;

/// How often an index was scanned. A session keeps its numbers to itself for a while unless asked.
pub async fn scans(db: &Client, index: &str) -> i64 {
    db.execute("SELECT pg_stat_force_next_flush()", &[])
        .await
        .unwrap();
    let sql = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = $1";
    db.query_one(sql, &[&index]).await.unwrap().get(0)
}

/// The rows that a search finds, which scans the named index and no other way.
#[macro_export]
macro_rules! by_index {
    ($db:expr, $index:expr, $search:expr) => {{
        let before = common::scans(&$db, $index).await;
        let found = $search.await.unwrap();
        let after = common::scans(&$db, $index).await;
        assert!(after > before, "{} is not used", $index);
        found
    }};
}
