//! The header of an up file, and file names.

use std::path::{Path, PathBuf};

use askama::Template;
use thiserror::Error;

use super::chain::Chain;
use super::id::{IdError, RevisionId};
use super::timestamp::Timestamp;
use super::variables::Variable;
use crate::model::fingerprint::Fingerprint;
use crate::revision::loss::{Loss, parse_allowed, shown_allowed};
use crate::revision::proof::Proof;
use crate::sql_text::lines;

/// The end of an up file's name.
pub const UP_SUFFIX: &str = ".up.sql";
/// The end of a down file's name.
pub const DOWN_SUFFIX: &str = ".down.sql";

/// Longest slug in a file name.
const MAX_SLUG: usize = 40;

/// The metadata of a revision. `Display` writes it as it stands at the top of the up file.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "revision.header.sql", escape = "none")]
pub struct Header {
    /// Its id.
    pub id: RevisionId,
    /// What it builds on: none for a base, several for a merge.
    pub parents: Vec<RevisionId>,
    /// One line for people.
    pub message: String,
    /// When it was written.
    pub created: Option<Timestamp>,
    /// Names of its branch.
    pub labels: Vec<String>,
    /// Revisions of other branches that must be applied before.
    pub depends: Vec<RevisionId>,
    /// Which part of a change it is, where that is cut in two.
    pub phase: Option<Phase>,
    /// Where its SQL comes from, if not from here.
    pub origin: Option<ImportOrigin>,
    /// The variables of its SQL.
    pub variables: Vec<Variable>,
    /// How its statements stand to transactions.
    pub transaction: TransactionMode,
    /// The chain of the revisions that it stands for, when it was made from them by `squash`.
    pub replaces: Option<Chain>,
    /// The schema that it leaves behind, when generated.
    pub fingerprint: Option<Fingerprint>,
    /// The data that it may lose.
    pub allows: Vec<Loss>,
    /// That it was applied and reverted, where that was found out.
    pub proof: Option<Proof>,
}

/// How the statements of a revision stand to transactions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TransactionMode {
    /// In one, as far as PostgreSQL takes them there.
    #[default]
    Usual,
    /// Each by itself, procedures and DO blocks outside of one: they may commit.
    None,
}

impl TransactionMode {
    /// As the header has it, where that says anything else than the usual.
    const NONE: &str = "none";

    /// The word of the header, where there is one.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::None => Some(Self::NONE),
        }
    }
}

/// The part of a change that a revision is, where the change is cut at the release of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// What breaks the release that runs before: it is applied when nothing of that runs any more.
    Contract,
}

impl Phase {
    /// All of them, by the words of the header.
    const WORDS: [(&'static str, Self); 1] = [("contract", Self::Contract)];

    /// As the header has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Contract => "contract",
        }
    }
}

/// A tool that a revision was imported from. Its downgrade is as that tool wrote it, and is not held to
/// what is asked of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOrigin {
    /// Alembic, whose downgrades drop no types.
    Alembic,
}

impl ImportOrigin {
    /// All of them, by the words of the header.
    const WORDS: [(&'static str, Self); 1] = [("Alembic", Self::Alembic)];

    /// As the header has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Alembic => "Alembic",
        }
    }
}

/// A mistake in a header, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}:{line}: {kind}", path.display())]
pub struct HeaderError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong.
    pub kind: HeaderErrorKind,
}

/// What is wrong in a header.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderErrorKind {
    /// No line `-- Revision: …`.
    #[error("the header has no line `-- Revision: ID`")]
    NoRevision,
    /// A key that means nothing.
    #[error("unknown header key `{key}`, expected one of {}", KEYS.join(", "))]
    UnknownKey {
        /// The key as written.
        key: String,
    },
    /// A key that stands twice.
    #[error("`{key}` is given twice")]
    Repeated {
        /// The key.
        key: &'static str,
    },
    /// Not an id.
    #[error(transparent)]
    Id(#[from] IdError),
    /// Not a label.
    #[error("`{value}` cannot be a branch label: {reason}")]
    Label {
        /// The value as written.
        value: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not a variable.
    #[error("`{value}` is not a variable, as in `owner` or `owner=app`")]
    Variable {
        /// The value as written.
        value: String,
    },
    /// Not a point in time.
    #[error("`{value}` is not a time such as 2026-11-22T08:00:00Z")]
    Created {
        /// The value as written.
        value: String,
    },
    /// Not a phase.
    #[error("`{value}` is not a phase: the only one is `contract`")]
    Phase {
        /// The value as written.
        value: String,
    },
    /// Not an origin.
    #[error("`{value}` is not an origin: the only one is `Alembic`")]
    Origin {
        /// The value as written.
        value: String,
    },
    /// Not a transaction mode.
    #[error("`{value}` is not a transaction mode: the only one is `none`")]
    Transaction {
        /// The value as written.
        value: String,
    },
    /// Not a chain.
    #[error("`{value}` is not a chain such as v1:sha256:… with 64 hexadecimal digits")]
    Replaces {
        /// The value as written.
        value: String,
    },
    /// Not a consent.
    #[error(
        "`{value}` does not have the form data-loss (OBJECT, …), as in data-loss (column docs.note)"
    )]
    Allows {
        /// The value as written.
        value: String,
    },
    /// Not a fingerprint.
    #[error("`{value}` is not a fingerprint such as sha256:… with 64 hexadecimal digits")]
    Schema {
        /// The value as written.
        value: String,
    },
}

