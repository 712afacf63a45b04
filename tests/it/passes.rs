//! Which files know which: the planner is a line of passes, and in no crate do files know one another in a
//! cycle. A module may use what its parent has, for that is where siblings share things.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The passes of the planner in their order; what stands beside them is for all.
const PASSES: [&str; 6] = ["inheritance", "decisions", "online", "graph", "order", "effects"];

/// The modules of a crate, each with those that it names.
type Modules = BTreeMap<String, BTreeSet<String>>;

/// The files of a crate by their modules: `plan::graph` for `plan/graph.rs` and `plan/graph/mod.rs`.
fn texts(sources: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let mut texts = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|it| it != "rs") {
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace('/', "::");
            let name = name.strip_suffix("::mod").unwrap_or(&name).to_owned();
            if !["lib", "main"].contains(&name.as_str()) && !name.ends_with("tests") {
                texts.insert(name, code(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts
}

/// A source without comments and without the unit tests at its end.
fn code(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|it| format!("{}\n", it.split("//").next().unwrap_or_default())).collect()
}

fn modules(sources: &str) -> Modules {
    let texts = texts(sources);
    let known: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
    let used = |name: &str, text: &str| {
        let found = paths(text).into_iter().filter_map(|path| module_of(&path, name, &known));
        let is_above = |it: &str| name == it || name.starts_with(&format!("{it}::"));
        found.filter(|it| !is_above(it)).collect()
    };
    texts.iter().map(|(name, text)| (name.clone(), used(name, text))).collect()
}

/// The paths that a source names: those of `use`, and those that begin with `crate`, `super` or `self`.
fn paths(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = String::new();
    for (at, part) in text.split("use ").enumerate() {
        let (tree, after) =
            if at == 0 { ("", part) } else { part.split_once(';').unwrap_or(("", part)) };
        expand("", tree, &mut paths);
        rest.push_str(after);
        rest.push(' ');
    }
    let of_path = |it: char| it.is_alphanumeric() || it == '_' || it == ':';
    let words = rest.split(|it| !of_path(it));
    let begins =
        |it: &&str| ["crate::", "super::", "self::"].iter().any(|root| it.starts_with(root));
    paths.extend(words.filter(begins).map(str::to_owned));
    paths
}

/// The paths of a tree of `use`: `a::{b, c::{d, e}}` is `a::b`, `a::c::d` and `a::c::e`.
fn expand(before: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        if !name.is_empty() {
            paths.push(format!("{before}{name}"));
        }
        return;
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut from) = (0, 0);
    for (at, sign) in inner.char_indices().chain([(inner.len(), ',')]) {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&format!("{before}{head}"), &inner[from..at.min(inner.len())], paths);
                from = at + 1;
            }
            _ => {}
        }
    }
}

/// The module that a path leads to from another one, where it is one of the crate's.
fn module_of(path: &str, from: &str, known: &BTreeSet<&str>) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").filter(|it| !it.is_empty()).collect();
    let mut base: Vec<&str> = from.split("::").collect();
    match parts.first().copied() {
        Some("crate") => base.clear(),
        Some("super" | "self") => {}
        // What another crate brings is no module of this one; what is declared in the file is.
        _ => parts.insert(0, "self"),
    }
    let is_own = parts.first() == Some(&"self");
    while let Some(root @ ("crate" | "super" | "self")) = parts.first().copied() {
        if root == "super" {
            base.pop();
        }
        parts.remove(0);
    }
    let least = if is_own { base.len() + 1 } else { 1 };
    base.extend(parts);
    let prefixes = (least..=base.len()).rev().map(|it| base[..it].join("::"));
    prefixes.into_iter().find(|it| known.contains(it.as_str()))
}

/// The modules of the planner among themselves.
fn planner() -> Modules {
    let inside = |it: &str| it.strip_prefix("plan::").map(str::to_owned);
    let all = modules("crates/core/src").into_iter();
    all.filter_map(|(name, used)| {
        Some((inside(&name)?, used.iter().filter_map(|it| inside(it)).collect()))
    })
    .collect()
}

#[test]
fn paths_are_read() {
    let known: BTreeSet<&str> = ["a", "a::b", "a::b::c", "d"].into();
    let text = "use super::{c::X, b::{self, Y}};\nuse std::fmt;\nuse crate::d as e;\nlet x = super::b::f();";
    let found: BTreeSet<String> =
        paths(&code(text)).iter().filter_map(|it| module_of(it, "a::d", &known)).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "a::b", "d"]);
}

#[test]
fn a_pass_knows_only_those_before_it() {
    let place = |name: &str| PASSES.iter().position(|it| name.split("::").next() == Some(it));
    let mut wrong = Vec::new();
    for (name, used) in planner() {
        for other in used.iter().filter(|it| place(it) > place(&name)) {
            wrong.push(format!("{name} knows {other}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_know_one_another_in_a_circle() {
    for sources in ["crates/core/src", "crates/engine/src", "src"] {
        let mut left = modules(sources);
        assert!(!left.is_empty(), "{sources}");
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
}
