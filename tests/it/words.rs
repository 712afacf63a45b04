//! Phrases that texts must not contain: PostgreSQL's manual has other words for them.

use std::fs;
use std::path::Path;

/// Each phrase with its replacement, in lower case.
const PHRASES: &[(&str, &str)] = &[
    ("allow null in", "Drop NOT NULL from"),
    ("anew", "again; recreated, rewritten"),
    ("as long as it takes", "for the duration of the statement"),
    ("at work", "active, running"),
    ("come back", "restored"),
    ("comes back", "restored"),
    ("does not follow", "say what to do"),
    ("describe table", "Set comment on table"),
    ("for a moment", "briefly"),
    ("for ever", "indefinitely; disables the timeout"),
    ("forbid null in", "Set NOT NULL on"),
    ("free sequence", "Remove owner of sequence"),
    ("give way", "replaced; times out"),
    ("gives way", "replaced; times out"),
    ("goes on", "continues"),
    ("goes too far", "out of range"),
    ("half way", "partly applied"),
    ("in the way", "holds the lock; conflicting"),
    ("lead back", "restore"),
    ("leads back", "restore"),
    ("leads there", "results in"),
    ("locks nothing", "No locks on existing tables"),
    ("loses where", "Loses the current value of"),
    ("made up", "generated; invented"),
    ("made-up", "generated; invented"),
    ("nobody managed", "existing"),
    ("not gone to", "skipped"),
    ("nothing is to be done", "no statements"),
    ("nothing that goes", "no dropped object"),
    ("of spelling only", "purely textual"),
    ("otherwise than", "differs"),
    ("part again", "Merge revision"),
    ("put right", "fixed, restored"),
    ("raise sequence", "Advance sequence"),
    ("step aside", "renamed"),
    ("steps aside", "renamed"),
    ("take back", "revert"),
    ("take over", "import, copy"),
    ("takes back", "reverts"),
    ("takes no offence", "ignores"),
    ("takes over", "imports, copies"),
    ("taken back", "reverted"),
    ("taking back", "reverting"),
    ("that comes is called", "no new object is named"),
    ("the way back", "the downgrade"),
    ("there and back", "up and down"),
    ("tie sequence", "Set owner of sequence"),
    ("took back", "reverted"),
    ("took over", "imported"),
    ("where the database stands", "the current revision"),
];

/// Where users and the next engineer read: sources with their comments, templates, documents, and the
/// expected output of the program.
const READ: [&str; 14] = [
    "crates/core/src",
    "crates/core/templates",
    "crates/engine/src",
    "src",
    "templates",
    "docs",
    "migrations",
    "runtime/python/aludel_runtime",
    "runtime/rust/src",
    "tests/cmd",
    "tests/cases",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
];

#[test]
fn texts_use_the_words_of_the_manual() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for place in READ {
        look(&root.join(place), &mut found);
    }
    assert!(found.is_empty(), "{} phrases:\n{}", found.len(), found.join("\n"));
}

/// Searches a file, or the files of a directory. Snapshots are not texts.
fn look(path: &Path, found: &mut Vec<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            look(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_none_or(|it| it != "json") {
        let text = fs::read_to_string(path).unwrap();
        for (at, line) in text.lines().enumerate() {
            let line = line.to_lowercase();
            for (phrase, better) in PHRASES.iter().filter(|it| contains(&line, it.0)) {
                found.push(format!("{}:{}: `{phrase}`: {better}", path.display(), at + 1));
            }
        }
    }
}

/// Whether a line has a phrase, as words of their own.
fn contains(line: &str, phrase: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    line.match_indices(phrase).any(|(at, _)| {
        !line[..at].ends_with(is_word) && !line[at + phrase.len()..].starts_with(is_word)
    })
}
