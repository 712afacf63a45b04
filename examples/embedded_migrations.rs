//! A service that brings its database up to date when it starts, by revisions that were compiled
//! in. A build script would write the list, with `aludel::migrator::embed("migrations")`.
//!
//! ```sh
//! cargo run --example embedded_migrations -- postgres://postgres@localhost/app
//! ```

use aludel::migrator::{Migrator, MigratorError};

const MIGRATIONS: &[(&str, &str)] = &[
    (
        "3f2a_create_documents.up.sql",
        "-- Revision: 3f2a\n-- Message: create documents\n\n\
         CREATE TABLE documents (id bigint PRIMARY KEY, content text NOT NULL);\n",
    ),
    ("3f2a_create_documents.down.sql", "DROP TABLE documents;\n"),
];

#[expect(clippy::print_stdout, reason = "an example speaks")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), MigratorError> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "dbname=postgres".to_owned());
    let migrator = Migrator::from_embedded(MIGRATIONS)?;
    let report = migrator.upgrade(&url, "head").await?;
    for it in &report.finished {
        println!("applied {} {}", it.id, it.message);
    }
    Ok(())
}
