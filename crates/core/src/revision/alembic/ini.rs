//! `alembic.ini`: the location of the revisions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What `[alembic]` in alembic.ini says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ini {
    values: BTreeMap<String, String>,
}

/// Why alembic.ini does not say where the revisions are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IniError {
    /// No `script_location`.
    #[error("`[alembic]` has no `script_location`")]
    NoLocation,
    /// A place inside a Python package, which only Python can find.
    #[error("`{key} = {value}` is a location in a Python package, and aludel does not run Python")]
    Package {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
    },
}

impl Ini {
    /// Reads the file, of which `here` is the folder.
    #[must_use]
    pub fn parse(text: &str, here: &Path) -> Self {
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        let (mut inside, mut last) = (false, None::<String>);
        for line in text.lines() {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            if let Some(section) = trimmed.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                inside = section == "alembic";
                last = None;
            } else if line.starts_with(char::is_whitespace) {
                if let Some(value) = last.as_ref().and_then(|it| values.get_mut(it)) {
                    value.push('\n');
                    value.push_str(trimmed);
                }
            } else if inside && let Some((key, value)) = trimmed.split_once(['=', ':']) {
                let key = key.trim().to_owned();
                last = Some(key.clone());
                values.insert(key, value.trim().to_owned());
            }
        }
        let here = here.display().to_string();
        for value in values.values_mut() {
            *value = value.replace("%(here)s", &here).replace("%%", "%");
        }
        Self { values }
    }

    /// The folders of the revisions, below or beside `here`.
    ///
    /// # Errors
    /// When the file does not say.
    pub fn versions(&self, here: &Path) -> Result<Vec<PathBuf>, IniError> {
        let place = |key: &'static str, value: &str| match value.contains(':')
            && !Path::new(value).is_absolute()
        {
            true => Err(IniError::Package { key, value: value.to_owned() }),
            false => Ok(here.join(value)),
        };
        if let Some(locations) = self.values.get("version_locations") {
            let separator: &[char] = match self.separator() {
                "newline" => &['\n'],
                "os" if cfg!(windows) => &[';', '\n'],
                "os" | ":" => &[':', '\n'],
                ";" => &[';', '\n'],
                _ => &[' ', ',', '\n'],
            };
            let parts = locations.split(separator).map(str::trim).filter(|it| !it.is_empty());
            return parts.map(|it| place("version_locations", it)).collect();
        }
        let location = self.values.get("script_location").ok_or(IniError::NoLocation)?;
        Ok(vec![place("script_location", location)?.join("versions")])
    }

    fn separator(&self) -> &str {
        let keys = ["path_separator", "version_path_separator"];
        keys.iter().find_map(|it| self.values.get(*it)).map_or("space", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let here = Path::new("/p");
        let found = Ini::parse(text, here).versions(here).unwrap();
        assert_eq!(found, expected.iter().map(PathBuf::from).collect::<Vec<_>>());
    }

    #[test]
    fn places() {
        check("[alembic]\nscript_location = %(here)s/alembic\n", &["/p/alembic/versions"]);
        check(
            "[x]\nscript_location = y\n[alembic]\n# no\nscript_location=db\n",
            &["/p/db/versions"],
        );
        let several = "[alembic]\nscript_location = a\npath_separator = os\n\
                       version_locations = %(here)s/one:two\n";
        check(several, &["/p/one", "/p/two"]);
        let several = "[alembic]\nversion_locations = one two\n";
        check(several, &["/p/one", "/p/two"]);
        let several = "[alembic]\npath_separator = newline\nversion_locations =\n  one\n  two\n";
        check(several, &["/p/one", "/p/two"]);
    }

    #[test]
    fn no_place() {
        let here = Path::new("/p");
        let error = Ini::parse("[alembic]\n", here).versions(here).unwrap_err();
        assert_eq!(error, IniError::NoLocation);
        let package = Ini::parse("[alembic]\nscript_location = app:migrations\n", here);
        assert!(matches!(package.versions(here), Err(IniError::Package { .. })));
    }
}
