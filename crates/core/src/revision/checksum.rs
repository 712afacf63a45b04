//! Checksums, to detect revisions that were edited after they were applied.
//!
//! Each file has two: one of the statements, one of the text. If the first differs, the file no
//! longer has the statements that were run; if only the second differs, comments were edited. The
//! ledger stores both with the scheme that computed them (`v2:sha256:…`), so that a later scheme
//! can distinguish an older row from an edited file.

use std::fmt;

use sha2::{Digest, Sha256};

use super::Revision;
use super::chain::{Chain, SCHEME, WHOLE, is_digest};
use super::file::{Header, without_remarks_of_review};
use crate::model::fingerprint::hex;
use crate::sql_text::canonical;

/// As many digits as a message shows.
const SHOWN: usize = 12;

/// One of the two files of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The up file.
    Up,
    /// The down file.
    Down,
}

/// The checksums of a revision's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    up: FileChecksum,
    down: Option<FileChecksum>,
}

/// The two checksums of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileChecksum {
    /// Over its statements, their directives, and what the header says of how they are run.
    statements: String,
    /// Over its bytes, line ends normalized.
    text: String,
}

/// What a row of the ledger says of a revision's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// Their checksums.
    Files(Checksum),
    /// One over both files, of the older scheme.
    Whole(String),
    /// Something that this version cannot compute.
    Unknown(String),
}

/// How files stand to what was recorded of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// They are the same.
    Same,
    /// They run the same statements; their text differs.
    Text(Vec<TextChange>),
    /// They run other statements.
    Statements {
        /// The files in question: both, where the older scheme does not tell which.
        sides: Vec<Side>,
        /// The beginning of the recorded checksum.
        recorded: String,
        /// The beginning of that of the files.
        found: String,
    },
    /// Nobody knows.
    Unknown,
}

/// A difference between files that changes nothing of what was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextChange {
    /// Comments, white space or words of the header.
    Remarks(Side),
    /// A down file where there was none.
    NewDown,
}

impl Checksum {
    /// The checksums of a revision. A missing down file is not an empty one.
    #[must_use]
    pub fn of(revision: &Revision) -> Self {
        let Revision { header, up, down } = revision;
        let up_text = without_remarks_of_review(&up.text);
        Self {
            up: FileChecksum::of(header, &up_text),
            down: down.as_ref().map(|it| FileChecksum::of(header, &it.text)),
        }
    }

    /// The chain of a revision with this checksum on these parents.
    #[must_use]
    pub fn chain(&self, parents: &[&Chain]) -> Chain {
        Chain::of(&self.up.statements, parents)
    }

    /// Over the statements of both files, whatever stands around them.
    #[must_use]
    pub fn statements(&self) -> String {
        let down = self.down.as_ref().map_or("", |it| it.statements.as_str());
        format!("{} {down}", self.up.statements)
    }

    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.strip_prefix(SCHEME)?.split(':').collect();
        let file = |statements: &str, text: &str| {
            let valid = is_digest(statements) && is_digest(text);
            valid.then(|| FileChecksum { statements: statements.into(), text: text.into() })
        };
        match parts.as_slice() {
            [up, up_text] => Some(Self { up: file(up, up_text)?, down: None }),
            [up, up_text, down, down_text] => {
                Some(Self { up: file(up, up_text)?, down: Some(file(down, down_text)?) })
            }
            _ => None,
        }
    }

    /// How files with these checksums stand to ones that were recorded.
    fn agreement(&self, recorded: &Self) -> Agreement {
        let mut sides = Vec::new();
        let mut text = Vec::new();
        let mut compare = |side, found: &FileChecksum, recorded: &FileChecksum| {
            if found.statements != recorded.statements {
                sides.push(side);
            } else if found.text != recorded.text {
                text.push(TextChange::Remarks(side));
            }
        };
        compare(Side::Up, &self.up, &recorded.up);
        match (&self.down, &recorded.down) {
            (Some(found), Some(recorded)) => compare(Side::Down, found, recorded),
            (Some(_), None) => text.push(TextChange::NewDown),
            (None, Some(_)) => sides.push(Side::Down),
            (None, None) => {}
        }
        match (sides.as_slice(), text.is_empty()) {
            ([], true) => Agreement::Same,
            ([], false) => Agreement::Text(text),
            ([Side::Down], _) => {
                let shown = |it: &Option<FileChecksum>| {
                    it.as_ref().map_or_else(|| "none".to_owned(), |it| shown(&it.statements))
                };
                Agreement::Statements {
                    recorded: shown(&recorded.down),
                    found: shown(&self.down),
                    sides,
                }
            }
            _ => Agreement::Statements {
                sides,
                recorded: shown(&recorded.up.statements),
                found: shown(&self.up.statements),
            },
        }
    }
}

