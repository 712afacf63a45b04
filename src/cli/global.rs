//! The options of every command. The doc comments are the help text.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The configuration file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "aludel.toml",
        help_heading = "Global options"
    )]
    pub config: PathBuf,
    /// The database: a postgres:// URL or a libpq connection string
    ///
    /// Otherwise ALUDEL_URL, DATABASE_URL, `[database] url` in aludel.toml, or else the embedded
    /// database in .aludel/db.
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub url: Option<String>,
    /// The database of this name in aludel.toml, [databases.NAME], or `all` (repeatable)
    ///
    /// Several are gone through in turn, and the first failure ends it. With --format json each gives
    /// an object of its own: {"database": NAME, "result": …}.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Global options")]
    pub database: Vec<String>,
    /// A server for scratch databases instead of the embedded one; `target` for the server of --url
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub dev_url: Option<String>,
    /// The server of --dev-url has nothing to lose: files are tried there with all rights of its role
    ///
    /// Otherwise they are tried by a role that has none but to its scratch database. With it the server
    /// takes what PostgreSQL reserves for superusers: base types, operator classes, functions in C.
    #[arg(long, global = true, help_heading = "Global options")]
    pub dev_disposable: bool,
    /// Compare and write privileges and default privileges, too
    ///
    /// Otherwise they count where schema.toml declares any, or with `grants = true` in
    /// `[database]`.
    #[arg(long, global = true, help_heading = "Global options")]
    pub grants: bool,
    /// What a variable of revisions stands for (repeatable)
    ///
    /// A revision names its variables in its header, `-- Variables: tenant, owner=app`, and uses them
    /// as psql does: `:"tenant"` as a name, `:'tenant'` as a string, `:tenant` as it is.
    #[arg(short = 'x', global = true, value_name = "NAME=VALUE", help_heading = "Global options")]
    pub variables: Vec<String>,
    /// The declaration of the database
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "schema.toml",
        help_heading = "Global options"
    )]
    pub schema: PathBuf,
    /// How data is printed
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Global options"
    )]
    pub format: Format,
    /// When to use color
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub color: When,
}

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// When to use what suits a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal; color not if NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
