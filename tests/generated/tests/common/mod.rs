//! What the live tests share.

use deadpool_postgres::Client;

/// Numbers that look random and are the same in every run.
pub struct Numbers(pub u64);

impl Numbers {
    /// Between -0.5 and 0.5.
    pub fn float(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 16_777_216.0 - 0.5
    }

    pub fn floats(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.float()).collect()
    }
}

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
