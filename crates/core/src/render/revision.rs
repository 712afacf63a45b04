//! The files of a revision, by templates that have the form of the files.
//!
//! In: a [`Plan`] or other content, and the [`Header`]. Out: the texts of the files. A template
//! receives the statements as SQL with their comments.

use askama::Template;

use crate::model::search_path::SearchPath;
use crate::plan::{Plan, Step, StepTransaction};
use crate::revision::file::Header;

use super::frame::Frame;
use super::{comment, statement};

/// The statements of a plan, in their transactions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// What is set first, so that names are found.
    search_path: Option<SearchPath>,
    transactions: Vec<Transaction>,
}

/// Statements that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Transaction {
    /// Whether BEGIN and COMMIT are written around them.
    is_block: bool,
    statements: Vec<Statement>,
}

/// A statement with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    /// Lines for people.
    comment: Vec<String>,
    /// A line for aludel.
    directive: Option<String>,
    sql: String,
}

impl Script {
    /// The statements of a plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let transactions: Vec<&[Step]> =
            plan.steps.chunk_by(|a, b| a.transaction == b.transaction).collect();
        let several = transactions.len() > 1;
        let transactions = transactions.into_iter().map(|steps| Transaction {
            is_block: several
                && steps.iter().all(|it| it.effect.transaction != StepTransaction::Outside),
            statements: steps.iter().map(Statement::new).collect(),
        });
        Self { search_path: None, transactions: transactions.collect() }
    }

    /// The same for a project with this search path. Names in `public` are written without it, so it has
    /// to come first.
    #[must_use]
    pub fn on(self, path: &SearchPath) -> Self {
        let changes = !path.begins_with_public() && !self.transactions.is_empty();
        Self { search_path: changes.then(|| path.public_first()), ..self }
    }
}

#[derive(Template)]
#[template(path = "revision.script.sql", escape = "none")]
struct ScriptFile<'a> {
    script: &'a Script,
}

/// Each statement stands after the comment that a reviewer reads.
impl std::fmt::Display for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        ScriptFile { script: self }.fmt(f)
    }
}

impl Statement {
    fn new(step: &Step) -> Self {
        // A name may hold a line break, which would end the comment.
        let printable = |it: char| if it.is_control() { ' ' } else { it };
        let comment = comment::lines(step);
        let comment = comment.iter().map(|it| it.chars().map(printable).collect());
        Self {
            comment: comment.collect(),
            directive: super::directive(step),
            sql: statement(&step.statement),
        }
    }
}

/// What stands in the files of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The statements of a plan.
    Plan(Script),
    /// A place for somebody's SQL.
    ByHand,
    /// Nothing: branches are joined.
    Merge,
    /// Nothing: there was nothing to do.
    Nothing,
    /// A place for SQL that the tool it comes from could not write.
    Unrendered,
    /// SQL that another tool has written.
    Sql(String),
}

#[derive(Template)]
#[template(path = "revision.up.sql", escape = "none")]
struct Up<'a> {
    header: &'a str,
    content: &'a Content,
}

#[derive(Template)]
#[template(path = "revision.down.sql", escape = "none")]
struct Down<'a> {
    content: &'a Content,
}

/// The up file.
#[must_use]
pub fn up(header: &Header, content: &Content, frame: Option<&Frame>) -> String {
    match frame {
        Some(frame) => {
            let body = Up { header: "", content }.to_string();
            frame.up(&header.to_string(), body.trim_start_matches('\n'))
        }
        None => Up { header: &header.to_string(), content }.to_string(),
    }
}

/// The down file.
#[must_use]
pub fn down(content: &Content, frame: Option<&Frame>) -> String {
    let body = Down { content }.to_string();
    frame.map_or(body.clone(), |it| it.down(&body))
}
