//! The names in a project that can complete an argument.

use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

use crate::config::{FILE_NAME, Outline};
use crate::connection::surroundings::Process;
use crate::model::object::Object;
use crate::operations::configuration;
use crate::report::plain::plain;
use crate::review::rules::RULES;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision_files;
use crate::workspace::read_declaration;

/// The files of a project. Each is read when something in it is asked for.
pub(super) struct Project {
    configuration: PathBuf,
    declaration: PathBuf,
}

impl Project {
    /// The files that the words of a line name, or those that are used where none are.
    pub(super) fn of(words: &[OsString]) -> Self {
        let named = |option, default: &str| {
            value(words, option).map_or_else(|| PathBuf::from(default), PathBuf::from)
        };
        Self {
            configuration: named("--config", FILE_NAME),
            declaration: named("--schema", "schema.toml"),
        }
    }

    /// What aludel.toml says; where it cannot be read, what holds without it.
    fn outline(&self) -> Outline {
        let file = configuration(&self.configuration).ok();
        file.map(|it| Outline::read(&it, &Process)).unwrap_or_default()
    }

    /// The revisions; none where a file has a mistake.
    fn graph(&self) -> Graph {
        revision_files::load(&self.outline().directories).unwrap_or_default()
    }

    /// The words, ids and labels that a target may end with. What stands before the last `:` or `@` is
    /// kept.
    pub(super) fn revisions(&self, words: &[&str], typed: &str) -> Vec<CompletionCandidate> {
        let at = typed.rfind([':', '@']).map_or(0, |it| it + 1);
        let (kept, rest) = typed.split_at(at);
        let mut found: Vec<CompletionCandidate> = words
            .iter()
            .filter(|it| it.starts_with(rest))
            .map(|it| candidate(format!("{kept}{it}"), word_help(it)))
            .collect();
        if !kept.ends_with('@') {
            found.extend(named(&self.graph(), kept, rest));
        }
        found
    }

    /// `live`, `empty`, and paths; behind a folder and `@` its revisions.
    pub(super) fn sources(&self, typed: &str) -> Vec<CompletionCandidate> {
        if let Some((folder, rest)) = typed.split_once('@') {
            let graph = revision_files::load(&[folder]).unwrap_or_default();
            return named(&graph, &format!("{folder}@"), rest);
        }
        let words = [("live", "the configured database"), ("empty", "nothing")];
        let words = words.into_iter().filter(|(it, _)| it.starts_with(typed));
        let words = words.map(|(it, help)| candidate(it, help));
        words.chain(PathCompleter::any().complete(typed.as_ref())).collect()
    }

    /// `pending`, revisions, and paths.
    pub(super) fn reviewed(&self, typed: &str) -> Vec<CompletionCandidate> {
        let mut found = self.revisions(&["pending", "head", "heads"], typed);
        found.extend(PathCompleter::any().complete(typed.as_ref()));
        found
    }

    /// The tables and columns that schema.toml declares, behind `OLD=`.
    pub(super) fn new_names(&self, typed: &str) -> Vec<CompletionCandidate> {
        let Some((old, rest)) = typed.split_once('=') else { return Vec::new() };
        let Ok(declared) = read_declaration(&self.declaration) else { return Vec::new() };
        let name = |it: &Object| match it {
            Object::Table(it) => Some((it.name.to_string(), "a table")),
            Object::Column(it) => Some((format!("{}.{}", it.table, it.name), "a column")),
            _ => None,
        };
        let names = declared.declaration.schema.iter().filter_map(|(_, it)| name(it));
        let names = names.filter(|(it, _)| it.starts_with(rest) && is_word(it));
        names.map(|(it, help)| candidate(format!("{old}={it}"), help)).collect()
    }

    /// The vector indexes that schema.toml declares, each with its table.
    pub(super) fn vector_indexes(&self, typed: &str) -> Vec<CompletionCandidate> {
        let Ok(declared) = read_declaration(&self.declaration) else { return Vec::new() };
        let name = |it: &Object| match it {
            Object::Index(it) if it.is_vector() => Some(format!("{}.{}", it.table, it.name)),
            _ => None,
        };
        let names = declared.declaration.schema.iter().filter_map(|(_, it)| name(it));
        let names = names.filter(|it| it.starts_with(typed) && is_word(it));
        names.map(CompletionCandidate::new).collect()
    }

