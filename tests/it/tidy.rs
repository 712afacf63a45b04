//! What holds for every file: module docs, layers, absences, lengths, the changelog.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a reader can still take in. A flat table may be longer, and is listed here with its reason.
const LONGEST: usize = 600;
const FLAT_TABLES: [&str; 0] = [];

/// The sources of the crates.
const CRATES: [&str; 3] = ["crates/core/src", "crates/engine/src", "src"];

/// What the core never does: files, environment, clock, network, printing. Its manifest has no crate with
/// which it could wait or ask for randomness.
const ABSENT: [&str; 13] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::io::std",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "print!(",
    "println!(",
    "async fn",
    "HashMap",
    "HashSet",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All files below a folder, by their paths from the top of the project.
fn files_below(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|it| it.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { files.push(relative(path)) }
        }
    }
    files.sort();
    files
}

fn relative(path: PathBuf) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()
}

/// The Rust sources of the library, the runtime, the tests, the benchmarks and the examples.
fn rust_files() -> Vec<String> {
    let folders = ["runtime/rust/src", "tests/it", "benches", "examples"];
    let files = CRATES.iter().chain(&folders).flat_map(|it| files_below(it));
    files.filter(|it| it.ends_with(".rs")).collect()
}

/// A source without the unit tests at its end, and without comments.
fn code(name: &str) -> String {
    let text = read(name);
    let ends = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..ends].lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.map(|it| format!("{it}\n")).collect()
}

fn is_unit_test(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.ends_with("_tests.rs")
}

/// The files of the core and of the crate around it.
fn library() -> Vec<String> {
    ["crates/core/src", "src"].iter().flat_map(|it| files_below(it)).collect()
}

/// The top-level module that a file belongs to, if it is one of the library's.
fn module(name: &str) -> Option<&str> {
    let path = name.strip_prefix("crates/core/src/").or_else(|| name.strip_prefix("src/"))?;
    let module = path.split('/').next().unwrap_or(path);
    let module = module.strip_suffix(".rs").unwrap_or(module);
    (module != "lib" && module != "main").then_some(module)
}

/// A row of the table of layers in ARCHITECTURE.md.
struct Layer {
    core: bool,
    depth: usize,
}

/// The layer of each module. A row reads `| 1 | core | model, diagnostic | … |`.
fn layers() -> BTreeMap<String, Layer> {
    let mut layers = BTreeMap::new();
    for line in read("ARCHITECTURE.md").lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, depth, side, modules, ..] = cells.as_slice() else { continue };
        let Ok(depth) = depth.parse() else { continue };
        for module in modules.split(',') {
            let module = module.trim().trim_matches('`').to_owned();
            layers.insert(module, Layer { core: *side == "core", depth });
        }
    }
    layers
}

/// Panics with all that is wrong, if anything is.
#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = rust_files().into_iter().filter(|it| !read(it).starts_with("//! "));
    none(&silent.map(|it| format!("{it} does not open with `//!`")).collect::<Vec<_>>());
}

#[test]
fn every_module_has_a_layer_and_every_layer_its_modules() {
    let layers = layers();
    let modules: BTreeSet<String> =
        library().iter().filter_map(|it| module(it)).map(str::to_owned).collect();
    let listed: BTreeSet<String> = layers.keys().cloned().collect();
    assert_eq!(listed, modules, "the table in ARCHITECTURE.md");
    for name in library() {
        let Some(layer) = module(&name).and_then(|it| layers.get(it)) else { continue };
        assert_eq!(layer.core, name.starts_with("crates/core/"), "the crate of {name}");
    }
}

#[test]
fn modules_know_only_the_layers_before_theirs() {
    let layers = layers();
    let mut wrong = Vec::new();
    for name in library() {
        let Some(from) = module(&name) else { continue };
        let code = code(&name);
        if code.contains("crate::{") {
            wrong.push(format!("{name}: one `use` for each module, please: `crate::{{`"));
        }
        for part in code.split("crate::").skip(1) {
            let to: String =
                part.chars().take_while(|it| it.is_ascii_lowercase() || *it == '_').collect();
            let (Some(of), Some(on)) = (layers.get(from), layers.get(&to)) else { continue };
            if to != from && on.depth >= of.depth {
                wrong.push(format!("{name}: {from} must not know {to}"));
            }
        }
    }
    none(&wrong);
}