/// The keys of a header, in the order in which they are written.
const KEYS: [&str; 14] = [
    "Revision",
    "Revises",
    "Message",
    "Created",
    "Labels",
    "Depends",
    "Phase",
    "Origin",
    "Variables",
    "Transaction",
    "Replaces",
    "Schema",
    "Allows",
    "Proof",
];

impl Header {
    /// Reads the header of an up file: the comment lines at its top, up to the first line that is
    /// none. Lines that are not of the form `-- Key: value` are remarks.
    ///
    /// # Errors
    /// All mistakes at once.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Vec<HeaderError>> {
        let mut reader = Reader { path, fields: [None; KEYS.len()], errors: Vec::new() };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = lines(text).enumerate().skip_while(|(_, it)| it.trim().is_empty());
        for (index, line) in lines.take_while(|(_, it)| it.starts_with("--")) {
            reader.line(index + 1, line);
        }
        reader.finish()
    }

    /// What it says of how the statements are run, as a part of their checksum.
    pub(super) fn how_it_runs(&self) -> String {
        let mut text = shown_variables(&self.variables);
        if self.transaction == TransactionMode::None {
            text.push_str("\ntransaction none");
        }
        text
    }
}

/// Keys that review writes and reads; what they hold is no part of what a revision is.
const KEYS_OF_REVIEW: [&str; 2] = ["Allows", "Proof"];

/// The text of an up file without the lines of its header that review writes.
pub(super) fn without_remarks_of_review(text: &str) -> String {
    let (header, rest) = text.split_at(end_of_header(text));
    let is_of_review = |line: &&str| {
        let key = key_and_value(line.trim_end()).map(|it| it.0);
        key.is_some_and(|it| KEYS_OF_REVIEW.contains(&it))
    };
    let kept: String = lines(header).filter(|it| !is_of_review(it)).collect();
    kept + rest
}

/// Where the comment lines at the top of an up file end.
fn end_of_header(text: &str) -> usize {
    let begun = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - begun.len();
    let blank = |it: &&str| it.trim().is_empty();
    let before: usize = lines(begun).take_while(blank).map(str::len).sum();
    let header = lines(&begun[before..]).take_while(|it| it.starts_with("--"));
    mark + before + header.map(str::len).sum::<usize>()
}

