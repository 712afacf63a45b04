//! A service for documents of many tenants, on generated code in each language: what it answers over
//! HTTP, what it sends to the server for that, and the plans of its statements.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::generated::{PYTHON, VERSIONS, cargo, cargo_target, migrated};
use super::support::{TestDatabase, block_on, connect};
use super::wire::{Log, Sent, Wire};

const LARGE: &str = "00000000-0000-0000-0000-000000000001";
const SMALL: &str = "00000000-0000-0000-0000-000000000002";
/// It has no documents before a test and after it.
const EMPTY: &str = "00000000-0000-0000-0000-000000000003";
const DIMENSIONS: u32 = 32;

/// 12,000 rows of a large tenant and 30 of a small one. The index is faster to build than to maintain.
const ROWS: &str = "
    SELECT setseed(0.5);
    INSERT INTO tenants
        SELECT format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid, 'tenant ' || i
        FROM generate_series(1, 3) i;
    DO $$
    DECLARE index text := pg_get_indexdef('documents_embedding_idx'::regclass);
    BEGIN
        DROP INDEX documents_embedding_idx;
        INSERT INTO documents (tenant_id, content, metadata, embedding, created_at)
            SELECT t.id, format('%s %s', (ARRAY['bears', 'foxes', 'owls'])[1 + i % 3], i),
                jsonb_build_object('page', i),
                (SELECT array_agg(random() - 0.5 + 0 * i * j)::vector FROM generate_series(1, 32) j),
                '2026-01-01'::timestamptz + i * '1 s'::interval
            FROM generate_series(1, 12030) i
            JOIN tenants t ON t.name = CASE WHEN i <= 12000 THEN 'tenant 1' ELSE 'tenant 2' END;
        SET maintenance_work_mem = '256MB';
        EXECUTE index;
    END $$;
    -- Otherwise an index on the text cannot be used before the policy is checked.
    ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF;
    ANALYZE";

/// A service that runs, and what it sends.
struct Service {
    child: Child,
    port: u16,
    wire: Wire,
    /// Its server, by the same role.
    url: String,
}

/// An answer of a service.
struct Answer {
    status: u16,
    text: String,
    log: Log,
}

/// The role of a service, which is no owner of tables.
struct Role {
    name: String,
    database: TestDatabase,
}

impl Role {
    fn of(database: TestDatabase) -> Self {
        let name = format!("aludel_service_{}", std::process::id());
        database.execute(&format!(
            "CREATE ROLE {name} LOGIN PASSWORD 'x';
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
        ));
        Self { name, database }
    }

    /// The URL of the database for this role, at another port or at its own.
    fn url(&self, port: Option<u16>) -> (String, u16) {
        let server: tokio_postgres::Config = self.database.url().parse().unwrap();
        let (own, name) = (server.get_ports()[0], &self.name);
        let database = server.get_dbname().unwrap();
        let port = port.unwrap_or(own);
        (format!("postgres://{name}:x@127.0.0.1:{port}/{database}?sslmode=disable"), own)
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let name = &self.name;
        self.database.execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}"));
    }
}

impl Service {
    /// Starts a program, which prints its port.
    fn start(mut command: Command, role: &Role) -> Self {
        let (url, server) = role.url(None);
        let wire = Wire::before(server);
        let (through, _) = role.url(Some(wire.port()));
        command.env("SERVICE_URL", through).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program of the service");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("no port: {line:?}"));
        Self { child, port, wire, url }
    }

