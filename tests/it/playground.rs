//! A scratch database that many tests use one after the other, emptied in between: on the embedded
//! engine a new one takes half a second.

use aludel::catalog::{Scope, introspect};
use aludel::connection::Address;
use aludel::connection::surroundings::Process;
use aludel::diff::Change;
use aludel::model::Schema;
use aludel::model::object::{ObjectId, ObjectKind};
use aludel::model::provided::Provided;
use aludel::model::snapshot::Snapshot;
use aludel::plan::Plan;
use aludel::render;
use aludel::scratch::{DatabaseSpec, Engine, EngineChoice, ScratchDatabase};
use aludel::workspace::settle::settle;
use aludel::workspace::watch::{Watch, mark};
use aludel::workspace::{compare, declare};

use crate::offline::psql_at;
use crate::support::{self, server_url, url_of};
use aludel::model::search_path::SearchPath;

/// The extensions that the tests create; the test server need not have others, or any.
const EXTENSIONS: &[&str] = &["vector"];

/// Leaves the database as `CREATE DATABASE` made it.
const EMPTY: &str = "
    RESET ALL;
    SET client_min_messages = warning;
    DO $$
    DECLARE it record;
    BEGIN
        FOR it IN SELECT pubname FROM pg_publication LOOP
            EXECUTE format('DROP PUBLICATION %I', it.pubname);
        END LOOP;
        FOR it IN SELECT fdwname FROM pg_foreign_data_wrapper LOOP
            EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', it.fdwname);
        END LOOP;
        FOR it IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
            EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', it.extname);
        END LOOP;
        FOR it IN SELECT amname FROM pg_am WHERE oid >= 16384 LOOP
            EXECUTE format('DROP ACCESS METHOD %I CASCADE', it.amname);
        END LOOP;
        FOR it IN SELECT nspname FROM pg_namespace
            WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', it.nspname);
        END LOOP;
    END $$;
    CREATE SCHEMA public;
    COMMENT ON SCHEMA public IS 'standard public schema';
    SET search_path TO public";

/// The rows of a table as text, and where a sequence stands.
const ROWS: &str = "SELECT it::text FROM {} AS it ORDER BY 1";
const POSITION: &str = "SELECT last_value::text FROM {}";

/// The database.
pub(crate) struct Playground {
    database: ScratchDatabase,
    is_on_server: bool,
}

/// One database, or several, that properties are judged on.
pub(crate) trait Stage {
    /// Ends the sessions, and removes the databases.
    async fn close(self);
}

impl Stage for Playground {
    async fn close(self) {
        self.database.close().await;
    }
}

impl Stage for (Playground, Playground) {
    async fn close(self) {
        self.0.close().await;
        self.1.close().await;
    }
}

impl Playground {
    /// One on the test server.
    pub(crate) async fn on_server() -> Self {
        let address = Address::parse(server_url(), &Process).expect("the URL of the test server");
        let extensions = if support::has_pgvector().await { EXTENSIONS } else { &[] };
        Self::new(EngineChoice::Disposable(address), extensions).await
    }

    /// One on the embedded engine.
    #[cfg(feature = "embedded")]
    pub(crate) async fn embedded() -> Self {
        Self::new(EngineChoice::Embedded, EXTENSIONS).await
    }

    async fn new(choice: EngineChoice, extensions: &[&str]) -> Self {
        let is_on_server = matches!(choice, EngineChoice::Disposable(_));
        let engine = Engine::start(choice).await.expect("the engine starts");
        let extensions = extensions.iter().map(|it| (*it).to_owned()).collect();
        let database = engine.database(&DatabaseSpec { extensions }).await;
        let database = database.unwrap_or_else(|error| panic!("{error}"));
        Self { database, is_on_server }
    }

    /// Empties the database, creates a schema in it, and reads it back.
    pub(crate) async fn create(&mut self, schema: &Schema) -> Result<Snapshot, String> {
        self.execute(EMPTY).await?;
        let (provided, path) = (Provided::default(), SearchPath::default());
        declare::create(&self.database, schema, &provided, &path).await.map_err(|refused| {
            let said = refused.iter().map(|it| format!("{}: {}", it.object, it.refusal.message));
            said.collect::<Vec<_>>().join("\n")
        })?;
        let mut snapshot = self.read().await;
        declare::wanted_versions(&mut snapshot.schema, Some(schema));
        Ok(snapshot)
    }

    /// Empties the database and watches what is created in it then.
    pub(crate) async fn watched(&mut self, schema: &Schema) -> Result<(Snapshot, Watch), String> {
        self.execute(EMPTY).await?;
        let watch = Watch::begin(&self.database).await;
        let (mut watch, since) = watch.zip(mark(&self.database).await).ok_or("not watched")?;
        let (provided, path) = (Provided::default(), SearchPath::default());
        let created = declare::create(&self.database, schema, &provided, &path).await;
        created.map_err(|it| format!("{it:?}"))?;
        watch.follow(&self.database, &since).await.ok_or("not followed")?;
        Ok((self.read().await, watch))
    }

