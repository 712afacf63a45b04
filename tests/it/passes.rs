//! The planner is a line of passes: each knows only those before it, and no files know one another in a
//! circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The passes in their order; what stands beside them is for all.
const PASSES: [&str; 6] = ["inheritance", "decisions", "online", "graph", "order", "effects"];

/// The files of the planner by their modules, each with the modules that it names.
fn modules() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/core/src/plan");
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace('/', "::");
            let name = name.trim_end_matches("mod").trim_end_matches("::").to_owned();
            texts.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    let known: BTreeSet<String> = texts.keys().cloned().collect();
    let used = |name: &str, text: &str| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let paths = code.split("crate::plan::").skip(1).flat_map(named);
        let found = paths.filter_map(|path| module_of(&path, &known));
        found.filter(|it| it != name).collect()
    };
    texts.iter().map(|(name, text)| (name.clone(), used(name, text))).collect()
}

/// The paths that a text begins with: `a::b` once, `a::{b, c}` as `a::b` and `a::c`.
fn named(text: &str) -> Vec<String> {
    let part = |it: char| it.is_alphanumeric() || it == '_' || it == ':';
    let path: String = text.chars().take_while(|it| part(*it)).collect();
    match text[path.len()..].strip_prefix('{').and_then(|it| it.split('}').next()) {
        Some(names) => names.split(',').map(|it| format!("{path}{}", it.trim())).collect(),
        None => vec![path],
    }
}

/// The longest module that a path leads through.
fn module_of(path: &str, known: &BTreeSet<String>) -> Option<String> {
    let parts: Vec<&str> = path.split("::").collect();
    let prefixes = (1..=parts.len()).rev().map(|it| parts[..it].join("::"));
    prefixes.into_iter().find(|it| known.contains(it))
}

#[test]
fn a_pass_knows_only_those_before_it() {
    let place = |name: &str| PASSES.iter().position(|it| name.split("::").next() == Some(it));
    let mut wrong = Vec::new();
    for (name, used) in modules() {
        // The planner itself calls them one after the other.
        for other in used.iter().filter(|_| !name.is_empty()) {
            if place(other) > place(&name) {
                wrong.push(format!("{name} knows {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_know_one_another_in_a_circle() {
    let mut left = modules();
    loop {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, used)| used.iter().all(|it| !left.contains_key(it)))
            .map(|it| it.0.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|it| drop(left.remove(it)));
    }
    assert!(left.is_empty(), "in circles, or behind them: {left:#?}");
}
