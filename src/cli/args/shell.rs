//! Arguments of the commands that write for shells and for man.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What is typed after `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print the script for
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// A shell that can be told how to complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// in ~/.bashrc: source <(aludel completions bash)
    Bash,
    /// in rc.elv: eval (aludel completions elvish | slurp)
    Elvish,
    /// in ~/.config/fish/config.fish: aludel completions fish | source
    Fish,
    /// in $PROFILE: aludel completions powershell | Out-String | Invoke-Expression
    Powershell,
    /// in ~/.zshrc, after compinit: source <(aludel completions zsh)
    Zsh,
}

/// What is typed after `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Directory for the man pages of all commands; created if it does not exist
    #[arg(short, long, value_name = "DIRECTORY")]
    pub output: Option<PathBuf>,
}
