//! What the commands do, for programs: options go in, a typed report comes out.
//!
//! A [`Project`] is the configuration, the declaration and the revisions of a folder. Each operation is a
//! method of it, and a file here. Its longer steps are boxed: threads of tests and of async runtimes have two
//! mebibytes of stack, on which a future that contains all its steps does not run in a debug build. What is told
//! while it works goes to a [`Host`]: the command line is one, a program can be another. Nothing here prints,
//! reads arguments or ends the process.
//!
//! ```no_run
//! use aludel::operations::{CheckOptions, Project, RevisionOptions};
//!
//! # async fn example() -> Result<(), aludel::operations::Failure> {
//! let project = Project::open()?;
//! let options = RevisionOptions { message: Some("add notes".to_owned()), ..Default::default() };
//! project.autogenerate(&options).await?;
//! project.upgrade(&["head"]).await?;
//! let checked = project.check(&CheckOptions::default()).await?;
//! assert!(checked.findings.is_empty());
//! # Ok(())
//! # }
//! ```

mod adopt;
mod amend;
mod beforehand;
mod check;
mod consent;
mod current;
pub(crate) mod diff;
pub(crate) mod draft;
pub mod failure;
mod findings;
mod generate;
mod health;
pub(crate) mod hooks;
mod host;
mod import;
mod init;
pub(crate) mod ledger;
mod listing;
mod merge;
mod migrate;
mod offline;
mod ours;
mod phases;
mod project;
mod pull;
mod rebase;
mod recall;
mod renames;
mod review;
mod revision;
mod squash;
mod status;
pub(crate) mod targets;

pub use crate::runner::PendingRevision;
pub use adopt::Adopted;
pub use check::{CheckOptions, CheckReport, Finding, FindingKind};
pub use consent::DataLoss;
pub use current::{CurrentReport, CurrentRevision};
pub use diff::{DiffOptions, DiffReport, Step};
pub use draft::DraftOptions;
pub use failure::{Failure, Kind};
pub use findings::{Filled, Findings, Loses, Lost, MayFail, NotFilled, Rows, Seen};
pub use generate::{CodeFile, CodeState, GenerateOptions, GenerateReport};
pub use host::{Host, Message, Silent};
pub use import::{ImportOptions, Imported};
pub use init::{InitReport, Platform, init};
pub use listing::{Branchpoint, HistoryOptions, ListedRevision, Listing, ShownRevision};
pub use merge::{MergeOptions, Merged};
pub use offline::{ScriptOptions, ScriptReport};
pub use project::{Project, configuration};
pub use pull::{PullReport, Pulled};
pub use rebase::{RebaseOptions, Rebased};
pub use recall::{RecallOptions, RecallReport};
pub use review::{Known, LiveDatabase, LiveTable, OpenTransaction, ReviewOptions, ReviewReport};
pub use revision::{RevisionOptions, RevisionReport};
pub use squash::{SquashOptions, Squashed};
pub use status::{
    InterruptedBatches, InterruptedRevision, InterruptedStatement, LeftObject, StatusReport,
};
