//! Default < file < environment < argument: which of several values applies. Pure.

use super::file::{DatabaseTable, File};
use super::reader::{TemplateError, interpolate};
use super::value::{Origin, Value};
use super::{ConfigError, DatabasePlace, DatabaseSettings, DevDatabase, Flags, defaults};
use crate::connection::Address;
use crate::connection::surroundings::Surroundings;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::nearest;
use crate::model::ident::Ident;
use crate::model::search_path::SearchPath;

/// The word that stands for all named databases.
const ALL: &str = "all";

/// Variables that name the database, the stronger first.
const URL_VARIABLES: &[&str] = &["ALUDEL_URL", "DATABASE_URL"];

/// Everything that has a word.
pub(super) struct Layers<'a> {
    pub(super) file: &'a File,
    pub(super) flags: &'a Flags,
    pub(super) around: &'a dyn Surroundings,
}

impl Layers<'_> {
    /// The databases that were chosen: those that are named, else the one of `[database]`.
    pub(super) fn databases(&self) -> Result<Vec<DatabaseSettings>, Vec<ConfigError>> {
        let names = self.names().map_err(|it| vec![it])?;
        if names.is_empty() {
            return Ok(vec![self.unnamed().map_err(|it| vec![it])?]);
        }
        if self.flags.url.is_some() && names.len() > 1 {
            return Err(vec![ConfigError::OneUrlForSeveral]);
        }
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for name in names {
            match self.named(name) {
                Ok(it) => found.push(it),
                Err(it) => errors.push(it),
            }
        }
        if errors.is_empty() { Ok(found) } else { Err(errors) }
    }

    /// The names that `--database` gives, each once, in the order of the file for `all`.
    fn names(&self) -> Result<Vec<&str>, ConfigError> {
        let known = || self.file.databases.keys().map(String::as_str);
        let mut names: Vec<&str> = Vec::new();
        for name in &self.flags.databases {
            let chosen: Vec<&str> = if name == ALL {
                known().collect()
            } else {
                known().filter(|it| it == name).collect()
            };
            if chosen.is_empty() {
                let meant = nearest(name, known()).map(str::to_owned);
                return Err(ConfigError::UnknownDatabase { name: name.clone(), meant });
            }
            for it in chosen {
                if !names.contains(&it) {
                    names.push(it);
                }
            }
        }
        Ok(names)
    }

    /// Argument, environment, file, and at last the embedded database.
    fn unnamed(&self) -> Result<DatabaseSettings, ConfigError> {
        let table = &self.file.database;
        let from_flag = self.flags.url.clone().map(|it| (it, Origin::Flag("--url")));
        let from_environment = || {
            URL_VARIABLES.iter().find_map(|name| {
                self.around.environment(name).map(|it| (it, Origin::Environment(name)))
            })
        };
        let url = from_flag.or_else(from_environment);
        let place = match (url, &table.url) {
            (Some((url, origin)), _) => Value { value: self.server(&url, origin)?, origin },
            (None, Some(url)) => self.server_in_file(url)?,
            (None, None) => {
                Value::default(DatabasePlace::Embedded(defaults::EMBEDDED_DATABASE.into()))
            }
        };
        Ok(settings(None, place, &DatabaseTable::default(), table))
    }

    /// A named one has its own URL. The environment's would put all of them in the same place.
    fn named(&self, name: &str) -> Result<DatabaseSettings, ConfigError> {
        let none = DatabaseTable::default();
        let table = self.file.databases.get(name).unwrap_or(&none);
        let origin = Origin::Flag("--url");
        let place = match (&self.flags.url, &table.url) {
            (Some(url), _) => Value { value: self.server(url, origin)?, origin },
            (None, Some(url)) => self.server_in_file(url)?,
            (None, None) => return Err(ConfigError::NoUrl { name: name.to_owned() }),
        };
        Ok(settings(Some(name.to_owned()), place, table, &self.file.database))
    }

    /// Where scratch databases live.
    pub(super) fn dev(&self) -> Result<Value<DevDatabase>, ConfigError> {
        let disposable = self.flags.dev_disposable;
        let not = |place| Err(ConfigError::NotDisposable { place });
        let choose = |text: &str, origin| {
            let value = match text {
                "embedded" if disposable => return not("the embedded engine"),
                "embedded" => DevDatabase::Embedded,
                "target" if disposable => return not("the server of the database"),
                "target" => DevDatabase::Target,
                url => {
                    let address = Box::new(self.address(url, origin)?);
                    match disposable {
                        true => DevDatabase::Disposable(address),
                        false => DevDatabase::Server(address),
                    }
                }
            };
            Ok(Value { value, origin })
        };
        if let Some(text) = &self.flags.dev_url {
            return choose(text, Origin::Flag("--dev-url"));
        }
        if let Some(text) = self.around.environment("ALUDEL_DEV_URL") {
            return choose(&text, Origin::Environment("ALUDEL_DEV_URL"));
        }
        match &self.file.dev_url {
            Some(it) => choose(&self.filled(it)?, it.origin),
            None if disposable => not("the embedded engine"),
            None => Ok(Value::default(DevDatabase::Embedded)),
        }
    }

    fn server_in_file(&self, url: &Value<String>) -> Result<Value<DatabasePlace>, ConfigError> {
        let value = self.server(&self.filled(url)?, url.origin)?;
        Ok(Value { value, origin: url.origin })
    }

    fn server(&self, url: &str, origin: Origin) -> Result<DatabasePlace, ConfigError> {
        Ok(DatabasePlace::Server(Box::new(self.address(url, origin)?)))
    }

    fn address(&self, url: &str, origin: Origin) -> Result<Address, ConfigError> {
        // A snippet shows the line, so it must not be one with a password.
        let secret = url.contains('@') || url.contains("password");
        Address::parse(url, self.around).map_err(|error| match origin.span() {
            Some(span) if !secret => {
                let diagnostic = Diagnostic::error(span, error.to_string());
                let hint = error.hint();
                ConfigError::File(hint.into_iter().fold(diagnostic, Diagnostic::help))
            }
            _ => ConfigError::Address { origin, error },
        })
    }

    fn filled(&self, text: &Value<String>) -> Result<String, ConfigError> {
        let variables = |name: &str| self.around.environment(name);
        let at = |it: TemplateError| ConfigError::File(it.at(text.origin));
        interpolate(&text.value, &variables).map_err(at)
    }
}

