//! Bash splits words at `=`, `:` and `@`, which occur in targets, ranges, renames and URLs, and
//! replaces only the text after the last of them. Other shells do not.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine::complete;
use clap_complete::env::EnvCompleter;

/// The script; three words in it are replaced.
const SCRIPT: &str = include_str!("../../../templates/completion.bash");

/// Names the word at the cursor, counted from zero.
const INDEX: &str = "ALUDEL_COMPLETE_INDEX";

/// Divides the candidates, as the script reads them: a vertical tab.
const SEPARATOR: &str = "\u{b}";

/// Bash, from 3.2 on.
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == self.name()
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        command: &str,
        program: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let program = format!("'{}'", program.replace('\'', r"'\''"));
        let script = SCRIPT.replace("VARIABLE", variable).replace("COMMAND", command);
        out.write_all(script.replace("PROGRAM", &program).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        mut words: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let index = std::env::var(INDEX).ok().and_then(|it| it.parse::<usize>().ok());
        words.truncate(index.unwrap_or(usize::MAX).saturating_add(1));
        let Joined { words, kept } = joined(&words);
        let at = words.len() - 1;
        let candidates = complete(command, words, at, folder)?;
        let values = candidates.iter().map(|it| it.get_value().to_string_lossy());
        let values: Vec<String> =
            values.filter_map(|it| it.strip_prefix(&kept).map(escaped)).collect();
        out.write_all(values.join(SEPARATOR).as_bytes())
    }
}

/// The words as they were typed.
struct Joined {
    words: Vec<OsString>,
    /// The beginning of the last one, which bash leaves as it is.
    kept: String,
}

/// Puts together what bash has taken apart.
fn joined(parts: &[OsString]) -> Joined {
    let mut words: Vec<String> = Vec::new();
    let (mut kept, mut after_break) = (String::new(), false);
    for part in parts.iter().map(|it| it.to_string_lossy()) {
        let is_break = !part.is_empty() && part.chars().all(|it| matches!(it, '=' | ':' | '@'));
        match words.last_mut() {
            Some(word) if is_break || after_break => {
                kept.clone_from(word);
                word.push_str(&part);
            }
            _ => {
                kept.clear();
                words.push(part.into_owned());
            }
        }
        if is_break {
            kept = words.last().cloned().unwrap_or_default();
        }
        after_break = is_break;
    }
    Joined { words: words.into_iter().map(OsString::from).collect(), kept }
}

/// A word as bash reads it back: what could mean something else stands behind a backslash.
fn escaped(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "_-./=:@+,%~".contains(it);
    let escape = |it: char| (!is_plain(it)).then_some('\\').into_iter().chain([it]);
    word.chars().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parts: &[&str], words: &[&str], kept: &str) {
        let parts: Vec<OsString> = parts.iter().map(OsString::from).collect();
        let joined = joined(&parts);
        assert_eq!(joined.words, words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(joined.kept, kept);
    }

    #[test]
    fn words_as_they_were_typed() {
        check(&["aludel", "up"], &["aludel", "up"], "");
        check(&["aludel", ""], &["aludel", ""], "");
        check(&["aludel", "--head", "="], &["aludel", "--head="], "--head=");
        check(&["aludel", "--head", "=", "3f"], &["aludel", "--head=3f"], "--head=");
        check(&["aludel", "search", "@", "he"], &["aludel", "search@he"], "search@");
        check(&["aludel", "-r", "a", ":"], &["aludel", "-r", "a:"], "a:");
        check(
            &["aludel", "--url", "postgres", ":", "//a", "@", "b", "he"],
            &["aludel", "--url", "postgres://a@b", "he"],
            "",
        );
    }

    #[test]
    fn what_bash_would_take_for_something_else() {
        assert_eq!(escaped("search@head-1"), "search@head-1");
        assert_eq!(escaped("a b$(c)"), r"a\ b\$\(c\)");
    }
}
