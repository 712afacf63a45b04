//! `check` on a real server: what was changed by hand is named.

use std::sync::OnceLock;

use super::project::Project;
use super::support::TestDatabase;

const SCHEMA: &str = r#"
[extensions]
vector = "*"

[tables.documents]
primary_key = ["id"]

[tables.documents.columns]
id         = { type = "uuid", default = "gen_random_uuid()" }
content    = "text"
status     = { type = "text", default = "'draft'" }
embedding  = "vector(1536)?"

[tables.documents.indexes.documents_embedding_idx]
method  = "hnsw"
columns = [{ name = "embedding", metric = "cosine" }]
with    = { m = 16, ef_construction = 64 }

[tables.documents.indexes.documents_status_idx]
columns = ["status"]
where   = "status <> 'archived'"

[tables.documents.checks]
documents_content_not_empty = "length(content) > 0"
"#;

/// The project that most tests share: one generated revision, and the cache warm.
fn documents() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let project = Project::new(SCHEMA);
        let arguments =
            ["revision", "--autogenerate", "-m", "add documents", "--rev-id", "3f2a9c01d7e4"];
        project.ends(0, &arguments);
        project
    })
}

/// The server with the shared project applied, changed by hand: `check` names it, as text and JSON.
#[track_caller]
fn check(hint: &str, sql: &str, expected: &str) {
    let project = documents();
    let database = TestDatabase::create(hint);
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute(sql);
    let status = i32::from(!expected.starts_with("schema.toml"));
    let told = project.ends(status, &["check", "--url", &url]);
    assert_eq!(told.stdout, expected, "{told}");
    let told = project.ends(status, &["check", "--url", &url, "--format", "json"]).json();
    let findings = told["findings"].as_array().expect("findings");
    assert_eq!(findings.is_empty(), status == 0, "{told}");
    for finding in findings {
        assert_eq!(finding["kind"], "drift");
        assert!(expected.contains(finding["message"].as_str().expect("a message")), "{finding}");
    }
}

const AGREE: &str = "schema.toml, the migrations and the database agree\n";

#[test]
fn nothing_was_changed() {
    let project = documents();
    let up = std::fs::read_dir(project.path("migrations")).unwrap().flatten();
    let up = up.map(|it| it.path()).find(|it| it.to_string_lossy().ends_with(".up.sql")).unwrap();
    let up = std::fs::read_to_string(up).unwrap();
    assert!(up.contains("embedding vector(1536)"), "{up}");
    let index = "USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 64)";
    assert!(up.contains(index), "{up}");
    check("nothing", "SELECT 1", AGREE);
}

#[test]
fn another_operator_class() {
    check(
        "opclass",
        "DROP INDEX documents_embedding_idx;
         CREATE INDEX documents_embedding_idx ON documents
             USING hnsw (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64)",
        "",
    );
}

#[test]
fn another_m() {
    check(
        "m",
        "DROP INDEX documents_embedding_idx;
         CREATE INDEX documents_embedding_idx ON documents
             USING hnsw (embedding vector_cosine_ops) WITH (m = 24, ef_construction = 64)",
        "",
    );
}

#[test]
fn a_dropped_index() {
    check("dropped_index", "DROP INDEX documents_embedding_idx", "");
}

#[test]
fn an_invalid_index() {
    check(
        "invalid",
        "UPDATE pg_index SET indisvalid = false
         WHERE indexrelid = 'documents_embedding_idx'::regclass",
        "",
    );
}

#[test]
fn a_vector_without_its_dimensions() {
    check(
        "dimensions",
        "DROP INDEX documents_embedding_idx;
         ALTER TABLE documents ALTER embedding TYPE vector",
        "",
    );
}

#[test]
fn a_changed_default() {
    check("default", "ALTER TABLE documents ALTER status SET DEFAULT 'new'", "");
}

#[test]
fn a_changed_check() {
    check(
        "check",
        "ALTER TABLE documents DROP CONSTRAINT documents_content_not_empty,
             ADD CONSTRAINT documents_content_not_empty CHECK (length(content) > 1)",
        "",
    );
}

#[test]
fn a_changed_predicate() {
    check(
        "predicate",
        "DROP INDEX documents_status_idx;
         CREATE INDEX documents_status_idx ON documents (status) WHERE status <> 'gone'",
        "",
    );
}

#[test]
fn an_extra_table() {
    check("extra_table", "CREATE TABLE extra (id bigint PRIMARY KEY, x text)", "");
}

#[test]
fn an_extra_namespace_is_not_ours() {
    check("extra_namespace", "CREATE SCHEMA theirs; CREATE TABLE theirs.t (id bigint)", AGREE);
}

#[test]
fn a_comment() {
    check("comment", "COMMENT ON COLUMN documents.content IS 'the text'", "");
}