/// Collects the fields of a header.
struct Reader<'a> {
    path: &'a Path,
    /// Line and value, in the order of `KEYS`.
    fields: [Option<(usize, &'a str)>; KEYS.len()],
    errors: Vec<HeaderError>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: usize, text: &'a str) {
        let Some((key, value)) = key_and_value(text) else { return };
        let Some(at) = KEYS.iter().position(|it| *it == key) else {
            return self.error(line, HeaderErrorKind::UnknownKey { key: key.to_owned() });
        };
        if self.fields[at].is_some() {
            return self.error(line, HeaderErrorKind::Repeated { key: KEYS[at] });
        }
        self.fields[at] = Some((line, value));
    }

    fn finish(mut self) -> Result<Header, Vec<HeaderError>> {
        let [
            id,
            parents,
            message,
            created,
            labels,
            depends,
            phase,
            origin,
            variables,
            transaction,
            replaces,
            schema,
            allows,
            proof,
        ] = self.fields;
        if id.is_none() {
            self.error(1, HeaderErrorKind::NoRevision);
        }
        let id = id.and_then(|it| self.id(it));
        let header = Header {
            id: id.unwrap_or_else(|| RevisionId::from_random([0; 6])),
            parents: self.ids(parents),
            message: message.map_or_else(String::new, |(_, it)| it.to_owned()),
            created: created.and_then(|it| self.created(it)),
            labels: self.labels(labels),
            depends: self.ids(depends),
            phase: phase.and_then(|it| self.phase(it)),
            origin: origin.and_then(|it| self.origin(it)),
            variables: self.variables(variables),
            transaction: transaction
                .map_or_else(TransactionMode::default, |it| self.transaction(it)),
            replaces: replaces.and_then(|it| self.chain(it)),
            fingerprint: schema.and_then(|it| self.fingerprint(it)),
            allows: self.allows(allows),
            // One that cannot be read proves nothing, and is in nobody's way.
            proof: proof.and_then(|(_, it)| Proof::parse(it)),
        };
        self.errors.sort_by_key(|it| it.line);
        if self.errors.is_empty() { Ok(header) } else { Err(self.errors) }
    }

    fn ids(&mut self, field: Option<(usize, &str)>) -> Vec<RevisionId> {
        let Some((line, value)) = field else { return Vec::new() };
        list(value).filter_map(|it| self.id((line, it))).collect()
    }

    fn labels(&mut self, field: Option<(usize, &str)>) -> Vec<String> {
        let Some((line, value)) = field else { return Vec::new() };
        let checked = |it: &str| match check_label(it) {
            Ok(()) => Some(it.to_owned()),
            Err(kind) => {
                self.error(line, kind);
                None
            }
        };
        list(value).filter_map(checked).collect()
    }

    fn variables(&mut self, field: Option<(usize, &str)>) -> Vec<Variable> {
        let Some((line, value)) = field else { return Vec::new() };
        let checked = |it: &str| {
            let variable = Variable::parse(it);
            if variable.is_none() {
                self.error(line, HeaderErrorKind::Variable { value: it.to_owned() });
            }
            variable
        };
        list(value).filter_map(checked).collect()
    }

    fn id(&mut self, (line, value): (usize, &str)) -> Option<RevisionId> {
        RevisionId::parse(value).map_err(|it| self.error(line, it.into())).ok()
    }

    fn created(&mut self, (line, value): (usize, &str)) -> Option<Timestamp> {
        let created = Timestamp::parse(value);
        if created.is_none() {
            self.error(line, HeaderErrorKind::Created { value: value.to_owned() });
        }
        created
    }

    fn phase(&mut self, (line, value): (usize, &str)) -> Option<Phase> {
        let known = Phase::WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
        if known.is_none() {
            self.error(line, HeaderErrorKind::Phase { value: value.to_owned() });
        }
        known.map(|(_, it)| *it)
    }

    fn origin(&mut self, (line, value): (usize, &str)) -> Option<ImportOrigin> {
        let known = ImportOrigin::WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
        if known.is_none() {
            self.error(line, HeaderErrorKind::Origin { value: value.to_owned() });
        }
        known.map(|(_, it)| *it)
    }

    fn transaction(&mut self, (line, value): (usize, &str)) -> TransactionMode {
        if !value.eq_ignore_ascii_case(TransactionMode::NONE) {
            self.error(line, HeaderErrorKind::Transaction { value: value.to_owned() });
        }
        TransactionMode::None
    }

    fn chain(&mut self, (line, value): (usize, &str)) -> Option<Chain> {
        let chain = Chain::parse(value);
        if chain.is_none() {
            self.error(line, HeaderErrorKind::Replaces { value: value.to_owned() });
        }
        chain
    }

    fn allows(&mut self, field: Option<(usize, &str)>) -> Vec<Loss> {
        let Some((line, value)) = field else { return Vec::new() };
        let allowed = parse_allowed(value);
        if allowed.is_none() {
            self.error(line, HeaderErrorKind::Allows { value: value.to_owned() });
        }
        allowed.unwrap_or_default()
    }

    fn fingerprint(&mut self, (line, value): (usize, &str)) -> Option<Fingerprint> {
        let fingerprint = Fingerprint::parse(value);
        if fingerprint.is_none() {
            self.error(line, HeaderErrorKind::Schema { value: value.to_owned() });
        }
        fingerprint
    }

    fn error(&mut self, line: usize, kind: HeaderErrorKind) {
        self.errors.push(HeaderError { path: self.path.to_owned(), line, kind });
    }
}

