//! Revisions of Alembic: reads its Python files without running them, and the SQL of its offline
//! mode.
//!
//! In: texts. Out: headers and SQL, or mistakes with their locations.

mod ini;
mod python;
mod script;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::file::{Header, HeaderErrorKind, ImportOrigin, TransactionMode, check_label};
use super::id::{IdError, RevisionId};
use super::timestamp::Timestamp;

pub use ini::{Ini, IniError};
pub use script::{Sections, sections, with_single_percents};

use python::{Literal, Module};

/// The table in which Alembic notes where it is, under its usual name.
pub const VERSION_TABLE: &str = "alembic_version";

/// A revision as its file declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlembicRevision {
    /// The file.
    pub path: PathBuf,
    /// `revision`, `down_revision`, `branch_labels`, the first line of the docstring, and its
    /// `Create Date`.
    pub header: Header,
    /// `depends_on`, as it is written: ids, beginnings of ids, or labels.
    pub depends: Vec<String>,
}

/// Why a file of Alembic cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}:{line}: {kind}", path.display())]
pub struct AlembicError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong.
    pub kind: AlembicErrorKind,
}

/// What is wrong with a file of Alembic.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AlembicErrorKind {
    /// A value that only Python could work out.
    #[error(
        "`{name}` is not a literal string, tuple, list or None, and aludel does not run Python"
    )]
    NotLiteral {
        /// The variable.
        name: &'static str,
    },
    /// An id that aludel cannot have.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A label that aludel cannot have.
    #[error(transparent)]
    Label(#[from] HeaderErrorKind),
    /// A string without an end.
    #[error("unterminated string")]
    Unterminated,
    /// A dependency that names nothing.
    #[error("`depends_on` names `{name}`, which is neither a revision nor a label")]
    Dependency {
        /// As it is written.
        name: String,
    },
}

/// Reads a file. None where it holds no revision.
///
/// # Errors
/// When it holds one that cannot be understood without running it.
pub fn parse(path: &Path, text: &str) -> Result<Option<AlembicRevision>, AlembicError> {
    let error = |line, kind| AlembicError { path: path.to_owned(), line, kind };
    let module = Module::parse(text).map_err(|line| error(line, AlembicErrorKind::Unterminated))?;
    let Some((line, revision)) = module.assigned("revision") else { return Ok(None) };
    let names = |name: &'static str| -> Result<(usize, Vec<String>), AlembicError> {
        match module.assigned(name) {
            None => Ok((1, Vec::new())),
            Some((line, Literal::Strings(it))) => Ok((line, it.clone())),
            Some((line, Literal::Other)) => Err(error(line, AlembicErrorKind::NotLiteral { name })),
        }
    };
    let id = match revision {
        Literal::Strings(it) => it.first().map_or("", String::as_str),
        Literal::Other => {
            return Err(error(line, AlembicErrorKind::NotLiteral { name: "revision" }));
        }
    };
    let parsed = |line, text: &str| RevisionId::parse(text).map_err(|it| error(line, it.into()));
    let id = parsed(line, id)?;
    let (line, parents) = names("down_revision")?;
    let parents = parents.iter().map(|it| parsed(line, it)).collect::<Result<_, _>>()?;
    let (line, labels) = names("branch_labels")?;
    for label in &labels {
        check_label(label).map_err(|it| error(line, it.into()))?;
    }
    let (_, depends) = names("depends_on")?;
    let document = module.document.as_deref().unwrap_or_default();
    let header = Header {
        id,
        parents,
        message: message(document),
        created: created(document),
        labels,
        depends: Vec::new(),
        variables: Vec::new(),
        transaction: TransactionMode::default(),
        replaces: None,
        phase: None,
        origin: Some(ImportOrigin::Alembic),
        fingerprint: None,
        allows: Vec::new(),
        proof: None,
    };
    Ok(Some(AlembicRevision { path: path.to_owned(), header, depends }))
}

/// The first line of a docstring.
fn message(document: &str) -> String {
    let line = document.lines().map(str::trim).find(|it| !it.is_empty());
    line.filter(|it| !it.starts_with("Revision ID:")).unwrap_or_default().to_owned()
}

/// `Create Date: 2026-11-22 08:00:00.123456`, which Alembic writes in the local time of whoever
/// made the revision, or with an offset; taken as UTC, since only the order counts.
fn created(document: &str) -> Option<Timestamp> {
    let date = document.lines().find_map(|it| it.trim().strip_prefix("Create Date:"))?;
    let date = date.trim().get(..19)?;
    Timestamp::parse(&format!("{}Z", date.replace(' ', "T")))
}

