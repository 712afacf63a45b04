//! Targets: the words by which a user names revisions.

use std::fmt;

use thiserror::Error;

use super::graph::Graph;
use super::id::{RevisionId, is_id_character};
use crate::diagnostic::nearest::nearest;

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Before the first revision.
    Base,
    /// The only head.
    Head,
    /// Every head.
    Heads,
    /// So many steps from where the database is: up when positive, down when negative.
    Relative(i64),
    /// A revision by its id, the beginning of its id, or steps from one (`3f2a+1`).
    Revision(String),
}

/// Why a target names no place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TargetError {
    /// Characters that no target has.
    #[error("`{text}` is not a target")]
    Malformed {
        /// The text.
        text: String,
    },
    /// No revision of this name.
    #[error("no revision `{text}`")]
    Unknown {
        /// The text.
        text: String,
        /// The revision that may have been meant.
        nearest: Option<RevisionId>,
    },
    /// The beginning of several ids.
    #[error("`{text}` is the beginning of {}", quoted(candidates))]
    Ambiguous {
        /// The text.
        text: String,
        /// What it could mean.
        candidates: Vec<RevisionId>,
    },
    /// `head` where there are several.
    #[error("there are several heads: {}", quoted(heads))]
    SeveralHeads {
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// A step that could go several ways.
    #[error("`{text}` can go several ways: {}", quoted(candidates))]
    Fork {
        /// The target.
        text: String,
        /// The ways.
        candidates: Vec<RevisionId>,
    },
    /// More steps than there are revisions.
    #[error("`{text}` goes too far: {}", only(*available))]
    TooFar {
        /// The target.
        text: String,
        /// How many steps there are.
        available: u64,
    },
    /// A target that lies the other way.
    #[error("`{text}` is not a target for {command}")]
    WrongWay {
        /// The target.
        text: String,
        /// `upgrade` or `downgrade`.
        command: &'static str,
    },
}

impl TargetError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unknown { nearest: Some(it), .. } => {
                return Some(format!("did you mean `{it}`?"));
            }
            Self::Unknown { nearest: None, .. } => "`aludel history` lists the revisions",
            Self::Malformed { .. } => {
                "a target is a revision, the beginning of its id, `head`, `heads`, `base`, `+N` or `-N`"
            }
            Self::Ambiguous { .. } => "write more of its id",
            Self::SeveralHeads { .. } => "name one of them, or `heads` for all",
            Self::Fork { .. } => "name one of them",
            Self::TooFar { .. } | Self::WrongWay { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

impl Target {
    /// Reads a target. Whether it names a place is for [`Graph`] to say.
    ///
    /// # Errors
    /// When no target looks like this.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let malformed = || TargetError::Malformed { text: text.to_owned() };
        match text {
            "base" => return Ok(Self::Base),
            "head" => return Ok(Self::Head),
            "heads" => return Ok(Self::Heads),
            _ => {}
        }
        if text.starts_with(['+', '-']) {
            return text.parse().map(Self::Relative).map_err(|_| malformed());
        }
        let valid = !text.is_empty() && text.chars().all(|it| is_id_character(it) || it == '+');
        valid.then(|| Self::Revision(text.to_owned())).ok_or_else(malformed)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("base"),
            Self::Head => f.write_str("head"),
            Self::Heads => f.write_str("heads"),
            Self::Relative(steps) => write!(f, "{steps:+}"),
            Self::Revision(text) => f.write_str(text),
        }
    }
}

impl Graph {
    /// The only head; None where there is no revision.
    ///
    /// # Errors
    /// When there are several.
    pub fn head(&self) -> Result<Option<&RevisionId>, TargetError> {
        let heads = self.heads();
        match heads.as_slice() {
            [] => Ok(None),
            [head] => Ok(Some(head)),
            _ => Err(TargetError::SeveralHeads { heads: heads.into_iter().cloned().collect() }),
        }
    }

    /// The revision that an id, the beginning of one, or either with `+N` or `-N` names.
    ///
    /// # Errors
    /// When it names none, or several.
    pub fn resolve(&self, text: &str) -> Result<&RevisionId, TargetError> {
        match (self.by_prefix(text), offset(text)) {
            (Err(TargetError::Unknown { .. }), Some((start, steps))) => {
                let start = self.by_prefix(start)?;
                self.walk(start, steps, text)
            }
            (found, _) => found,
        }
    }