impl FileChecksum {
    /// Those of a file of a revision with this header. A file that cannot be split runs nothing, and
    /// all of its text counts.
    fn of(header: &Header, text: &str) -> Self {
        let text = normalized(text);
        let run = canonical(&text).unwrap_or_else(|_| text.clone());
        let mut hash = Sha256::new();
        hash.update(header.how_it_runs().as_bytes());
        hash.update([0]);
        hash.update(run.as_bytes());
        Self { statements: hex(&hash.finalize()), text: hex(&Sha256::digest(text.as_bytes())) }
    }
}

impl Recorded {
    /// Reads what the ledger stored.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match Checksum::parse(text) {
            Some(checksum) => Self::Files(checksum),
            None if text.strip_prefix(WHOLE).is_some_and(is_digest) => Self::Whole(text.to_owned()),
            None => Self::Unknown(text.to_owned()),
        }
    }

    /// How the files of a revision, which have this checksum, stand to it.
    #[must_use]
    pub fn agreement(&self, revision: &Revision, found: &Checksum) -> Agreement {
        match self {
            Self::Files(recorded) => found.agreement(recorded),
            Self::Whole(recorded) => agreement_of_whole(revision, recorded),
            Self::Unknown(_) => Agreement::Unknown,
        }
    }

    /// Whether this version writes others.
    #[must_use]
    pub fn is_older(&self) -> bool {
        matches!(self, Self::Whole(_))
    }
}

/// What the older scheme can tell: whether every byte is the same, but for a down file that is new.
fn agreement_of_whole(revision: &Revision, recorded: &str) -> Agreement {
    let Revision { up, down, .. } = revision;
    let down = down.as_ref().map(|it| it.text.as_str());
    // What review writes into a header came later than that scheme.
    let reviewed = without_remarks_of_review(&up.text);
    let is_it = |up: &str, down: Option<&str>| whole(up, down) == recorded;
    if is_it(&up.text, down) || is_it(&reviewed, down) {
        return Agreement::Same;
    }
    if down.is_some() && (is_it(&up.text, None) || is_it(&reviewed, None)) {
        return Agreement::Text(vec![TextChange::NewDown]);
    }
    let sides = if down.is_some() { vec![Side::Up, Side::Down] } else { vec![Side::Up] };
    let found = whole(&up.text, down);
    let shown = |it: &str| shown(it.strip_prefix(WHOLE).unwrap_or(it));
    Agreement::Statements { sides, recorded: shown(recorded), found: shown(&found) }
}

/// The checksum of the older scheme.
fn whole(up: &str, down: Option<&str>) -> String {
    let mut hash = Sha256::new();
    hash.update(normalized(up).as_bytes());
    if let Some(down) = down {
        // No text file holds a zero byte, so the two files cannot be cut elsewhere.
        hash.update([0]);
        hash.update(normalized(down).as_bytes());
    }
    format!("{WHOLE}{}", hex(&hash.finalize()))
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}:{}", self.up.statements, self.up.text)?;
        match &self.down {
            Some(down) => write!(f, ":{}:{}", down.statements, down.text),
            None => Ok(()),
        }
    }
}

/// As the ledger stores it.
impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files(it) => it.fmt(f),
            Self::Whole(it) | Self::Unknown(it) => f.write_str(it),
        }
    }
}

fn shown(digest: &str) -> String {
    digest.chars().take(SHOWN).collect()
}

