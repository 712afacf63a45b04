//! `aludel::testing`: a migrated database for each test.

use aludel::migrator::Migrator;
use aludel::testing::TestDatabase;
use tokio_postgres::Client;

use super::support::{block_on, connect, server_url};

const UP: &str = "-- Revision: 1a\n-- Message: notes\n\n\
    CREATE EXTENSION IF NOT EXISTS vector;\n\
    CREATE TABLE notes (id bigint PRIMARY KEY, place vector(3));\n";

/// Revisions that no other test has.
fn migrator(mark: &str) -> Migrator {
    let up = format!("{UP}COMMENT ON TABLE notes IS '{mark} {}';\n", std::process::id());
    Migrator::from_embedded(&[("a.up.sql", &up)]).unwrap()
}

async fn count(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

async fn databases(client: &Client, name: &str) -> i64 {
    count(client, &format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")).await
}

fn name(database: &TestDatabase) -> String {
    database.url().rsplit('/').next().unwrap().split('?').next().unwrap().to_owned()
}

#[test]
fn each_test_has_a_copy_of_what_the_revisions_build() {
    block_on(async {
        let (migrator, server) = (migrator("copies"), server_url());
        let admin = connect(server).await;
        let (one, two) = tokio::join!(
            TestDatabase::on_server(&migrator, server),
            TestDatabase::on_server(&migrator, server)
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        let (in_one, in_two) = (connect(one.url()).await, connect(two.url()).await);
        in_one.execute("INSERT INTO notes VALUES (1, '[1,2,3]')", &[]).await.unwrap();
        assert_eq!(count(&in_one, "SELECT count(*) FROM notes").await, 1);
        assert_eq!(count(&in_two, "SELECT count(*) FROM notes").await, 0);
        // Both are copies of one.
        let ran = "SELECT count(*) FROM aludel.event";
        assert_eq!(count(&in_one, ran).await, count(&in_two, ran).await);

        let (first, second) = (name(&one), name(&two));
        let template = one.template().unwrap().to_owned();
        assert_eq!(two.template(), Some(template.as_str()));
        one.close().await;
        assert_eq!(databases(&admin, &first).await, 0);
        // A test that panicked drops its database with the value.
        drop(two);
        assert_eq!(databases(&admin, &second).await, 0);
        assert_eq!(databases(&admin, &template).await, 1);
        admin.batch_execute(&format!("DROP DATABASE {template}")).await.unwrap();
    });
}

#[test]
fn revisions_that_do_not_run_leave_no_template() {
    block_on(async {
        let up =
            format!("-- Revision: 1b\n-- Message: wrong {}\n\nSELECT 1/0;\n", std::process::id());
        let migrator = Migrator::from_embedded(&[("b.up.sql", &up)]).unwrap();
        for _ in 0..2 {
            let error = TestDatabase::on_server(&migrator, server_url()).await.err().unwrap();
            assert!(format!("{error:?}").contains("division by zero"), "{error:?}");
        }
    });
}

#[cfg(feature = "embedded")]
#[test]
fn the_embedded_engine_does_as_well() {
    block_on(async {
        let database = TestDatabase::embedded(&migrator("embedded")).await.unwrap();
        let client = connect(database.url()).await;
        let near = "SELECT count(*) FROM notes WHERE place <-> '[1,2,3]' < 1";
        assert_eq!(count(&client, near).await, 0);
        database.close().await;
    });
}