    /// An HTTP request of a tenant.
    fn ask(&self, tenant: &str, method: &str, path: &str, body: &str) -> Answer {
        self.wire.take();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Tenant: {tenant}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, text: text.to_owned(), log: self.wire.take() }
    }

    #[track_caller]
    fn get(&self, tenant: &str, path: &str) -> Answer {
        let answer = self.ask(tenant, "GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer
    }

    #[track_caller]
    fn post(&self, tenant: &str, path: &str, body: &Value) -> Answer {
        let answer = self.ask(tenant, "POST", path, &body.to_string());
        assert!(answer.status < 300, "{path}: {}", answer.text);
        answer
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Its rows; none of them has a vector.
    #[track_caller]
    fn rows(&self) -> Vec<Value> {
        assert!(!self.text.contains("embedding") && !self.text.contains("tsv"), "{}", self.text);
        let json = self.json();
        let rows = json.get("items").unwrap_or(&json).as_array().unwrap().clone();
        // About as many bytes as a row has without its vector.
        assert!(self.text.len() < 300 * (rows.len() + 1), "{} bytes", self.text.len());
        rows
    }
}

fn query() -> Vec<f64> {
    (0..DIMENSIONS).map(|i| f64::from(i * 37 % 17) / 17.0 - 0.5).collect()
}

/// What requests cost in a language: round trips and statements. One of each is the pool's test of a
/// connection. Rust sends the others at once; in Python each waits for the one before.
struct Costs {
    insert: [usize; 2],
    list: [usize; 2],
    search: [usize; 2],
}

/// Both services answer the same.
pub(crate) fn both_answer(packages: &Path) {
    cargo("build", &["--quiet", "--example", "service"], &[]).ended(0);
    let database = migrated("service");
    database.execute(ROWS);
    let role = Role::of(database);
    let rust = Service::start(Command::new(cargo_target().join("debug/examples/service")), &role);
    let of_rust = Costs { insert: [2, 4], list: [2, 4], search: [2, 5] };
    let cursor = answers(&rust, &of_rust);
    for version in VERSIONS {
        let mut command = Command::new(PYTHON);
        command
            .args([version, "live_service.py"])
            .current_dir(packages)
            .env("PYTHONPATH", packages);
        let python = Service::start(command, &role);
        let of_python = Costs { insert: [5, 5], list: [5, 5], search: [7, 7] };
        let of_python_cursor = answers(&python, &of_python);
        assert_eq!(cursor, of_python_cursor);
    }
}

/// Everything is asked; returns a cursor.
fn answers(service: &Service, costs: &Costs) -> String {
    created(service, costs);
    refused(service);
    let cursor = listed(service, costs);
    found(service, costs);
    fused(service, costs);
    planned(service);
    cursor
}

#[track_caller]
fn costs(log: &Log, [round_trips, statements]: [usize; 2]) {
    let sent: Vec<&str> = log.statements.iter().map(|it| it.sql.as_str()).collect();
    let found = [log.round_trips, sent.len()];
    assert_eq!(found, [round_trips, statements], "{sent:#?}");
}

fn created(service: &Service, expected: &Costs) {
    let body = json!({"content": "an owl", "metadata": {"page": [1, null]}, "embedding": query()});
    service.post(EMPTY, "/documents", &body);
    let answer = service.post(EMPTY, "/documents", &body);
    costs(&answer.log, expected.insert);
    let row = answer.json();
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["content", "created_at", "id", "metadata", "tenant_id"]);
    assert_eq!((&row["content"], &row["tenant_id"]), (&json!("an owl"), &json!(EMPTY)));
    assert_eq!(row["metadata"], json!({"page": [1, null]}));

    let own = service.get(EMPTY, "/documents").rows();
    assert_eq!(own.len(), 2);
    assert_eq!(own[0], row);
    let others = service.get(SMALL, "/documents?limit=100").rows();
    assert!(others.len() == 30 && !others.contains(&row));
    let hits = service.post(EMPTY, "/search", &json!({"embedding": query(), "k": 5})).rows();
    assert_eq!(hits.len(), 2);
    assert!(hits.iter().all(|it| it["distance"].as_f64().unwrap().abs() < 1e-6));
    connected(service, async |db| {
        db.batch_execute(&format!("SET app.tenant = '{EMPTY}'; DELETE FROM documents")).await
    });
}

/// Values that cannot be right are said to be the client's fault, and nothing is sent for them.
fn refused(service: &Service) {
    let mut infinite = query();
    infinite[3] = 1e39;
    let short = &query()[1..];
    let bodies = |vector: Value| {
        [
            ("/documents", json!({"content": "x", "embedding": vector})),
            ("/search", json!({"embedding": vector, "k": 5})),
            ("/hybrid", json!({"embedding": vector, "k": 5, "text": "x"})),
        ]
    };
    for vector in [json!(short), json!(infinite), json!("x"), json!(null), json!([])] {
        for (path, body) in bodies(vector) {
            let answer = service.ask(EMPTY, "POST", path, &body.to_string());
            assert_eq!(answer.status, 422, "{path}: {}", answer.text);
            let sent = answer.log.statements.iter().filter(|it| it.sql.contains("documents"));
            assert_eq!(sent.count(), 0);
        }
    }
    let nan = json!({"embedding": query(), "k": 5}).to_string().replace("-0.5", "NaN");
    let answer = service.ask(EMPTY, "POST", "/search", &nan);
    assert!([400, 422].contains(&answer.status), "{}", answer.text);
    for cursor in ["x", "bnVsbA", "WyJhIl0", "%00"] {
        let path = format!("/documents?after={cursor}");
        let answer = service.ask(EMPTY, "GET", &path, "");
        assert_eq!(answer.status, 422, "{cursor}: {}", answer.text);
    }
    let answer = service.ask("nobody", "GET", "/documents", "");
    assert_eq!(answer.status, 422, "{}", answer.text);
}

/// All pages of a tenant have each of its rows once, the newest first.
fn listed(service: &Service, expected: &Costs) -> String {
    let first = service.get(SMALL, "/documents?limit=12");
    let first_cursor = first.json()["next"].as_str().unwrap().to_owned();
    let (mut rows, mut next) = (first.rows(), Some(first_cursor.clone()));
    let mut last = None;
    while let Some(cursor) = next {
        let page = service.get(SMALL, &format!("/documents?limit=12&after={cursor}"));
        rows.extend(page.rows());
        next = page.json()["next"].as_str().map(str::to_owned);
        last = Some(page);
    }
    costs(&last.unwrap().log, expected.list);
    let pages: Vec<i64> = rows.iter().map(|it| it["metadata"]["page"].as_i64().unwrap()).collect();
    assert_eq!(pages, (12001..=12030).rev().collect::<Vec<_>>());
    assert!(rows.iter().all(|it| it["tenant_id"] == json!(SMALL)));
    first_cursor
}