/// Code with nothing between double quotes, nor in raw strings.
fn without_strings(code: &str) -> String {
    let raw = |part: &str| part.split_once("\"#").map_or("", |it| it.1).to_owned();
    let mut parts = code.split("r#\"");
    let first = parts.next().unwrap_or_default().to_owned();
    let plain: String = std::iter::once(first).chain(parts.map(raw)).collect();
    let escaped = plain.replace("\\\"", "").replace("'\"'", "");
    escaped.split('"').step_by(2).collect()
}

#[test]
fn the_core_touches_nothing_outside() {
    let mut wrong = Vec::new();
    for name in files_below("crates/core/src").into_iter().filter(|it| !is_unit_test(it)) {
        let code = match name.starts_with("crates/core/src/codegen/") {
            // What it writes down for others to run.
            true => without_strings(&code(&name)),
            false => code(&name),
        };
        let found = ABSENT.iter().filter(|it| code.contains(**it));
        wrong.extend(found.map(|it| format!("{name}: `{it}` does not belong in the core")));
    }
    none(&wrong);
}

/// The crates that one needs in the end, by Cargo.lock, which has those for tests of ours as well.
fn needed_by(root: &str) -> BTreeSet<String> {
    let lock: toml::Table = read("Cargo.lock").parse().expect("Cargo.lock is TOML");
    let mut dependencies: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let listed = package.get("dependencies").and_then(toml::Value::as_array);
        let names = listed.into_iter().flatten().filter_map(toml::Value::as_str);
        // Behind the name is the version, where there are several.
        let names = names.filter_map(|it| it.split(' ').next());
        let name = package["name"].as_str().expect("a name");
        dependencies.entry(name).or_default().extend(names);
    }
    let mut needed = BTreeSet::new();
    let mut left = vec![root];
    while let Some(name) = left.pop() {
        if needed.insert(name.to_owned()) {
            left.extend(dependencies.get(name).into_iter().flatten());
        }
    }
    needed
}

#[test]
fn the_core_needs_no_runtime_no_tls_and_no_web_assembly() {
    let heavy = ["tokio", "tokio-postgres", "rustls", "ring", "wasmer", "pglite-oxide"];
    let core = needed_by("aludel-core");
    let wrong: Vec<_> = heavy.iter().filter(|it| core.contains(**it)).collect();
    assert!(wrong.is_empty(), "aludel-core needs {wrong:?}");
    // What is asked for here is there to be found.
    let all = needed_by("aludel");
    assert!(heavy.iter().all(|it| all.contains(*it)), "{all:?}");
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    for name in rust_files() {
        let lines = read(&name).lines().count();
        if lines > LONGEST && !FLAT_TABLES.contains(&name.as_str()) {
            wrong.push(format!("{name} has {lines} lines: tell one thing in each file"));
        }
    }
    none(&wrong);
}

#[test]
fn the_changelog_knows_the_version() {
    let heading = concat!("\n## ", env!("CARGO_PKG_VERSION"));
    assert!(read("CHANGELOG.md").contains(heading), "CHANGELOG.md has no `{}`", heading.trim());
}

#[test]
fn the_runtime_has_the_version_of_the_generator() {
    let manifest: toml::Table = read("runtime/rust/Cargo.toml").parse().expect("TOML");
    assert_eq!(manifest["package"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn nothing_is_put_off_in_a_comment() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut wrong = Vec::new();
    let others = ["README.md", "ARCHITECTURE.md", "Cargo.toml", "scripts/test", "scripts/postgres"];
    for name in rust_files().into_iter().chain(others.map(str::to_owned)) {
        let text = read(&name);
        let found = marks.iter().filter(|it| text.contains(**it));
        wrong.extend(found.map(|it| format!("{name}: `{it}`: do it, or open an issue")));
    }
    none(&wrong);
}
