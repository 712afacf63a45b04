//! Introspection on a real server: SQL in, the snapshot as text out.
//!
//! Each folder in `tests/cases/catalog` holds `schema.sql` and `snapshot.txt`. With `ALUDEL_BLESS`
//! set, the snapshots are written instead of compared.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aludel::catalog::{CatalogError, Scope, introspect};
use aludel::model::ident::Ident;
use aludel::model::object::{Object, ObjectId, ObjectKind};
use aludel::model::snapshot::{CastContext, Snapshot};
use serde_json::Value;

use crate::support::{TestDatabase, block_on, has_pgvector};

#[test]
fn every_case_is_read_as_its_snapshot_says() {
    // The time goes into creating databases, which the server does side by side.
    let failures: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> =
            cases().into_iter().map(|case| scope.spawn(move || difference(&case))).collect();
        running.into_iter().filter_map(|it| it.join().expect("the case runs")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is read differently than the case says.
fn difference(case: &Path) -> Option<String> {
    let sql = std::fs::read_to_string(case.join("schema.sql")).expect("schema.sql");
    if sql.contains("EXTENSION vector") && !block_on(has_pgvector()) {
        return None;
    }
    let found = shown(&read("case", &sql, &Scope::default()));
    let path = case.join("snapshot.txt");
    if std::env::var_os("ALUDEL_BLESS").is_some() {
        std::fs::write(&path, &found).expect("snapshot.txt is written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(&expected, &found);
    let shown = format!("{}:\n{}", case.display(), diff.unified_diff().context_radius(0));
    (found != expected).then_some(shown)
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalog");
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let mut cases: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// Runs SQL in a new database and reads it.
#[track_caller]
fn read(hint: &str, sql: &str, scope: &Scope) -> Snapshot {
    let database = TestDatabase::create(hint);
    database.execute(sql);
    block_on(async {
        let mut client = database.connect().await;
        introspect(&mut client, scope).await
    })
    .expect("a snapshot")
}

/// One line an object with what is not empty, one a dependency, one a name that is not managed.
fn shown(snapshot: &Snapshot) -> String {
    let objects = snapshot.schema.iter().map(|(id, object)| format!("{id}{}\n", facts(object)));
    let edges = snapshot.dependencies.iter().map(|(from, to)| format!("{from} -> {to}\n"));
    let unmanaged = snapshot.unmanaged.iter().map(|it| format!("unmanaged: {it}\n"));
    objects.chain(edges).chain(unmanaged).collect()
}

/// The fields of an object that say something beside its identity.
fn facts(object: &Object) -> String {
    let mut value = serde_json::to_value(object).expect("an object is JSON");
    let fields = value.as_object_mut().expect("an object is a JSON object");
    // The version of an extension is the server's affair.
    for left_out in ["kind", "name", "table", "position", "version"] {
        fields.remove(left_out);
    }
    strip(&mut value);
    let Value::Object(fields) = value else { return String::new() };
    fields.iter().map(|(name, value)| format!("\n    {name}: {value}")).collect()
}

/// Takes out what is empty.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(strip);
            fields.retain(|_, it| {
                !(it.is_null() || *it == Value::Bool(false) || *it == "none")
                    && it.as_array().is_none_or(|it| !it.is_empty())
                    && it.as_object().is_none_or(|it| !it.is_empty())
            });
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_failed_concurrent_build_leaves_an_invalid_index() {
    let database = TestDatabase::create("invalid_index");
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)");
    let snapshot = block_on(async {
        let mut client = database.connect().await;
        let built = client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)").await;
        assert!(built.is_err(), "the values are not unique");
        introspect(&mut client, &Scope::default()).await.expect("a snapshot")
    });
    let valid = snapshot.schema.iter().find_map(|(_, it)| match it {
        Object::Index(index) => Some(index.valid),
        _ => None,
    });
    assert_eq!(valid, Some(false));
}

#[track_caller]
fn check_scope(scope: &Scope, expected: &[&str]) {
    let sql = "
        CREATE SCHEMA audit; CREATE SCHEMA aludel; CREATE SCHEMA billing;
        CREATE TABLE audit.log (id int PRIMARY KEY);
        CREATE TABLE aludel.revision (id int);
        CREATE TABLE billing.invoice (id int);
        CREATE TABLE spatial_ref_sys (id int, log_id int REFERENCES audit.log);
        CREATE TABLE kept (id int);
        CREATE VIEW spatial_view AS SELECT * FROM spatial_ref_sys;
        CREATE FUNCTION audit.f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    let found = shown(&read("scope", sql, scope));
    let found: Vec<_> =
        found.lines().filter(|it| !it.starts_with("    ") && !it.contains("->")).collect();
    assert_eq!(found, expected);
}

#[test]
fn everything_but_the_ledger_is_in_scope() {
    check_scope(
        &Scope::default(),
        &[
            "schema audit",
            "schema billing",
            "schema public",
            "table audit.log",
            "table billing.invoice",
            "table kept",
            "table spatial_ref_sys",
            "column audit.log.id",
            "column billing.invoice.id",
            "column kept.id",
            "column spatial_ref_sys.id",
            "column spatial_ref_sys.log_id",
            "constraint log_pkey on audit.log",
            "constraint spatial_ref_sys_log_id_fkey on spatial_ref_sys",
            "function audit.f()",
            "view spatial_view",
        ],
    );
}

#[test]
fn what_is_excluded_goes_with_all_that_hangs_on_it() {
    let exclude = ["spatial_*", "audit.*", "billing.*"].map(str::to_owned).to_vec();
    check_scope(
        &Scope { exclude, ..Scope::default() },
        &["schema public", "table kept", "column kept.id"],
    );
}

#[test]
fn only_the_named_namespaces_are_read() {
    let namespaces = BTreeSet::from([Ident::new("billing"), Ident::new("aludel")]);
    check_scope(
        &Scope { namespaces: Some(namespaces), ..Scope::default() },
        &["schema billing", "table billing.invoice", "column billing.invoice.id"],
    );
}

#[test]
fn the_server_and_its_casts_are_known() {
    if !block_on(has_pgvector()) {
        return;
    }
    let sql = "CREATE SCHEMA ext; CREATE EXTENSION vector SCHEMA ext";
    let snapshot = read("environment", sql, &Scope::default());
    let environment = &snapshot.environment;
    assert!(environment.major_version() >= 13);
    assert_eq!(environment.casts.get("integer", "bigint"), Some(CastContext::Implicit));
    assert_eq!(environment.casts.get("bigint", "integer"), Some(CastContext::Assignment));
    assert_eq!(environment.casts.get("boolean", "integer"), Some(CastContext::Explicit));
    assert_eq!(environment.casts.get("ext.vector", "ext.halfvec"), Some(CastContext::Implicit));
    assert_eq!(environment.casts.get("text", "ext.vector"), None);
    let extensions: Vec<_> = environment.extension_versions.keys().map(String::as_str).collect();
    assert_eq!(extensions, ["plpgsql", "vector"]);
    let id = ObjectId::global(ObjectKind::Extension, "vector");
    let Some(Object::Extension(extension)) = snapshot.schema.get(&id) else { panic!("no {id}") };
    assert_eq!(extension.version.as_ref(), environment.extension_versions.get("vector"));
}

#[test]
fn the_session_is_left_as_it_was() {
    let database = TestDatabase::create("session");
    block_on(async {
        let mut client = database.connect().await;
        client
            .batch_execute("SET search_path = pg_catalog; SET TimeZone = 'Asia/Tokyo'")
            .await
            .expect("settings");
        introspect(&mut client, &Scope::default()).await.expect("a snapshot");
        // A future that is dropped before its end leaves no transaction behind.
        let scope = Scope::default();
        let reading = introspect(&mut client, &scope);
        let short = tokio::time::timeout(std::time::Duration::from_micros(1), reading).await;
        assert!(short.is_err(), "nobody reads a catalog in a microsecond");
        // Outside of a transaction, now() moves on.
        let sql = "SELECT now()::text || current_setting('search_path') || \
                   current_setting('TimeZone') || current_setting('transaction_isolation')";
        let first: String = client.query_one(sql, &[]).await.expect("an answer").get(0);
        let second: String = client.query_one(sql, &[]).await.expect("an answer").get(0);
        assert_ne!(first, second);
        assert!(first.ends_with("pg_catalogAsia/Tokyoread committed"), "{first}");
    });
}

#[test]
fn constants_are_printed_alike_whatever_the_session_likes() {
    let database = TestDatabase::create("settings");
    database.execute(
        "CREATE TABLE t (a timestamptz DEFAULT timestamptz '2024-01-01 00:00:00+00',
                         b interval DEFAULT interval '1 day 2 hours',
                         c bytea DEFAULT '\\x00ff'::bytea, d float8 DEFAULT float8 '0.1')",
    );
    let (plain, odd) = block_on(async {
        let mut client = database.connect().await;
        let plain = introspect(&mut client, &Scope::default()).await.expect("a snapshot");
        let odd = "SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German, DMY'; \
                   SET IntervalStyle = 'iso_8601'; SET bytea_output = 'escape'; \
                   SET extra_float_digits = -5; SET quote_all_identifiers = on";
        client.batch_execute(odd).await.expect("settings");
        (plain, introspect(&mut client, &Scope::default()).await.expect("a snapshot"))
    });
    assert_eq!(shown(&plain), shown(&odd));
    assert!(shown(&plain).contains("'2024-01-01 00:00:00+00'::timestamp with time zone"));
}

#[test]
fn a_refusal_is_an_error_and_leaves_the_connection_fit() {
    let database = TestDatabase::create("refusal");
    database.execute("CREATE TABLE t (a int CHECK (a > 0))");
    block_on(async {
        let holder = database.connect().await;
        holder.batch_execute("BEGIN; LOCK TABLE t").await.expect("the lock");
        let mut client = database.connect().await;
        client.batch_execute("SET lock_timeout = '50ms'").await.expect("settings");
        let refused = introspect(&mut client, &Scope::default()).await;
        let Err(CatalogError::Query { query, source }) = refused else { panic!("{refused:?}") };
        assert_eq!(query, "constraints");
        assert_eq!(source.code().map(|it| it.code()), Some("55P03"));
        holder.batch_execute("ROLLBACK").await.expect("the lock is free");
        introspect(&mut client, &Scope::default()).await.expect("a snapshot");
    });
}

/// PostgreSQL 15.20 notes something in `attoptions` of every column.
#[test]
fn what_a_server_notes_for_itself_is_not_read() {
    let sql = "
        CREATE TABLE t (a int, b text); ALTER TABLE t ALTER a SET (n_distinct = 5);
        CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
        ALTER MATERIALIZED VIEW m ALTER a SET (n_distinct = 7);";
    let snapshot = read("noted", sql, &Scope::default());
    let found = shown(&snapshot);
    assert!(!found.contains("pg_"), "{found}");
    assert!(found.contains("n_distinct\":\"5") && found.contains("(n_distinct=7)"), "{found}");
    assert!(snapshot.unmanaged.is_empty(), "{found}");
}

/// A SQL_ASCII database takes bytes that are no text, in whatever PostgreSQL keeps as text.
#[test]
fn bytes_that_are_no_text_cost_no_more_than_what_they_stand_in() {
    let database = TestDatabase::create_encoded("any_byte", "SQL_ASCII");
    let statements = [
        "CREATE TABLE kept (id int PRIMARY KEY, note text DEFAULT 'plain')",
        "COMMENT ON TABLE kept IS 'caf~'",
        "CREATE TABLE t (a text DEFAULT '~', b int, c text)",
        "CREATE INDEX t_a ON t (c) WHERE c <> '~'",
        "COMMENT ON COLUMN t.b IS '~'",
        "CREATE TABLE \"odd~\" (a int)",
        "CREATE TYPE mood AS ENUM ('fine', '~')",
        "CREATE TABLE with_mood (a int, m mood)",
        "CREATE VIEW with_byte AS SELECT '~'::text AS x",
        "CREATE VIEW on_it AS SELECT x FROM with_byte",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT '~'::text$$",
    ];
    // The byte is made by the server, for this client speaks UTF-8.
    let executed = statements.map(|it| format!("EXECUTE replace($q${it}$q$, '~', chr(233));"));
    database.execute(&format!("DO $do$ BEGIN {} END $do$", executed.join("\n")));
    let snapshot = snapshot_of(&database);
    let unmanaged: Vec<_> = snapshot.unmanaged.iter().map(String::as_str).collect();
    assert_eq!(
        unmanaged,
        [
            "column t.a",
            "column with_mood.m",
            "comment on column t.b",
            "comment on table kept",
            "enum mood",
            "function f()",
            "index t_a",
            "table \"odd\u{fffd}\"",
            "view on_it",
            "view with_byte",
        ]
    );
    let found = shown(&snapshot);
    assert!(found.contains("column kept.note") && found.contains("column t.b"), "{found}");
}

#[test]
fn a_database_of_any_encoding_is_read() {
    for encoding in ["LATIN1", "WIN1252", "EUC_JP", "SQL_ASCII"] {
        let database = TestDatabase::create_encoded("encoded", encoding);
        let text = if encoding == "EUC_JP" { "漢字" } else { "café" };
        let sql =
            format!("CREATE TABLE t (a text DEFAULT '{text}'); COMMENT ON TABLE t IS '{text}'");
        database.execute(&sql);
        let snapshot = snapshot_of(&database);
        assert_eq!(shown(&snapshot).matches(text).count(), 2, "{encoding}: {}", shown(&snapshot));
        assert!(snapshot.unmanaged.is_empty());
    }
}

/// What a newer server may have: letters in its catalogs that nobody here knows.
#[test]
fn kinds_that_are_not_known_are_named() {
    let database = TestDatabase::create("unknown_kinds");
    database.execute(
        "CREATE TABLE t (a int CHECK (a > 0), b text); CREATE SEQUENCE v;
         CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         SET allow_system_table_mods = on;
         UPDATE pg_class SET relkind = 'g' WHERE oid = 'v'::regclass;
         UPDATE pg_constraint SET contype = 'z' WHERE conrelid = 't'::regclass AND contype = 'c';
         UPDATE pg_attribute SET attstorage = 'q' WHERE attrelid = 't'::regclass AND attname = 'b';
         UPDATE pg_class SET relreplident = 'w' WHERE oid = 't'::regclass;
         UPDATE pg_class SET reloptions = '{fillfactor=70,some_news=1}' WHERE oid = 't'::regclass;
         UPDATE pg_proc SET prokind = 'y' WHERE proname = 'f'",
    );
    let snapshot = snapshot_of(&database);
    let unmanaged: Vec<_> = snapshot.unmanaged.iter().map(String::as_str).collect();
    assert_eq!(
        unmanaged,
        [
            "attstorage `q` of t.b",
            "constraint of kind t_a_check (z) on public.t",
            "parameter some_news of table t",
            "relation of kind public.v (g)",
            "relreplident `w` of t",
            "routine of kind public.f (y)",
        ]
    );
    let found = shown(&snapshot);
    assert!(found.contains("table t") && found.contains("column t.b"), "{found}");
}

fn snapshot_of(database: &TestDatabase) -> Snapshot {
    let read = async {
        let mut client = database.connect().await;
        introspect(&mut client, &Scope::default()).await
    };
    block_on(read).expect("a snapshot")
}

/// Whatever an extension brings is the extension's: with each that the server has, there is nothing else.
#[test]
fn what_extensions_bring_is_not_declared() {
    let database = TestDatabase::create("brought");
    block_on(async {
        let mut client = database.connect().await;
        let names = "SELECT name FROM pg_available_extensions ORDER BY name";
        let names = client.query(names, &[]).await.unwrap();
        let mut created = BTreeSet::new();
        for name in names.iter().map(|row| row.get::<_, String>(0)) {
            // Some need another language, or a setting of the server.
            let sql = format!("CREATE EXTENSION IF NOT EXISTS \"{name}\" CASCADE");
            if client.batch_execute(&sql).await.is_ok() {
                created.insert(name);
            }
        }
        assert!(created.len() > 1, "{created:?}");
        let snapshot = introspect(&mut client, &Scope::default()).await.unwrap();
        let others = snapshot.schema.iter().map(|(id, _)| id);
        let others: Vec<String> = others
            .filter(|id| !matches!(id.kind, ObjectKind::Extension | ObjectKind::Namespace))
            .map(ToString::to_string)
            .collect();
        assert_eq!(others, Vec::<String>::new());
    });
}