    fn by_prefix(&self, text: &str) -> Result<&RevisionId, TargetError> {
        let mut candidates: Vec<_> =
            self.ids().filter(|it| it.as_str().starts_with(text)).collect();
        if let Some(exact) = candidates.iter().position(|it| it.as_str() == text) {
            return Ok(candidates.swap_remove(exact));
        }
        match candidates.as_slice() {
            [] => {
                let near = nearest(text, self.ids().map(RevisionId::as_str));
                let nearest = self.ids().find(|it| near == Some(it.as_str())).cloned();
                Err(TargetError::Unknown { text: text.to_owned(), nearest })
            }
            [only] => Ok(only),
            _ => Err(TargetError::Ambiguous {
                text: text.to_owned(),
                candidates: candidates.into_iter().cloned().collect(),
            }),
        }
    }

    /// So many steps along a line of revisions.
    fn walk<'a>(
        &'a self,
        start: &'a RevisionId,
        steps: i64,
        text: &str,
    ) -> Result<&'a RevisionId, TargetError> {
        let mut at = start;
        for taken in 0..steps.unsigned_abs() {
            let next: Vec<_> = if steps > 0 {
                self.children(at).collect()
            } else {
                self.parents(at).iter().collect()
            };
            at = only_way(&next, text, taken)?;
        }
        Ok(at)
    }
}

/// The one revision among those that a step could lead to.
pub(crate) fn only_way<'a>(
    ways: &[&'a RevisionId],
    text: &str,
    taken: u64,
) -> Result<&'a RevisionId, TargetError> {
    let text = text.to_owned();
    match ways {
        [] => Err(TargetError::TooFar { text, available: taken }),
        [only] => Ok(only),
        _ => {
            let candidates = ways.iter().map(|it| (*it).clone()).collect();
            Err(TargetError::Fork { text, candidates })
        }
    }
}

/// Takes `ID+N` and `ID-N` apart.
fn offset(text: &str) -> Option<(&str, i64)> {
    let at = text.rfind(['+', '-'])?;
    let (start, steps) = text.split_at(at);
    (!start.is_empty()).then(|| Some((start, steps.parse().ok()?)))?
}

/// How far it goes at most.
fn only(available: u64) -> String {
    match available {
        0 => "there is no revision that way".to_owned(),
        1 => "there is only 1 revision that way".to_owned(),
        _ => format!("there are only {available} revisions that way"),
    }
}

fn quoted(ids: &[RevisionId]) -> String {
    ids.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::graph::sketch::graph;
    use super::*;

    #[test]
    fn words() {
        let parsed = |text: &str| Target::parse(text).unwrap();
        assert_eq!(parsed("base"), Target::Base);
        assert_eq!(parsed("head"), Target::Head);
        assert_eq!(parsed("heads"), Target::Heads);
        assert_eq!(parsed("+2"), Target::Relative(2));
        assert_eq!(parsed("-1"), Target::Relative(-1));
        assert_eq!(parsed("3f2a+1"), Target::Revision("3f2a+1".into()));
        for text in ["", "+", "-x", "a b", "a:b", "a@head"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        for text in ["base", "head", "heads", "+2", "-1", "3f2a"] {
            assert_eq!(parsed(text).to_string(), text);
        }
    }

    const LINE: &str = "
        a1
        a2 < a1
        a2-1 < a2
        b < a2-1
        c1 < b
        c2 < b
    ";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let graph = graph(LINE);
        let shown = match graph.resolve(text) {
            Ok(id) => id.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn resolves() {
        check("a2", "a2");
        check("b", "b");
        check("a1+1", "a2");
        check("a1+3", "b");
        check("b-2", "a2");
        check("a2-1", "a2-1");
        check("a2-1-1", "a2");
        check("b-0", "b");
        check("a", "`a` is the beginning of `a1`, `a2`, `a2-1`");
        check("x", "no revision `x`");
        check("x+1", "no revision `x`");
        check("b+1", "`b+1` can go several ways: `c1`, `c2`");
        check("c1+1", "`c1+1` goes too far: there is no revision that way");
        check("a2-9", "`a2-9` goes too far: there is only 1 revision that way");
    }

    #[test]
    fn heads() {
        assert_eq!(graph("").head(), Ok(None));
        assert_eq!(graph("a\nb < a").head().unwrap().unwrap().as_str(), "b");
        let error = graph(LINE).head().unwrap_err();
        assert_eq!(error.to_string(), "there are several heads: `c1`, `c2`");
    }
}
