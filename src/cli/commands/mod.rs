//! One file per command: what it needs before it runs, reading of its arguments, and printing of its
//! report.

mod adopt;
mod agent_guide;
mod check;
mod completions;
mod current;
mod diff;
mod explain;
mod findings;
mod generate;
mod graph;
mod history;
mod import;
mod init;
mod listing;
mod man;
mod merge;
mod migrate;
mod offline;
mod pull;
mod rebase;
mod recall;
mod repair;
mod review;
mod revision;
mod schema_json;
mod show;
mod squash;
mod stamp;
mod status;

use super::args::{Command, ImportArgs, ImportFrom};
use super::job::Job;

pub(super) use listing::titled;

/// What each command needs, and what runs it.
pub(super) fn job(command: &Command) -> Job<'_> {
    match command {
        Command::Init(args) => Job::alone(|ui| init::run(ui, args)),
        Command::Revision(args) => Job::new(revision::needs(args), args, revision::run),
        Command::Upgrade(args) => Job::new(migrate::needs(args.sql), args, migrate::upgrade),
        Command::Downgrade(args) => Job::new(migrate::needs(args.sql), args, migrate::downgrade),
        Command::Stamp(args) => Job::new(stamp::NEEDS, args, stamp::run),
        Command::Repair(args) => Job::new(repair::NEEDS, args, repair::run),
        Command::Import(ImportArgs { from: ImportFrom::Alembic(args) }) => {
            Job::new(import::NEEDS, args, import::alembic)
        }
        Command::Adopt(args) => Job::new(adopt::NEEDS, args, adopt::run),
        Command::Current(args) => Job::new(current::NEEDS, args, current::run),
        Command::History(args) => Job::new(history::needs(args), args, history::run),
        Command::Heads(args) => Job::at_once(history::NEEDS_OF_LISTS, args, history::heads),
        Command::Branches(args) => Job::at_once(history::NEEDS_OF_LISTS, args, history::branches),
        Command::Show(args) => Job::new(show::needs(&args.revision), args, show::run),
        Command::Edit(args) => Job::new(show::needs(&args.revision), args, show::edit),
        Command::Merge(args) => Job::at_once(merge::NEEDS, args, merge::run),
        Command::Rebase(args) => Job::new(rebase::NEEDS, args, rebase::run),
        Command::Squash(args) => Job::new(squash::NEEDS, args, squash::run),
        Command::Check(args) => Job::new(check::NEEDS, args, check::run),
        Command::Review(args) => Job::new(review::NEEDS, args, review::run),
        Command::Explain(args) => Job::alone(|ui| explain::run(ui, args)),
        Command::Rehearse(args) => Job::new(review::NEEDS_OF_REHEARSAL, args, review::rehearse),
        Command::Recall(args) => Job::new(recall::NEEDS, args, recall::run),
        Command::Graph(args) => Job::new(graph::NEEDS, args, graph::run),
        Command::Diff(args) => Job::new(diff::NEEDS, args, diff::run),
        Command::Pull(args) => Job::new(pull::NEEDS, args, pull::run),
        Command::Generate(args) => Job::new(generate::NEEDS, args, generate::run),
        Command::AgentGuide => Job::alone(agent_guide::run),
        Command::SchemaJson(args) => Job::alone(|ui| schema_json::run(ui, args)),
        Command::Status(args) => Job::new(status::NEEDS, args, status::run),
        Command::Completions(args) => Job::alone(|ui| completions::run(ui, args)),
        Command::Man(args) => Job::alone(|ui| man::run(ui, args)),
    }
}

/// What to do about edited comments and headers.
const ACCEPT_EDITS: &str = "edited comments and headers, and new down files, do not stop a run; to accept them: `aludel repair`";