/// Finds out what the dependencies of revisions mean.
///
/// # Errors
/// All that name nothing.
pub fn resolved(
    mut revisions: Vec<AlembicRevision>,
) -> Result<Vec<AlembicRevision>, Vec<AlembicError>> {
    let mut names: BTreeMap<String, RevisionId> = BTreeMap::new();
    for it in &revisions {
        names.insert(it.header.id.to_string(), it.header.id.clone());
        names.extend(it.header.labels.iter().map(|label| (label.clone(), it.header.id.clone())));
    }
    let mut errors = Vec::new();
    for it in &mut revisions {
        for name in &it.depends {
            let begins = || {
                let mut found =
                    names.range(name.clone()..).take_while(|(key, _)| key.starts_with(name));
                match (found.next(), found.next()) {
                    (Some((_, id)), None) => Some(id),
                    _ => None,
                }
            };
            match names.get(name).or_else(begins) {
                Some(id) => it.header.depends.push(id.clone()),
                None => errors.push(AlembicError {
                    path: it.path.clone(),
                    line: 1,
                    kind: AlembicErrorKind::Dependency { name: name.clone() },
                }),
            }
        }
    }
    if errors.is_empty() { Ok(revisions) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let text = r#"
"""add cart: the first

Revision ID: 27c6a30d7c24
Revises: 1975ea83b712, ae1027a6acf
Create Date: 2011-11-08 12:37:36.402386

"""
from typing import Sequence, Union
from alembic import op

# revision identifiers, used by Alembic.
revision: str = '27c6a30d7c24'
down_revision: Union[str, Sequence[str], None] = (
    "1975ea83b712",
    'ae1027a6acf',  # the other
)
branch_labels: Union[str, Sequence[str], None] = ('shoppingcart',)
depends_on: Union[str, Sequence[str], None] = "networking"


def upgrade() -> None:
    """revision = 'x'"""
    revision = 'y'
    op.execute("""
revision = 'z'
""")
"#;
        let found = parse(Path::new("a.py"), text).unwrap().unwrap();
        assert_eq!(
            found.header.to_string(),
            "-- Revision: 27c6a30d7c24\n-- Revises: 1975ea83b712, ae1027a6acf\n\
             -- Message: add cart: the first\n-- Created: 2011-11-08T12:37:36Z\n\
             -- Labels: shoppingcart\n-- Origin: Alembic\n"
        );
        assert_eq!(found.depends, ["networking"]);
        let bare = "revision='a'\ndown_revision = None\nbranch_labels=None\ndepends_on=['b', 'c']";
        let bare = parse(Path::new("a.py"), bare).unwrap().unwrap();
        assert_eq!((bare.header.parents.len(), bare.depends.len()), (0, 2));
        assert_eq!(parse(Path::new("a.py"), "import os\n").unwrap(), None);
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(parse(Path::new("a.py"), text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn what_python_alone_knows() {
        check_error(
            "x = 1\nrevision = make()",
            "a.py:2: `revision` is not a literal string, tuple, list or None, and aludel does not \
             run Python",
        );
        check_error(
            "revision = 'a'\ndown_revision = 'b' if x else None",
            "a.py:2: `down_revision` is not a literal string, tuple, list or None, and aludel does \
             not run Python",
        );
        check_error(
            "revision = 'a b'",
            "a.py:1: `a b` is not a revision id: ` ` is not one of A-Z a-z 0-9 _ -",
        );
        check_error("revision = 'a", "a.py:1: unterminated string");
    }

    #[test]
    fn dependencies() {
        let revision = |text: &str| parse(Path::new("a.py"), text).unwrap().unwrap();
        let a = revision("revision = 'abcd1'\nbranch_labels = 'left'");
        let b = revision("revision = 'b'\ndepends_on = ('left', 'abc')");
        let found = resolved(vec![a.clone(), b]).unwrap();
        assert_eq!(found[1].header.depends, [a.header.id.clone(), a.header.id.clone()]);
        let c = revision("revision = 'c'\ndepends_on = 'nowhere'");
        let errors = resolved(vec![a, c]).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "a.py:1: `depends_on` names `nowhere`, which is neither a revision nor a label"
        );
    }
}