/// The ids that the server finds without an index.
fn exact(service: &Service, tenant: &str, k: usize, condition: &str) -> Vec<String> {
    let values: Vec<String> = query().iter().map(f64::to_string).collect();
    let values = values.join(",");
    let sql = format!(
        "SET app.tenant = '{tenant}'; SET enable_indexscan = off; SELECT id FROM documents \
         WHERE {condition} ORDER BY embedding <=> '[{values}]' LIMIT {k}"
    );
    let rows = connected(service, async |db| db.simple_query(&sql).await);
    let id = |it: &SimpleQueryMessage| match it {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    rows.iter().filter_map(id).collect()
}

fn connected<T>(
    service: &Service,
    work: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
) -> T {
    block_on(async { work(&connect(&service.url).await).await }).unwrap()
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// How many of the expected rows were found.
fn recall(found: &[String], expected: &[String]) -> usize {
    found.iter().filter(|it| expected.contains(it)).count()
}

fn found(service: &Service, expected: &Costs) {
    let body = json!({"embedding": query(), "k": 10});
    for tenant in [LARGE, SMALL] {
        service.post(tenant, "/search", &body);
        let answer = service.post(tenant, "/search", &body);
        costs(&answer.log, expected.search);
        let rows = answer.rows();
        let (all, found) = (exact(service, tenant, 10, "true"), ids(&rows));
        assert!(found.len() == 10 && recall(&found, &all) >= 9, "{found:?} of {all:?}");
        assert!(rows.is_sorted_by_key(|it| it["distance"].as_f64().unwrap()));
    }
    let body = json!({"embedding": query(), "k": 10, "metadata": {"page": 77}});
    let rows = service.post(LARGE, "/search", &body).rows();
    assert_eq!(ids(&rows), exact(service, LARGE, 10, "metadata @> '{\"page\": 77}'"));
    assert_eq!(service.post(SMALL, "/search", &body).rows(), [] as [Value; 0]);
}

fn fused(service: &Service, expected: &Costs) {
    let body = json!({"embedding": query(), "k": 10, "text": "bears 12"});
    service.post(LARGE, "/hybrid", &body);
    let answer = service.post(LARGE, "/hybrid", &body);
    costs(&answer.log, expected.search);
    let rows = answer.rows();
    assert_eq!(rows.len(), 10);
    let by_text = rows.iter().find(|it| it["text_rank"] == json!(1)).expect("the best text");
    assert_eq!(by_text["content"], json!("bears 12"));
    let by_vector = rows.iter().find(|it| it["vector_rank"] == json!(1)).expect("the nearest");
    assert_eq!(by_vector["id"], json!(exact(service, LARGE, 1, "true")[0]));
    let own = service.post(SMALL, "/hybrid", &body).rows();
    assert!(own.iter().all(|it| it["tenant_id"] == json!(SMALL)));
}

/// The statements of each request, sent again with EXPLAIN.
fn planned(service: &Service) {
    let search = json!({"embedding": query(), "k": 10});
    let hybrid = json!({"embedding": query(), "k": 10, "text": "bears 12"});
    let cases = [
        (
            "GET",
            LARGE,
            "/documents",
            None,
            "Index Scan using documents_tenant_id_created_at_id_idx",
        ),
        ("POST", LARGE, "/search", Some(&search), "Index Scan using documents_embedding_idx"),
        ("POST", SMALL, "/search", Some(&search), "documents_tenant_id_created_at_id_idx"),
        ("POST", LARGE, "/hybrid", Some(&hybrid), "Index Scan using documents_embedding_idx"),
        ("POST", LARGE, "/hybrid", Some(&hybrid), "Bitmap Index Scan on documents_content_tsv_idx"),
    ];
    for (method, tenant, path, body, expected) in cases {
        let body = body.map(Value::to_string).unwrap_or_default();
        let answer = service.ask(tenant, method, path, &body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        let statements = &answer.log.statements;
        let plans = connected(service, async |db| explained(db, statements).await);
        let plans = plans.join("\n");
        assert!(plans.contains(expected), "{path} of {tenant}:\n{plans}");
        assert!(!plans.contains("Seq Scan on documents"), "{path} of {tenant}:\n{plans}");
    }
}

/// Executes statements as they were sent, and explains those that read documents.
async fn explained(db: &Client, sent: &[Sent]) -> Result<Vec<String>, tokio_postgres::Error> {
    let mut plans = Vec::new();
    for Sent { sql, values } in sent {
        let Some(values) = values else {
            db.batch_execute(sql).await?;
            continue;
        };
        let values: Vec<_> = values.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
        if sql.contains("documents") {
            let explain = format!("EXPLAIN (COSTS OFF) {sql}");
            let lines = db.query(&explain, &values).await?;
            plans.extend(lines.iter().map(|it| it.get::<_, String>(0)));
        }
        db.query(sql, &values).await?;
    }
    Ok(plans)
}
