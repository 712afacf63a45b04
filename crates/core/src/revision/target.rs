//! Targets: how a user names revisions. [`super::lineage`] and [`super::route`] resolve them in the
//! graph.

use std::fmt;

use thiserror::Error;

use super::id::{RevisionId, is_id_character};

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The branch that it is confined to, by label or revision: what stands before the `@`.
    pub branch: Option<String>,
    /// The place.
    pub place: TargetPlace,
}

/// The part of a target after the `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetPlace {
    /// So many revisions from where the database is: up when positive, down when negative.
    Relative(i64),
    /// A word, and so many steps from there.
    Word(Word, i64),
    /// A revision by its id, the beginning of its id, or its label; or steps from one (`3f2a+1`).
    /// Since an id may hold `-`, only the graph can tell these apart.
    Name(String),
}

/// Words that name places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Before the first revision.
    Base,
    /// The only head.
    Head,
    /// Every head.
    Heads,
    /// Where the database is.
    Current,
}

/// Two targets, `FROM:TO`. What is left out is open: from the first revision, or to the heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Where it begins.
    pub from: Option<Target>,
    /// Where it ends.
    pub to: Option<Target>,
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
    /// Not two targets.
    #[error("`{text}` is not a range")]
    MalformedRange {
        /// The text.
        text: String,
    },
    /// A range where one target belongs.
    #[error("`{text}` is a range, but a single target is expected")]
    IsRange {
        /// The text.
        text: String,
    },
    /// No revision of this name.
    #[error("no revision `{text}`")]
    Unknown {
        /// The text.
        text: String,
        /// The revision or label that may have been meant.
        nearest: Option<String>,
    },
    /// A revision that is not on the branch.
    #[error("revision `{id}` is not on branch `{branch}`")]
    OffBranch {
        /// The revision.
        id: RevisionId,
        /// The branch as it was written.
        branch: String,
    },
    /// The beginning of several ids.
    #[error("`{text}` is an ambiguous prefix of {}", quoted(candidates))]
    Ambiguous {
        /// The text.
        text: String,
        /// What it could mean.
        candidates: Vec<RevisionId>,
    },
    /// `head` where there are several.
    #[error("there are several heads{}: {}", branch.as_ref().map_or(String::new(), |it| format!(" on branch `{it}`")), quoted(heads))]
    SeveralHeads {
        /// The branch that was asked for.
        branch: Option<String>,
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// Several revisions where one is needed.
    #[error("`{text}` names several revisions: {}", quoted(ids))]
    Several {
        /// The target.
        text: String,
        /// The revisions.
        ids: Vec<RevisionId>,
    },
    /// Steps that could go several ways.
    #[error("`{text}` is ambiguous: {}", quoted(candidates))]
    Fork {
        /// The target.
        text: String,
        /// The ways; `base` for the way before the first revision.
        candidates: Vec<String>,
    },
    /// More steps than there are revisions.
    #[error("`{text}` is out of range: {}", only(*available))]
    TooFar {
        /// The target.
        text: String,
        /// How many steps there are.
        available: usize,
    },
    /// A target that lies the other way.
    #[error("`{text}` is not a target for {command}")]
    WrongWay {
        /// The target.
        text: String,
        /// The command.
        command: &'static str,
    },
    /// A target that only a database can place.
    #[error("`{text}` depends on the current revision of a database, and none is connected")]
    NoDatabase {
        /// The target.
        text: String,
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
                "a target is a revision id or unique prefix, a branch label, `head`, `heads`, \
                 `base` or `current`, each also with `+N` or `-N`; `+N` or `-N` alone; and any of \
                 these after `BRANCH@`"
            }
            Self::MalformedRange { .. } => {
                "a range is `FROM:TO`, `FROM:` or `:TO`; one end of it may be `+N` or `-N` from the \
                 other"
            }
            Self::IsRange { .. } => "ranges are for --sql and for `history`",
            Self::Ambiguous { .. } => "give more of the id",
            Self::SeveralHeads { .. } => {
                "give one of them, `BRANCH@head`, or `heads` for all; to join them: `aludel merge \
                 heads`"
            }
            Self::Several { .. } => "give one of them",
            Self::Fork { .. } => {
                "give one of them, or restrict the target to a branch: `BRANCH@+N`"
            }
            Self::NoDatabase { .. } => "give a revision instead, or a database with --url",
            Self::OffBranch { .. } | Self::TooFar { .. } | Self::WrongWay { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

const WORDS: [(Word, &str); 4] = [
    (Word::Heads, "heads"),
    (Word::Head, "head"),
    (Word::Base, "base"),
    (Word::Current, "current"),
];

impl Target {
    /// The only head.
    pub const HEAD: Self = Self { branch: None, place: TargetPlace::Word(Word::Head, 0) };
    /// Every head.
    pub const HEADS: Self = Self { branch: None, place: TargetPlace::Word(Word::Heads, 0) };
    /// Before the first revision.
    pub const BASE: Self = Self { branch: None, place: TargetPlace::Word(Word::Base, 0) };

    /// Reads a target.
    ///
    /// # Errors
    /// When no target looks like this.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        if text.contains(':') {
            return Err(TargetError::IsRange { text: text.to_owned() });
        }
        let malformed = || TargetError::Malformed { text: text.to_owned() };
        let (branch, rest) = match text.split_once('@') {
            Some((branch, rest)) => (Some(branch), rest),
            None => (None, text),
        };
        if branch.is_some_and(|it| !is_name(it)) {
            return Err(malformed());
        }
        let place = TargetPlace::parse(rest).ok_or_else(malformed)?;
        Ok(Self { branch: branch.map(str::to_owned), place })
    }
}

