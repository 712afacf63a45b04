//! `aludel.toml` as written: every key with its location. Pure.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use toml::de::DeTable;

use super::reader::{Reader, Section, Variables, span};
use super::value::{Value, is_size};
use crate::codegen::{DateTime, Embedding, PythonRuntime, RustRuntime};
use crate::diagnostic::{self, Diagnostic, SourceFile};
use crate::model::code_hints::CodePart;

/// What the file says. What it leaves out is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct File {
    pub(super) database: DatabaseTable,
    pub(super) databases: BTreeMap<String, DatabaseTable>,
    pub(super) migrations: MigrationsTable,
    pub(super) online: Option<Value<bool>>,
    pub(super) rename: Option<Value<RenameMode>>,
    pub(super) maintenance_work_mem: Option<Value<String>>,
    pub(super) max_parallel_maintenance_workers: Option<Value<u32>>,
    pub(super) dev_url: Option<Value<String>>,
    pub(super) post_write: Option<Value<Vec<String>>>,
    pub(super) allow: Option<Value<Vec<String>>>,
    pub(super) deny: Option<Value<Vec<String>>>,
    /// `[codegen] only`.
    pub(super) only: Option<Value<BTreeSet<CodePart>>>,
    pub(super) rust: RustTable,
    pub(super) python: PythonTable,
}

/// `[codegen.rust]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RustTable {
    pub(super) output: Option<Value<String>>,
    pub(super) datetime: Option<Value<DateTime>>,
    pub(super) derives: Option<Value<Vec<String>>>,
    pub(super) embedding_serde: Option<Value<bool>>,
    pub(super) runtime: Option<Value<RustRuntime>>,
}

/// `[codegen.python]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PythonTable {
    pub(super) output: Option<Value<String>>,
    pub(super) base: Option<Value<String>>,
    pub(super) embedding: Option<Value<Embedding>>,
    pub(super) runtime: Option<Value<PythonRuntime>>,
}

/// `[database]` and `[databases.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DatabaseTable {
    /// Not filled in yet: another URL may count.
    pub(super) url: Option<Value<String>>,
    pub(super) namespaces: Option<Value<Vec<String>>>,
    pub(super) search_path: Option<Value<Vec<String>>>,
    pub(super) exclude: Option<Value<Vec<String>>>,
    pub(super) include: Option<Value<Vec<String>>>,
    pub(super) grants: Option<Value<bool>>,
    pub(super) lock_timeout: Option<Value<Duration>>,
    pub(super) statement_timeout: Option<Value<Duration>>,
    pub(super) lock_retries: Option<Value<u32>>,
}

/// `[migrations]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MigrationsTable {
    pub(super) directories: Option<Value<Vec<String>>>,
    pub(super) name: Option<Value<String>>,
    pub(super) template: Option<Value<String>>,
    pub(super) ledger_schema: Option<Value<String>>,
    pub(super) transaction: Option<Value<Transaction>>,
}

/// What stands in one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// Each revision in its own.
    PerRevision,
    /// The whole run in one.
    All,
}

/// What to do about objects that look renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameMode {
    /// Ask on a terminal, tell elsewhere.
    Ask,
    /// What is not declared is dropped and created.
    Never,
}

/// What the names of revision files may be made of.
const PLACEHOLDERS: &[&str] = &["date", "time", "id", "slug"];

/// Reads the file, or reports all its mistakes in order.
pub(super) fn parse(file: &SourceFile, variables: Variables<'_>) -> Result<File, Vec<Diagnostic>> {
    let reader = Reader { variables, diagnostics: RefCell::default() };
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let place = span(error.span().unwrap_or_default());
        reader.report(Diagnostic::error(place, error.message().trim_end_matches('.')));
    }
    let broken = reader.diagnostics.borrow().clone();
    if !broken.is_empty() {
        // What stands after a broken line would be taken for something else.
        return Err(broken);
    }
    let read = read_file(Section::new(&reader, String::new(), Some(document.get_ref())));
    let mut diagnostics = reader.diagnostics.into_inner();
    if diagnostics.is_empty() {
        return Ok(read);
    }
    diagnostic::sort(&mut diagnostics);
    Err(diagnostics)
}

fn read_file(root: Section<'_>) -> File {
    let plan = root.section("plan");
    let index_build = root.section("index_build");
    let dev = root.section("dev");
    let hooks = root.section("hooks");
    let review = root.section("review");
    let codegen = root.section("codegen");
    let named = root.sections("databases").into_iter();
    let file = File {
        database: read_database(root.section("database")),
        databases: named.map(|(name, section)| (name, read_database(section))).collect(),
        migrations: read_migrations(root.section("migrations")),
        online: plan.flag("online"),
        rename: plan.choice("rename", &[("ask", RenameMode::Ask), ("never", RenameMode::Never)]),
        maintenance_work_mem: size(&index_build, "maintenance_work_mem"),
        max_parallel_maintenance_workers: index_build.number("max_parallel_maintenance_workers"),
        dev_url: dev.template("url"),
        post_write: hooks.texts("post_write"),
        allow: review.texts("allow"),
        deny: review.texts("deny"),
        only: parts(&codegen, "only"),
        rust: read_rust(codegen.section("rust")),
        python: read_python(codegen.section("python")),
    };
    for section in [plan, index_build, dev, hooks, review, codegen, root] {
        section.finish();
    }
    file
}

