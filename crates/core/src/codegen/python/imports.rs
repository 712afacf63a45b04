//! Lines of imports, as the formatter sorts them.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Code, fits};
use super::needs::{Import, Line, Needs, Section};

/// The imports of a module.
pub(super) fn lines(needs: &Needs) -> String {
    let lines: Vec<Line> = needs.imports.iter().map(Import::line).collect();
    import_lines(&lines)
}

/// Imports, sorted as isort and ruff do: modules before names, constants before classes before
/// functions.
pub(super) fn import_lines(imports: &[Line]) -> String {
    /// The imports of a section: whole modules, and names by their modules.
    type Imports<'c> = (BTreeSet<String>, BTreeMap<String, BTreeSet<&'c str>>);
    let mut sections: BTreeMap<Section, Imports<'_>> = BTreeMap::new();
    for Line { section, from, name } in imports {
        let (modules, froms) = sections.entry(*section).or_default();
        if from.is_empty() {
            modules.insert(format!("import {name}"));
        } else {
            froms.entry(from.clone()).or_default().insert(name);
        }
    }
    let mut blocks = Vec::new();
    for (modules, froms) in sections.into_values() {
        let mut lines: Vec<String> = modules.into_iter().collect();
        for (from, names) in in_order(froms) {
            let (renamed, plain): (Vec<&str>, Vec<&str>) =
                names.into_iter().partition(|it| it.contains(" as "));
            if !plain.is_empty() {
                lines.push(from_import(&from, plain));
            }
            lines.extend(renamed.iter().map(|it| format!("from {from} import {it}")));
        }
        blocks.push(lines.join("\n"));
    }
    blocks.join("\n\n")
}

/// `from` imports, by their modules in order.
pub(super) fn in_order<T>(froms: BTreeMap<String, T>) -> Vec<(String, T)> {
    let mut froms: Vec<(String, T)> = froms.into_iter().collect();
    froms.sort_by_key(|it| natural(&it.0.to_lowercase()));
    froms
}

pub(super) fn from_import(from: &str, mut names: Vec<&str>) -> String {
    names.sort_by_key(|it| place_of(it));
    let short = format!("from {from} import {}", names.join(", "));
    if fits(&short) {
        return short;
    }
    let items = names.into_iter().map(Code::text).collect();
    Code::Group { open: "(".to_owned(), items, close: ")" }.spread(
        0,
        &format!("from {from} import "),
        "",
    )
}

/// Where a name stands among others of its module: constants, classes, functions, each in the order
/// of people, who know no case and read digits as numbers.
fn place_of(name: &str) -> (u8, Vec<(u64, String)>) {
    (kind_of(name), natural(&name.to_lowercase()))
}

/// Where a name stands in `__all__`, which is the same but for capitals, which come first.
pub(super) fn exported_place(name: &str) -> (u8, Vec<(u64, String)>) {
    (kind_of(name), natural(name))
}

fn kind_of(name: &str) -> u8 {
    let has = |kind: fn(char) -> bool| name.chars().any(kind);
    let constant = name.chars().count() > 1 && has(char::is_uppercase) && !has(char::is_lowercase);
    match name.chars().next() {
        _ if constant => 0,
        Some(it) if it.is_uppercase() => 1,
        _ => 2,
    }
}

/// The numbers of a name, each with what stands before it.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        let word = rest[digits..].find(|it: char| it.is_ascii_digit());
        let end = word.map_or(rest.len(), |it| digits + it);
        // What is no number comes after every number.
        let number = rest[..digits].parse().unwrap_or(u64::MAX);
        parts.push((number, rest[digits..end].to_owned()));
        rest = &rest[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::runtime::Module;
    use super::*;

    #[test]
    fn imports_are_sorted_as_the_formatter_does() {
        let mut needs = Needs::default();
        for it in [Import::Orm, Import::Uuid, Import::Any, Import::Pg, Import::Sa, Import::Dt] {
            needs.import(it);
        }
        needs.import(Import::Enum("Kind".to_owned()));
        needs.support(Module::Rows);
        assert_eq!(
            lines(&needs),
            "import datetime as dt\nfrom typing import Any\nfrom uuid import UUID\n\n\
             import sqlalchemy as sa\nfrom sqlalchemy import orm\n\
             from sqlalchemy.dialects import postgresql as pg\n\n\
             from . import support\nfrom .enums import Kind"
        );
    }

    #[test]
    fn names_are_in_the_order_of_people() {
        let mut names =
            ["get", "状态", "Item10", "item2", "ABd", "Abc", "Item2", "TABLE", "item10"];
        names.sort_by_key(|it| place_of(it));
        assert_eq!(
            names,
            ["TABLE", "Abc", "ABd", "Item2", "Item10", "get", "item2", "item10", "状态"]
        );
        let mut names = ["Abc", "ABd", "Item10", "Item2"];
        names.sort_by_key(|it| exported_place(it));
        assert_eq!(names, ["ABd", "Abc", "Item2", "Item10"]);
    }
}