    /// Empties the database, creates a schema in it, and reads it with every text where it stays.
    pub(crate) async fn settled(&mut self, schema: &Schema) -> Result<Snapshot, String> {
        let mut snapshot = self.create(schema).await?;
        let restless = settle(&mut self.database, schema, &mut snapshot.schema).await;
        let restless = restless.map_err(|it| it.to_string())?;
        if restless.is_empty() { Ok(snapshot) } else { Err(format!("restless: {restless:?}")) }
    }

    /// Empties the database and creates what PostgreSQL takes of a schema: the generated ones are
    /// valid as declarations, not more.
    pub(crate) async fn create_what_goes(&mut self, schema: &Schema) -> Result<Snapshot, String> {
        self.execute(EMPTY).await?;
        let (provided, path) = (Provided::default(), SearchPath::default());
        let _ = declare::create(&self.database, schema, &provided, &path).await;
        let mut snapshot = self.read().await;
        declare::wanted_versions(&mut snapshot.schema, None);
        Ok(snapshot)
    }

    /// Empties the database, runs a script in it, and reads what it has made.
    pub(crate) async fn load(&mut self, script: &str) -> Result<Snapshot, String> {
        self.execute(EMPTY).await?;
        self.execute(script).await.map_err(|it| format!("{it}\nin\n{script}"))?;
        let mut snapshot = self.read().await;
        declare::wanted_versions(&mut snapshot.schema, None);
        Ok(snapshot)
    }

    /// Carries renames out in the schema that stands there, and reads what it has become.
    pub(crate) async fn rename(
        &mut self,
        before: &Snapshot,
        renames: &[Change],
    ) -> Result<Snapshot, String> {
        let renamed = compare::rename(&self.database, before, renames).await;
        renamed.map_err(|it| it.message)?;
        let mut snapshot = self.read().await;
        declare::wanted_versions(&mut snapshot.schema, Some(&before.schema));
        Ok(snapshot)
    }

    /// Runs a plan statement by statement, as outside of any transaction.
    pub(crate) async fn run(&self, plan: &Plan) -> Result<(), String> {
        for step in &plan.steps {
            let sql = render::statement(&step.statement);
            let outcome = self.execute(&sql).await;
            outcome.map_err(|error| format!("{error}\nin {sql}\nof\n{}", render::script(plan)))?;
        }
        Ok(())
    }

    /// The URL of the database.
    async fn url(&self) -> String {
        let row = self.database.query("SELECT current_database()::text AS name", &[]).await;
        url_of(row.expect("a name")[0].get("name"))
    }

    /// Runs a script as a DBA does, over a connection of its own.
    pub(crate) async fn run_by_psql(&self, script: &str) -> Result<(), String> {
        let script = format!(
            "\\set ON_ERROR_STOP on\n\\o /dev/null\nSET client_min_messages = warning;\n{script}"
        );
        let (status, said) = psql_at(&self.url().await, &script);
        // Which it is not on the test server.
        let said: String =
            said.split_inclusive('\n').filter(|it| !it.contains("wal_level")).collect();
        match (status, said) {
            (Some(0), said) if said.is_empty() => Ok(()),
            (status, said) => Err(format!("psql ends with {status:?}: {said}\nin\n{script}")),
        }
    }

    /// Whether others can connect to it.
    pub(crate) fn is_on_server(&self) -> bool {
        self.is_on_server
    }

    /// The session.
    pub(crate) fn database(&self) -> &ScratchDatabase {
        &self.database
    }

    /// Runs SQL.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), String> {
        self.database
            .batch_execute(sql)
            .await
            .map_err(|error| error.as_db_error().map_or(error.to_string(), ToString::to_string))
    }

    /// Reads everything.
    pub(crate) async fn read(&mut self) -> Snapshot {
        introspect(&mut self.database, &Scope::default()).await.expect("a readable catalog")
    }

    /// All rows of all tables, and where the sequences stand.
    pub(crate) async fn contents(&self, schema: &Schema) -> Result<String, String> {
        let mut text = String::new();
        for (id, _) in schema.iter() {
            let query = match id.kind {
                ObjectKind::Table => ROWS,
                ObjectKind::Sequence => POSITION,
                _ => continue,
            };
            text.push_str(&format!("{id}\n"));
            for row in self.texts(query, id).await? {
                text.push_str(&format!("    {row}\n"));
            }
        }
        Ok(text)
    }

    async fn texts(&self, query: &str, id: &ObjectId) -> Result<Vec<String>, String> {
        let name = id.qualified_name().expect("relations have names").to_string();
        let rows = self.database.query(&query.replace("{}", &name), &[]).await;
        let rows = rows.map_err(|it| it.to_string())?;
        Ok(rows.iter().map(|it| it.get(0)).collect())
    }
}