fn read_database(section: Section<'_>) -> DatabaseTable {
    let table = DatabaseTable {
        url: section.template("url"),
        namespaces: section.texts("namespaces"),
        search_path: section.texts("search_path"),
        exclude: section.texts("exclude"),
        include: section.texts("include"),
        grants: section.flag("grants"),
        lock_timeout: section.duration("lock_timeout"),
        statement_timeout: section.duration("statement_timeout"),
        lock_retries: section.number("lock_retries"),
    };
    section.finish();
    table
}

fn read_migrations(section: Section<'_>) -> MigrationsTable {
    let transaction = [("per-revision", Transaction::PerRevision), ("all", Transaction::All)];
    let table = MigrationsTable {
        directories: folders(&section, "directory"),
        name: file_name(&section, "name"),
        template: not_empty(&section, "template"),
        ledger_schema: not_empty(&section, "ledger_schema"),
        transaction: section.choice("transaction", &transaction),
    };
    section.finish();
    table
}

fn read_rust(section: Section<'_>) -> RustTable {
    let crates = [("chrono", DateTime::Chrono), ("time", DateTime::Time), ("jiff", DateTime::Jiff)];
    let runtimes = [("copy", RustRuntime::Copy), ("package", RustRuntime::Package)];
    let table = RustTable {
        output: not_empty(&section, "output"),
        datetime: section.choice("datetime", &crates),
        derives: derives(&section, "derives"),
        embedding_serde: section.flag("embedding_serde"),
        runtime: section.choice("runtime", &runtimes),
    };
    section.finish();
    table
}

fn read_python(section: Section<'_>) -> PythonTable {
    let kinds = [("list", Embedding::List), ("numpy", Embedding::Numpy)];
    let places = [("copy", PythonRuntime::Copy), ("package", PythonRuntime::Package)];
    let table = PythonTable {
        output: not_empty(&section, "output"),
        base: base(&section, "base"),
        embedding: section.choice("embedding", &kinds),
        runtime: section.choice("runtime", &places),
    };
    section.finish();
    table
}

/// Parts of generated code.
fn parts(section: &Section<'_>, key: &'static str) -> Option<Value<BTreeSet<CodePart>>> {
    let texts = section.texts(key)?;
    let part = |text: &String| CodePart::WORDS.iter().find(|it| it.0 == text).map(|it| it.1);
    let parts: Option<BTreeSet<CodePart>> = texts.iter().map(part).collect();
    if parts.is_none() {
        let words: Vec<_> = CodePart::WORDS.iter().map(|it| format!("`{}`", it.0)).collect();
        section.reject(key, &texts.origin, &format!("a list of {}", words.join(", ")));
    }
    parts.map(|value| Value { value, origin: texts.origin })
}

/// Paths to derive macros.
fn derives(section: &Section<'_>, key: &'static str) -> Option<Value<Vec<String>>> {
    let paths = section.texts(key)?;
    if paths.iter().all(|it| it.split("::").all(is_name)) {
        return Some(paths);
    }
    section.reject(key, &paths.origin, "a list of derive macros: [\"utoipa::ToSchema\"]");
    None
}

/// Whether Rust and Python take it for a name.
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|it| it.is_alphabetic() || it == '_')
        && chars.all(|it| it.is_alphanumeric() || it == '_')
}

/// `package.module:Name`.
fn base(section: &Section<'_>, key: &'static str) -> Option<Value<String>> {
    let text = section.text(key)?;
    let parts = text.split_once(':');
    if parts.is_some_and(|(module, name)| module.split('.').all(is_name) && is_name(name)) {
        return Some(text);
    }
    section.reject(key, &text.origin, "a module and a name in it: \"app.db:Base\"");
    None
}

fn size(section: &Section<'_>, key: &'static str) -> Option<Value<String>> {
    let text = section.text(key)?;
    if is_size(&text) {
        return Some(text);
    }
    section.reject(key, &text.origin, "an amount of memory such as \"64MB\" or \"2GB\"");
    None
}

fn not_empty(section: &Section<'_>, key: &'static str) -> Option<Value<String>> {
    let text = section.text(key)?;
    if !text.trim().is_empty() {
        return Some(text);
    }
    section.reject(key, &text.origin, "something");
    None
}

/// One folder or several.
fn folders(section: &Section<'_>, key: &'static str) -> Option<Value<Vec<String>>> {
    let folders = section.text_or_texts(key)?;
    if !folders.is_empty() && folders.iter().all(|it| !it.trim().is_empty()) {
        return Some(folders);
    }
    section.reject(key, &folders.origin, "a directory or a list of directories");
    None
}

/// A pattern of `{date}`, `{time}`, `{id}` and `{slug}`, of which `{id}` keeps files apart.
fn file_name(section: &Section<'_>, key: &'static str) -> Option<Value<String>> {
    let text = section.text(key)?;
    if !text.contains("{id}") || text.contains(['/', '\\']) || !knows_placeholders(&text) {
        let expected = "a file name with `{id}`, and optionally `{date}`, `{time}` and `{slug}`";
        section.reject(key, &text.origin, expected);
        return None;
    }
    Some(text)
}

fn knows_placeholders(text: &str) -> bool {
    let mut parts = text.split('{').skip(1).map(|it| it.split_once('}'));
    parts.all(|it| it.is_some_and(|(name, _)| PLACEHOLDERS.contains(&name)))
}
