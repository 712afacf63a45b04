//! What the tests share: databases of their own.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::NoTls;

/// A database that lives as long as the value.
pub struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    /// Creates an empty database on the server that `ALUDEL_TEST_URL` names.
    pub async fn create(hint: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("ALUDEL_TEST_URL").expect("ALUDEL_TEST_URL names a server");
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("aludel_test_{hint}_{}_{count}", std::process::id());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').expect("the URL names a database");
        format!("{start}/{}", self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = self.server.clone();
        let dropping = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(execute(&server, &sql));
        });
        let _ = dropping.join();
    }
}

async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    let _ = driver.await;
}