/// Whether a text can be the label of a branch.
///
/// # Errors
/// When a target could not hold it, or it means something else there.
pub fn check_label(text: &str) -> Result<(), HeaderErrorKind> {
    let reason = match RevisionId::parse(text) {
        Ok(_) => return Ok(()),
        Err(IdError::Empty) => "it is empty",
        Err(IdError::Character { .. }) => "it may only contain A-Z a-z 0-9 _ -",
        Err(IdError::Reserved { .. }) => "it is a reserved name",
    };
    Err(HeaderErrorKind::Label { value: text.to_owned(), reason })
}

/// Takes `-- Key: value` apart. A key is one capitalized word, so that a sentence with a colon
/// stays a remark.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix("--")?.split_once(':')?;
    let key = key.trim();
    let is_key = key.starts_with(|it: char| it.is_ascii_uppercase())
        && key.bytes().all(|it| it.is_ascii_alphabetic() || it == b'-');
    is_key.then(|| (key, value.trim()))
}

/// The key of a line that would be a field, stood it in a header.
#[must_use]
pub fn header_key(line: &str) -> Option<&str> {
    key_and_value(line).map(|it| it.0)
}

/// The entries of a list by commas.
fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// The text of an up file with another header. Remarks in the old one are kept below it.
#[must_use]
pub fn with_header(text: &str, header: &Header) -> String {
    let (old, rest) = text.split_at(end_of_header(text));
    let old = old.strip_prefix('\u{feff}').unwrap_or(old);
    let is_remark = |it: &&str| !it.trim().is_empty() && key_and_value(it.trim_end()).is_none();
    let remarks: String = lines(old).filter(is_remark).collect();
    format!("{header}{remarks}{rest}")
}

/// The text of an up file with another proof, below what its header has; everything else stays where it is.
#[must_use]
pub fn with_proof(text: &str, proof: Option<&Proof>) -> String {
    with_field(text, "Proof", proof.map(ToString::to_string).as_deref())
}

/// The text of an up file that allows other losses, below what its header has.
#[must_use]
pub fn with_allowed(text: &str, losses: &[Loss]) -> String {
    let allowed = (!losses.is_empty()).then(|| shown_allowed(losses));
    with_field(text, "Allows", allowed.as_deref())
}

fn with_field(text: &str, key: &str, value: Option<&str>) -> String {
    let (header, rest) = text.split_at(end_of_header(text));
    let is_it = |it: &&str| header_key(it.trim_end()) == Some(key);
    let is_field = |it: &String| header_key(it.trim_end()).is_some_and(|it| KEYS.contains(&it));
    let mut kept: Vec<String> = lines(header).filter(|it| !is_it(it)).map(str::to_owned).collect();
    let last = kept.iter().rposition(is_field);
    if let (Some(value), Some(last)) = (value, last) {
        let end = if kept[last].ends_with("\r\n") { "\r\n" } else { "\n" };
        if !kept[last].ends_with('\n') {
            kept[last].push_str(end);
        }
        kept.insert(last + 1, format!("-- {key}: {value}{end}"));
    }
    kept.concat() + rest
}

fn shown_variables(variables: &[Variable]) -> String {
    let shown = |it: &Variable| match &it.default {
        Some(default) => format!("{}={default}", it.name),
        None => it.name.clone(),
    };
    variables.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a revision's files without their suffixes, from a template with `{date}`, `{time}`,
/// `{id}` and `{slug}`.
#[must_use]
pub fn file_stem(template: &str, header: &Header) -> String {
    let date = header.created.map_or_else(|| "00000000".to_owned(), |it| it.date());
    let time = header.created.map_or_else(|| "000000".to_owned(), |it| it.time());
    let stem = template
        .replace("{time}", &time)
        .replace("{date}", &date)
        .replace("{id}", header.id.as_str())
        .replace("{slug}", &slug(&header.message));
    stem.trim_end_matches(['_', '-', '.']).to_owned()
}

/// A message as a part of a file name: lower-case letters and digits, words joined by `_`.
#[must_use]
pub fn slug(message: &str) -> String {
    let mut slug = String::new();
    for word in message.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()) {
        let word = word.to_lowercase();
        let separator = usize::from(!slug.is_empty());
        if slug.len() + separator + word.len() > MAX_SLUG {
            if slug.is_empty() {
                slug.extend(word.chars().scan(0, |length, it| {
                    *length += it.len_utf8();
                    (*length <= MAX_SLUG).then_some(it)
                }));
            }
            break;
        }
        if separator > 0 {
            slug.push('_');
        }
        slug.push_str(&word);
    }
    slug
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