/// A named database takes from `[database]` what it does not say itself.
fn settings(
    name: Option<String>,
    place: Value<DatabasePlace>,
    own: &DatabaseTable,
    shared: &DatabaseTable,
) -> DatabaseSettings {
    DatabaseSettings {
        name,
        place,
        namespaces: own.namespaces.clone().or_else(|| shared.namespaces.clone()),
        search_path: search_path(own.search_path.as_ref().or(shared.search_path.as_ref())),
        exclude: or_default(&own.exclude, &shared.exclude, Vec::new()),
        include: or_default(&own.include, &shared.include, Vec::new()),
        grants: or_default(&own.grants, &shared.grants, false),
        lock_timeout: or_default(&own.lock_timeout, &shared.lock_timeout, defaults::LOCK_TIMEOUT),
        statement_timeout: or_default(
            &own.statement_timeout,
            &shared.statement_timeout,
            defaults::STATEMENT_TIMEOUT,
        ),
        lock_retries: or_default(&own.lock_retries, &shared.lock_retries, defaults::LOCK_RETRIES),
    }
}

fn search_path(written: Option<&Value<Vec<String>>>) -> Value<SearchPath> {
    let Some(Value { value, origin }) = written else {
        return Value::default(SearchPath::default());
    };
    let names = value.iter().map(|it| Ident::new(it.as_str()));
    Value { value: SearchPath::new(names), origin: *origin }
}

fn or_default<T: Clone>(own: &Option<Value<T>>, shared: &Option<Value<T>>, default: T) -> Value<T> {
    own.clone().or_else(|| shared.clone()).unwrap_or_else(|| Value::default(default))
}
