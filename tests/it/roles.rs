//! Databases with roles of their own.

use std::sync::atomic::{AtomicU32, Ordering};

use super::project::Project;
use super::support::{TestDatabase, block_on, server_url};

/// The password of all roles.
const PASSWORD: &str = "secret";

/// A database with roles of its own, which are dropped after it.
pub(crate) struct Platform {
    database: Option<TestDatabase>,
    /// What the names of the roles begin with.
    prefix: String,
    roles: Vec<&'static str>,
}

impl Platform {
    /// A database that an administrator fills. In SQL, `@` before a name stands for the prefix of
    /// the roles.
    #[track_caller]
    pub(crate) fn new(hint: &str, roles: &[&'static str], administrator: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("aludel_{hint}_{}_{count}_", std::process::id());
        let database = Some(TestDatabase::create(hint));
        let platform = Self { database, prefix, roles: roles.to_vec() };
        for role in roles {
            platform.execute(&format!("CREATE ROLE @{role} LOGIN PASSWORD '{PASSWORD}'"));
        }
        platform.execute(administrator);
        platform
    }

    pub(crate) fn database(&self) -> &TestDatabase {
        self.database.as_ref().expect("it is dropped last")
    }

    /// A text with the names of the roles in it.
    pub(crate) fn named(&self, text: &str) -> String {
        text.replace('@', &self.prefix)
    }

    /// Runs SQL as the administrator.
    #[track_caller]
    pub(crate) fn execute(&self, sql: &str) {
        self.database().execute(&self.named(sql));
    }

    /// The URL of the database for a role.
    pub(crate) fn url(&self, role: &str) -> String {
        let url = self.database().url();
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let rest = rest.rsplit_once('@').map_or(rest, |(_, it)| it);
        format!("{scheme}://{}{role}:{PASSWORD}@{rest}", self.prefix)
    }

    /// A project that declares this.
    pub(crate) fn project(&self, schema: &str) -> Project {
        Project::new(&self.named(schema))
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.database = None;
        let names: Vec<String> =
            self.roles.iter().map(|it| format!("{}{it}", self.prefix)).collect();
        let sql = format!("DROP ROLE IF EXISTS {}", names.join(", "));
        let work = move || {
            block_on(async {
                let (client, connection) =
                    tokio_postgres::connect(server_url(), tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(&sql).await.unwrap();
            });
        };
        let dropped = std::thread::spawn(work).join();
        assert!(dropped.is_ok() || std::thread::panicking(), "roles are left");
    }
}
