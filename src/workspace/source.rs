//! The syntax of a source of a schema on the command line.

use std::path::{Path, PathBuf};

/// Anything that can become a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A `.toml` file.
    Declaration(PathBuf),
    /// A folder of revisions, up to one of them.
    History {
        /// The folder.
        folder: PathBuf,
        /// The target up to which it counts; none for all.
        at: Option<String>,
    },
    /// A `.sql` file.
    Sql(PathBuf),
    /// A server, by URL or connection string.
    Server(String),
    /// The configured database.
    Live,
    /// Nothing.
    Empty,
}

/// Why a text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a source of a schema")]
pub struct SourceError {
    /// The text.
    pub text: String,
}

impl Source {
    /// Reads a source. Whether a file exists is found out when it is read; only a name that looks
    /// like nothing else must be an existing folder.
    ///
    /// # Errors
    /// Where the text is none of the forms.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let scheme = text.split_once("://").map(|it| it.0);
        match text {
            "live" => Ok(Self::Live),
            "empty" => Ok(Self::Empty),
            _ if scheme.is_some_and(|it| it.starts_with("postgres")) => {
                Ok(Self::Server(text.to_owned()))
            }
            _ if has_extension(text, "toml") => Ok(Self::Declaration(text.into())),
            _ if has_extension(text, "sql") => Ok(Self::Sql(text.into())),
            _ if Path::new(text).is_dir() => Ok(Self::History { folder: text.into(), at: None }),
            _ => Self::history_at(text)
                .or_else(|| text.contains('=').then(|| Self::Server(text.to_owned())))
                .ok_or_else(|| SourceError { text: text.to_owned() }),
        }
    }
}

impl Source {
    /// `FOLDER@TARGET`; either may hold an `@` of its own.
    fn history_at(text: &str) -> Option<Self> {
        let mut cuts = text.match_indices('@').map(|(at, _)| (&text[..at], &text[at + 1..]));
        let (folder, at) = cuts.find(|(folder, _)| Path::new(folder).is_dir())?;
        Some(Self::History { folder: folder.into(), at: Some(at.to_owned()) })
    }
}

fn has_extension(text: &str, extension: &str) -> bool {
    Path::new(text).extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_recognized() {
        let parsed = |text: &str| Source::parse(text).unwrap();
        assert_eq!(parsed("empty"), Source::Empty);
        assert_eq!(parsed("live"), Source::Live);
        assert_eq!(parsed("a/schema.toml"), Source::Declaration("a/schema.toml".into()));
        assert_eq!(parsed("dump.sql"), Source::Sql("dump.sql".into()));
        assert!(matches!(parsed("postgresql://h/d"), Source::Server(_)));
        assert!(matches!(parsed("host=/tmp dbname=d"), Source::Server(_)));
        assert_eq!(parsed("src"), Source::History { folder: "src".into(), at: None });
        let at = Some("3f2a".to_owned());
        assert_eq!(parsed("src@3f2a"), Source::History { folder: "src".into(), at });
        let at = Some("search@head".to_owned());
        assert_eq!(parsed("src@search@head"), Source::History { folder: "src".into(), at });
        assert!(Source::parse("nothing").is_err());
    }
}
