//! Sessions with the program, as written in README.md, docs/tutorial.md and tests/cmd/*.md.
//!
//! The `console` blocks of a file are carried out in order, each file in a folder of its own. A line
//! that begins with `$ ` is put to the shell, `>` continues it; what follows is what must be said,
//! both streams as they come, and an exit status other than 0 as a last line `? 3`. Times, dates and
//! durations count as equal. Where an answer differs in more than that, `[..]` stands for any text
//! within a line and `...` for any lines.
//!
//! With `ALUDEL_BLESS=1` in the environment, answers that differ are written into the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Variables that would lead a command to another database or make it speak differently.
const CLEARED: [&str; 7] =
    ["ALUDEL_URL", "DATABASE_URL", "PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE"];

/// A command and what was said to it.
struct Exchange {
    command: String,
    answer: Vec<String>,
}

/// A file, taken apart: text as it stands, and exchanges.
enum Part {
    Text(String),
    Exchange(Exchange),
}

#[test]
fn help() {
    check("tests/cmd/help.md");
}

#[test]
fn review() {
    check("tests/cmd/review.md");
}

#[test]
fn schema_json() {
    check("tests/cmd/schema_json.md");
}

#[cfg(feature = "embedded")]
mod on_the_embedded_engine {
    use super::check;

    #[test]
    fn readme() {
        check("README.md");
    }

    #[test]
    fn tutorial() {
        check("docs/tutorial.md");
    }

    #[test]
    fn a_new_project() {
        check("tests/cmd/a_new_project.md");
    }

    #[test]
    fn up_and_down() {
        check("tests/cmd/up_and_down.md");
    }

    #[test]
    fn branches() {
        check("tests/cmd/branches.md");
    }

    #[test]
    fn what_is_refused() {
        check("tests/cmd/what_is_refused.md");
    }
}

#[test]
fn every_file_is_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let call = format!("check(\"tests/cmd/{name}\")");
        assert!(include_str!("transcript.rs").contains(&call), "no test has {call}");
    }
}

/// Has the conversations of a file again, in a copy of the worked example.
#[track_caller]
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let expected = fs::read_to_string(&path).unwrap();
    let folder = example();
    let mut actual = String::new();
    for part in parts(&expected) {
        match part {
            Part::Text(line) => actual.push_str(&line),
            Part::Exchange(exchange) => {
                let mut said = said(&exchange.command, folder.path());
                let same = matches(&lines(&exchange.answer), &lines(&said));
                let blank = exchange.answer.iter().rev().take_while(|it| it.trim().is_empty());
                said.extend(blank.cloned());
                let answer = if same { exchange.answer } else { said };
                actual.push_str(&exchange.command);
                actual.extend(answer);
            }
        }
    }
    if expected == actual {
        return;
    }
    if std::env::var_os("ALUDEL_BLESS").is_some() {
        fs::write(&path, actual).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(expected.as_str(), actual.as_str());
    panic!("{name}\n{}", diff.unified_diff().header("expected", "actual"));
}

/// A folder with schema.toml and migrations as they stand at the top of the project.
fn example() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("schema.toml"), folder.path().join("schema.toml")).unwrap();
    let migrations = folder.path().join("migrations");
    fs::create_dir(&migrations).unwrap();
    for entry in fs::read_dir(root.join("migrations")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), migrations.join(entry.file_name())).unwrap();
    }
    folder
}

/// Takes a file apart; put together again the parts are the file.
fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let fence = line.starts_with("```");
        if fence {
            inside = line.trim_end() == "```console";
        }
        match parts.last_mut() {
            _ if inside && line.starts_with("$ ") => {
                let command = line.to_owned();
                parts.push(Part::Exchange(Exchange { command, answer: Vec::new() }));
            }
            Some(Part::Exchange(it)) if inside && !fence => {
                if it.answer.is_empty() && line.starts_with('>') {
                    it.command.push_str(line);
                } else {
                    it.answer.push(line.to_owned());
                }
            }
            _ => parts.push(Part::Text(line.to_owned())),
        }
    }
    parts
}