/// Line ends as on Unix and no byte order mark, as editors and git may leave them.
fn normalized(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::SqlFile;
    use super::*;

    fn revision(up: &str, down: Option<&str>) -> Revision {
        let file =
            |name: &str, text: &str| SqlFile { path: PathBuf::from(name), text: text.into() };
        let up = format!("-- Revision: a\n{up}");
        Revision {
            header: Header::parse(&PathBuf::from("a.up.sql"), &without_remarks_of_review(&up))
                .unwrap(),
            up: file("a.up.sql", &up),
            down: down.map(|it| file("a.down.sql", it)),
        }
    }

    fn agreement(recorded: &Recorded, now: &Revision) -> Agreement {
        recorded.agreement(now, &Checksum::of(now))
    }

    /// What is said of files that were recorded, and are now others.
    #[track_caller]
    fn check(
        recorded: (&str, Option<&str>),
        found: (&str, Option<&str>),
        expected: impl Fn(&Agreement) -> bool,
    ) {
        let (before, now) = (revision(recorded.0, recorded.1), revision(found.0, found.1));
        let stored = Checksum::of(&before).to_string();
        let agreement = agreement(&Recorded::parse(&stored), &now);
        assert!(expected(&agreement), "{agreement:?}");
    }

    fn text(changes: &[TextChange]) -> impl Fn(&Agreement) -> bool {
        move |it| *it == Agreement::Text(changes.to_vec())
    }

    fn statements(expected: &[Side]) -> impl Fn(&Agreement) -> bool {
        move |it| matches!(it, Agreement::Statements { sides, .. } if sides == expected)
    }

    fn same(it: &Agreement) -> bool {
        *it == Agreement::Same
    }

    #[test]
    fn line_ends_do_not_count() {
        check(("a;\r\nb", Some("c\r\n")), ("a;\nb", Some("c\n")), same);
        let (mut marked, plain) = (revision("a", None), revision("a", None));
        marked.up.text.insert(0, '\u{feff}');
        assert_eq!(Checksum::of(&marked), Checksum::of(&plain));
    }

    #[test]
    fn remarks_are_no_statements() {
        let up = text(&[TextChange::Remarks(Side::Up)]);
        check(("a", None), ("-- Message: x\na", None), &up);
        check(("a", None), ("-- why\na ;", None), &up);
        check(("a", Some("b")), ("a", Some("b\n")), text(&[TextChange::Remarks(Side::Down)]));
        check(("a", None), ("a", Some("b")), text(&[TextChange::NewDown]));
        check(("a", None), ("a", None), same);
        check(("a", None), ("-- Allows: data-loss (table t)\n-- Proof: x\na", None), same);
    }

    #[test]
    fn statements_count() {
        check(("a", Some("b")), ("a2", Some("b")), statements(&[Side::Up]));
        check(("a", Some("b")), ("a", Some("b2")), statements(&[Side::Down]));
        check(("a", Some("b")), ("a", None), statements(&[Side::Down]));
        check(("a", Some("b")), ("b", Some("a")), statements(&[Side::Up, Side::Down]));
        check(
            ("-- Variables: x\na", None),
            ("-- Variables: x=1\na", None),
            statements(&[Side::Up]),
        );
        check(("a", None), ("-- Transaction: none\na", None), statements(&[Side::Up]));
        check(("'a", None), ("'a ", None), statements(&[Side::Up]));
    }

    /// Rows that an older aludel wrote.
    #[test]
    fn the_older_scheme_is_read() {
        let empty = "v1:sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(whole("", None), empty);
        let before = revision("a", None);
        let recorded = Recorded::parse(&whole(&before.up.text, None));
        assert!(recorded.is_older());
        assert_eq!(agreement(&recorded, &before), Agreement::Same);
        let with_down = revision("a", Some("b"));
        assert!(text(&[TextChange::NewDown])(&agreement(&recorded, &with_down)));
        let reviewed = revision("-- Proof: x\na", None);
        assert_eq!(agreement(&recorded, &reviewed), Agreement::Same);
        assert!(statements(&[Side::Up])(&agreement(&recorded, &revision("a ", None))));
        let both = Recorded::parse(&whole("x", Some("b")));
        assert!(statements(&[Side::Up, Side::Down])(&agreement(&both, &with_down)));
    }

    #[test]
    fn unknown_schemes_are_not_judged() {
        for it in ["v3:blake3:00", "v1:sha256:00", "v2:sha256:00", ""] {
            assert_eq!(agreement(&Recorded::parse(it), &revision("a", None)), Agreement::Unknown);
        }
    }

    /// A change of these values makes every ledger one of an unknown scheme: it needs a new one.
    #[test]
    fn scheme_is_stable() {
        let it = revision(
            "-- Variables: x=1, y\n-- Transaction: none\nselect 1, a<=b; -- c\n",
            Some(""),
        );
        assert_eq!(
            Checksum::of(&it).to_string(),
            "v2:sha256:\
             20d5af9549a4620e064294039547151493fb93837ca7b49dc29586d3bb7ebe28:\
             ddbb5ca060cd127b43325c2a0440b394ad30d6931123a0180c06f88e880ceb85:\
             2f32c0c4310d6bfd0ca09d186967b5a8525d932e12ab5a04939fd6a930de64ac:\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        );
        assert_eq!(
            Checksum::of(&it).chain(&[]).to_string(),
            "v2:sha256:f771e467bce5414f30fe7702418bff090d129c6218d189639b0b7836f9e39e03"
        );
    }

    #[test]
    fn chains_hold_what_was_run() {
        let (a, b) = (Checksum::of(&revision("a", None)), Checksum::of(&revision("b", None)));
        let (on_a, on_b) = (a.chain(&[]), b.chain(&[]));
        assert_ne!(b.chain(&[&on_a]), on_b);
        assert_eq!(a.chain(&[&on_a, &on_b]), a.chain(&[&on_b, &on_a]));
        let reversible = Checksum::of(&revision("-- why\na", Some("x")));
        assert_eq!(reversible.chain(&[]), on_a);
        let older = Chain::parse(&whole("a", None)).unwrap();
        let both = Chain::recorded(on_a.with_older(&older).to_string());
        assert!(both.includes(&on_a) && both.includes(&older) && !both.includes(&on_b));
    }
}
