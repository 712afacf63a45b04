//! The global options. The doc comments are the help text.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "aludel.toml",
        help_heading = "Global options"
    )]
    pub config: PathBuf,
    /// Database: a postgres:// URL or a libpq connection string
    ///
    /// The default is ALUDEL_URL, then DATABASE_URL, then `[database] url` in aludel.toml, then the
    /// embedded database in .aludel/db.
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub url: Option<String>,
    /// Database of aludel.toml, or `all` (repeatable)
    ///
    /// A database is declared there as `[databases.NAME]`. With several databases the command runs on
    /// each in turn and stops at the first failure.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Global options")]
    pub database: Vec<String>,
    /// Server for scratch databases, or `target`
    ///
    /// The default is the embedded PostgreSQL. `target` is the server of the database itself.
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub dev_url: Option<String>,
    /// Run files with all privileges of the user of --dev-url
    ///
    /// Use it only if the server is disposable. Without this option files run as a role that has
    /// privileges in its scratch database only. With it they can create what PostgreSQL reserves for
    /// superusers: base types, operator classes, functions in C.
    #[arg(long, global = true, help_heading = "Global options")]
    pub dev_disposable: bool,
    /// Also compare and write privileges
    ///
    /// This includes default privileges. Without this option they are compared if schema.toml declares
    /// any, or with `grants = true` in `[database]`.
    #[arg(long, global = true, help_heading = "Global options")]
    pub grants: bool,
    /// Value of a variable used in revisions (repeatable)
    ///
    /// A revision declares its variables in its header, `-- Variables: tenant, owner=app`, and uses them
    /// as psql does: `:"tenant"` as an identifier, `:'tenant'` as a literal, `:tenant` unquoted.
    #[arg(short = 'x', global = true, value_name = "NAME=VALUE", help_heading = "Global options")]
    pub variables: Vec<String>,
    /// Declaration of the database
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "schema.toml",
        help_heading = "Global options"
    )]
    pub schema: PathBuf,
    /// Output format
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
    /// For a pull request (`review`)
    Markdown,
    /// SARIF 2.1.0, for code scanning (`review`)
    Sarif,
    /// Annotations of GitHub Actions (`review`)
    Github,
    /// One page (`review`)
    Html,
    /// Diagram for Markdown (`graph`)
    Mermaid,
    /// Diagram for Graphviz (`graph`)
    Dot,
    /// Drawing (`graph`)
    Svg,
}

/// When to use what suits a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal; no color if NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