    /// The databases of aludel.toml, and `all`.
    pub(super) fn databases(&self, typed: &str) -> Vec<CompletionCandidate> {
        let mut names = self.outline().databases;
        if !names.is_empty() {
            names.push("all".to_owned());
        }
        let names = names.into_iter().filter(|it| is_word(it));
        names.filter(|it| it.starts_with(typed)).map(CompletionCandidate::new).collect()
    }

    /// The variables that revisions name, each with its `=`.
    pub(super) fn variables(&self, typed: &str) -> Vec<CompletionCandidate> {
        let graph = self.graph();
        let variables = graph.iter().flat_map(|it| &it.header.variables);
        let mut names: Vec<String> = variables.map(|it| format!("{}=", it.name)).collect();
        names.sort();
        names.dedup();
        let names = names.into_iter().filter(|it| it.starts_with(typed) && it != typed);
        names.map(CompletionCandidate::new).collect()
    }
}

/// The codes of rules.
pub(super) fn codes(typed: &str) -> Vec<CompletionCandidate> {
    let codes = RULES.iter().filter(|it| it.code.starts_with(typed));
    codes.map(|it| candidate(it.code, it.summary)).collect()
}

/// The ids, newest first, and the labels.
fn named(graph: &Graph, kept: &str, rest: &str) -> Vec<CompletionCandidate> {
    let message = |it: &Revision| it.header.message.clone();
    let ids = graph.iter().rev().map(|it| (it.id().to_string(), message(it)));
    let labels = graph.labels().map(|label| {
        let revision = graph.labelled(label).and_then(|it| graph.get(it));
        (label.to_owned(), revision.map(message).unwrap_or_default())
    });
    let names = ids.chain(labels).filter(|(it, _)| it.starts_with(rest) && is_word(it));
    names.map(|(name, message)| candidate(format!("{kept}{name}"), &message)).collect()
}

fn word_help(word: &str) -> &'static str {
    match word {
        "head" => "the only head",
        "heads" => "every head",
        "base" => "before the first revision",
        "current" => "where the database is",
        "pending" => "what the database does not have",
        _ => "",
    }
}

/// A candidate with what is said of it, in which nothing is left that a terminal would obey.
fn candidate(value: impl Display, help: &str) -> CompletionCandidate {
    let help = plain(help).into_owned();
    let help = (!help.is_empty()).then(|| help.into());
    CompletionCandidate::new(value.to_string()).help(help)
}

/// Whether a name is a single word to every shell. Names come from files that may be anybody's, and what
/// is completed stands in a command line.
fn is_word(name: &str) -> bool {
    name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.'))
}

/// What follows an option in a line, also where a shell has divided it at the `=`.
fn value<'w>(words: &'w [OsString], option: &str) -> Option<&'w Path> {
    let at = |it: &'w OsString| {
        let (name, value) = it.to_str()?.split_once('=')?;
        (name == option).then_some(Path::new(value))
    };
    let apart = words.iter().position(|it| it == option).and_then(|at| {
        let mut rest = words[at + 1..].iter().filter(|it| *it != "=");
        rest.next().map(Path::new)
    });
    apart.or_else(|| words.iter().find_map(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_a_line_names() {
        let words = |texts: &[&str]| texts.iter().map(OsString::from).collect::<Vec<_>>();
        let found = |texts: &[&str]| Project::of(&words(texts)).configuration;
        assert_eq!(found(&["aludel", "upgrade"]), Path::new("aludel.toml"));
        assert_eq!(found(&["aludel", "--config", "a.toml", "upgrade"]), Path::new("a.toml"));
        assert_eq!(found(&["aludel", "--config=a.toml"]), Path::new("a.toml"));
        assert_eq!(found(&["aludel", "--config", "=", "a.toml"]), Path::new("a.toml"));
    }

    #[test]
    fn names_that_a_shell_would_read_otherwise_are_left_out() {
        assert!(is_word("billing.invoices") && is_word("größe"));
        for name in ["a b", "a;b", "$(a)", "a\nb", "a'", "`a`", "\u{1b}[31m"] {
            assert!(!is_word(name), "{name}");
        }
    }
}