/// Puts a command to the shell; the answer is what it prints and how it ends.
fn said(command: &str, folder: &Path) -> Vec<String> {
    let script: String = command
        .split_inclusive('\n')
        .map(|it| it[1..].strip_prefix(' ').unwrap_or(&it[1..]))
        .collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{script}")]).current_dir(folder).env("PATH", path());
    shell.env("NO_COLOR", "1").env("COLUMNS", "100");
    for name in CLEARED {
        shell.env_remove(name);
    }
    let output = shell.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // On a busy machine anything may take longer than a second, and says so.
    let lines = text.lines().filter(|it| !it.starts_with("note: still "));
    let mut answer: Vec<String> = lines.map(|it| format!("{}\n", it.trim_end())).collect();
    match output.status.code() {
        Some(0) => {}
        Some(code) => answer.push(format!("? {code}\n")),
        None => answer.push(format!("? {}\n", output.status)),
    }
    answer
}

/// The search path of the shell, with the folder of the program in front.
fn path() -> std::ffi::OsString {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_aludel"));
    let mut folders = vec![program.parent().unwrap().to_owned()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).unwrap()
}

/// The lines that count: an answer may be followed by an empty line before the next command.
fn lines(answer: &[String]) -> Vec<&str> {
    let mut lines: Vec<&str> = answer.iter().map(|it| it.trim_end()).collect();
    while lines.last() == Some(&"") {
        lines.pop();
    }
    lines
}

fn matches(expected: &[&str], actual: &[&str]) -> bool {
    match expected {
        [] => actual.is_empty(),
        ["...", rest @ ..] => (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..])),
        [line, rest @ ..] => match actual {
            [first, others @ ..] => line_matches(line, first) && matches(rest, others),
            [] => false,
        },
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    text_matches(&timeless(expected), &timeless(actual))
}

/// A line with its times, the times in file names and its durations blanked out.
fn timeless(line: &str) -> String {
    // `0` stands for any digit.
    const SHAPES: [&str; 2] = ["0000-00-00T00:00:00Z", "/00000000_000000_"];
    let mut text = line.to_owned();
    for shape in SHAPES {
        let is_shaped = |it: &str| {
            let digits = it.chars().map(|it| if it.is_ascii_digit() { '0' } else { it });
            digits.eq(shape.chars())
        };
        for start in 0..text.len() {
            let range = start..start + shape.len();
            if text.get(range.clone()).is_some_and(is_shaped) {
                text.replace_range(range, shape);
            }
        }
    }
    match text.strip_suffix(" ms)").and_then(|it| it.rsplit_once('(')) {
        Some((before, number)) if number.bytes().all(|it| it.is_ascii_digit()) => {
            format!("{before}(0 ms)")
        }
        _ => text,
    }
}

fn text_matches(expected: &str, actual: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected == actual,
        Some((before, after)) => actual.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(it, _)| it).chain([rest.len()]);
            ends.into_iter().any(|end| text_matches(after, &rest[end..]))
        }),
    }
}

#[test]
fn wildcards_stand_for_what_differs_and_nothing_else() {
    let same = |expected: &str, actual: &str| {
        matches(&expected.lines().collect::<Vec<_>>(), &actual.lines().collect::<Vec<_>>())
    };
    assert!(same("took [..] ms", "took 12 ms"));
    assert!(same("applied x (1 ms)", "applied x (234 ms)"));
    assert!(same("at 2026-11-22T22:06:35Z", "at 2027-01-02T03:04:05Z"));
    assert!(same("m/20261122_081530_ab.sql", "m/20270102_235959_ab.sql"));
    assert!(!same("m/20261122_ab.sql", "m/20270102_ab.sql"));
    assert!(!same("m = 16", "m = 24"));
    assert!(same("[..] at [..]", "wrote it at noon"));
    assert!(same("a\n...\nd", "a\nb\nc\nd"));
    assert!(same("a\n...", "a"));
    assert!(!same("took [..] ms", "took 12 s"));
    assert!(!same("a\n...\nd", "a\nb\nc"));
    assert!(!same("a", "a\nb"));
    assert!(!same("a\nb", "a"));
}
