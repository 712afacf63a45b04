//! Arguments that consent to something.

use clap::{Args, ValueEnum};

use crate::operations::DataLoss;

/// What is typed to consent.
#[derive(Debug, Clone, Default, Args)]
pub struct ConsentArgs {
    /// Allow what is otherwise refused without a yes on a terminal
    #[arg(long, value_name = "RISK")]
    pub allow: Vec<Allowed>,
}

/// What is refused without consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Allowed {
    /// Losing data
    DataLoss,
}

impl ConsentArgs {
    /// Whether data may be lost.
    #[must_use]
    pub fn data_loss(&self) -> DataLoss {
        match self.allow.contains(&Allowed::DataLoss) {
            true => DataLoss::Allowed,
            false => DataLoss::Refused,
        }
    }
}