impl TargetPlace {
    fn parse(text: &str) -> Option<Self> {
        if text.starts_with(['+', '-']) {
            return text.parse().ok().map(Self::Relative);
        }
        for (word, name) in WORDS {
            let Some(rest) = text.strip_prefix(name) else { continue };
            if rest.is_empty() {
                return Some(Self::Word(word, 0));
            }
            if rest.starts_with(['+', '-'])
                && let Ok(steps) = rest.parse()
            {
                return Some(Self::Word(word, steps));
            }
        }
        let (name, steps) = text.split_once('+').unwrap_or((text, "0"));
        let is_number = !steps.is_empty() && steps.bytes().all(|it| it.is_ascii_digit());
        (is_name(name) && is_number).then(|| Self::Name(text.to_owned()))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_id_character)
}

impl Range {
    /// Reads a range.
    ///
    /// # Errors
    /// When the text is not two targets with a colon between them, of which either may be missing.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let malformed = || TargetError::MalformedRange { text: text.to_owned() };
        let (from, to) = text.split_once(':').ok_or_else(malformed)?;
        if to.contains(':') {
            return Err(malformed());
        }
        let end = |it: &str| (!it.is_empty()).then(|| Target::parse(it)).transpose();
        let range = Self { from: end(from)?, to: end(to)? };
        let relative = |it: &Option<Target>| {
            it.as_ref().is_some_and(|it| matches!(it.place, TargetPlace::Relative(_)))
        };
        if relative(&range.from) && relative(&range.to) {
            return Err(malformed());
        }
        Ok(range)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(branch) = &self.branch {
            write!(f, "{branch}@")?;
        }
        match &self.place {
            TargetPlace::Relative(steps) => write!(f, "{steps:+}"),
            TargetPlace::Word(word, steps) => {
                let name = WORDS.iter().find(|it| it.0 == *word).map_or("", |it| it.1);
                f.write_str(name)?;
                if *steps == 0 { Ok(()) } else { write!(f, "{steps:+}") }
            }
            TargetPlace::Name(text) => f.write_str(text),
        }
    }
}

/// Takes `ID+N` and `ID-N` apart.
pub(super) fn offset(text: &str) -> Option<(&str, i64)> {
    let at = text.rfind(['+', '-'])?;
    let (start, steps) = text.split_at(at);
    (!start.is_empty()).then(|| Some((start, steps.parse().ok()?)))?
}

/// How far it goes at most.
fn only(available: usize) -> String {
    match available {
        0 => "no revision in that direction".to_owned(),
        1 => "only 1 revision in that direction".to_owned(),
        _ => format!("only {available} revisions in that direction"),
    }
}

fn quoted<T: fmt::Display>(names: &[T]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, branch: Option<&str>, place: TargetPlace) {
        let parsed = Target::parse(text).unwrap();
        assert_eq!(parsed.branch.as_deref(), branch);
        assert_eq!(parsed.place, place);
        assert_eq!(parsed.to_string(), text);
    }

    #[test]
    fn words() {
        check("base", None, TargetPlace::Word(Word::Base, 0));
        check("head", None, TargetPlace::Word(Word::Head, 0));
        check("heads", None, TargetPlace::Word(Word::Heads, 0));
        check("head-1", None, TargetPlace::Word(Word::Head, -1));
        check("current+2", None, TargetPlace::Word(Word::Current, 2));
        check("+2", None, TargetPlace::Relative(2));
        check("-1", None, TargetPlace::Relative(-1));
        check("3f2a+1", None, TargetPlace::Name("3f2a+1".into()));
        check("headline", None, TargetPlace::Name("headline".into()));
        check("head-line", None, TargetPlace::Name("head-line".into()));
        check("search@head", Some("search"), TargetPlace::Word(Word::Head, 0));
        check("search@+1", Some("search"), TargetPlace::Relative(1));
        check("3f2a@heads", Some("3f2a"), TargetPlace::Word(Word::Heads, 0));
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "+",
            "-x",
            "a b",
            "@head",
            "a@",
            "a@b@c",
            "a+",
            "a+b",
            "head+x",
            "+1+1",
            "é",
            "+99999999999999999999",
        ] {
            assert!(matches!(Target::parse(text), Err(TargetError::Malformed { .. })), "{text}");
        }
        assert!(matches!(Target::parse("a:b"), Err(TargetError::IsRange { .. })));
    }

    #[test]
    fn ranges() {
        let range = Range::parse("a:+2").unwrap();
        assert_eq!(range.from, Some(Target::parse("a").unwrap()));
        assert_eq!(range.to, Some(Target::parse("+2").unwrap()));
        assert_eq!(Range::parse(":").unwrap(), Range { from: None, to: None });
        assert_eq!(Range::parse("x@base:").unwrap().to, None);
        for text in ["", "a", "a:b:c", "-1:+1"] {
            let error = Range::parse(text).unwrap_err();
            assert!(matches!(error, TargetError::MalformedRange { .. }), "{text}");
        }
        assert!(matches!(Range::parse("a b:"), Err(TargetError::Malformed { .. })));
    }
}
