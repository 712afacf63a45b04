//! A review as one HTML page that needs nothing else.

use askama::Template;

use super::schemas::{Side, sides};
use super::{Review, told};
use crate::diagram::{Diagram, STYLE};
use crate::model::Schema;
use crate::model::provided::Provided;
use crate::report::plain::{plain, with_passwords_starred};
use crate::review::facts::{ReviewedFile, ReviewedStatement};
use crate::review::hazard::Hazard;
use crate::schema_toml::write;

/// Tables that are drawn at most.
const DRAWN: usize = 60;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    summary: String,
    style: &'static str,
    files: Vec<FilePart<'a>>,
    database: Vec<String>,
}

/// A file on the page.
struct FilePart<'a> {
    path: String,
    revision: Option<&'a str>,
    statements: Vec<StatementPart<'a>>,
    /// What is said of the file rather than of a statement.
    hazards: Vec<HazardPart<'a>>,
    /// The schema before and after.
    rows: Vec<SidePart>,
    /// The tables that differ, in one column and in three.
    diagram: Option<(String, String)>,
    /// How many tables are not drawn.
    left_out: usize,
}

/// A statement on the page.
struct StatementPart<'a> {
    line: usize,
    sql: String,
    outside: bool,
    facts: Vec<FactPart>,
    hazards: Vec<HazardPart<'a>>,
}

/// What a statement does, with the class of its color.
struct FactPart {
    text: String,
    class: &'static str,
}

/// A hazard on the page.
struct HazardPart<'a> {
    code: &'a str,
    class: &'static str,
    message: String,
    safer: Option<String>,
    allowed: Option<String>,
}

/// A row of the schema: what stands at the left and at the right, and the class of both.
struct SidePart {
    left: String,
    right: String,
    class: &'static str,
}

/// The page.
#[must_use]
pub fn html(review: Review<'_>) -> String {
    let files = review.files.iter().map(|it| file_part(review, it)).collect();
    let database = review.database.iter().map(|it| plain(it).into_owned()).collect();
    let page = Page { summary: review.summary(), style: STYLE, files, database };
    page.render().expect("the template writes into memory")
}

fn file_part<'a>(review: Review<'a>, file: &'a ReviewedFile) -> FilePart<'a> {
    let statements = file.statements.iter().enumerate();
    let (before, after) = (&file.before.schema, &file.after.schema);
    let changed = Diagram::between(before, after).changed();
    let count = changed.tables.len();
    let drawn = (1..=DRAWN).contains(&count);
    FilePart {
        path: plain(&file.path).into_owned(),
        revision: file.revision.as_ref().map(|it| it.as_str()),
        statements: statements.map(|(at, it)| statement_part(review, file, at, it)).collect(),
        hazards: review.of(file).filter(|it| it.statement.is_none()).map(hazard_part).collect(),
        rows: schema_rows(before, after),
        diagram: drawn.then(|| (changed.svg_inside(1), changed.svg_inside(3))),
        left_out: if drawn { 0 } else { count },
    }
}

fn statement_part<'a>(
    review: Review<'a>,
    file: &'a ReviewedFile,
    number: usize,
    it: &'a ReviewedStatement,
) -> StatementPart<'a> {
    StatementPart {
        line: it.source.line,
        sql: plain(&with_passwords_starred(&it.source.text)).into_owned(),
        outside: it.outside,
        facts: facts(it),
        hazards: review.of_statement(file, number).map(hazard_part).collect(),
    }
}

fn facts(it: &ReviewedStatement) -> Vec<FactPart> {
    let parts = told::lines(&it.facts).into_iter().map(|text| {
        let class = if text.starts_with("loses") || text.starts_with("refused") {
            "bad"
        } else if text.contains("writes wait") || text.starts_with("rewrites") {
            "slow"
        } else {
            "calm"
        };
        FactPart { text: plain(&text).into_owned(), class }
    });
    parts.collect()
}

fn hazard_part(it: &Hazard) -> HazardPart<'_> {
    let shown = |text: &String| plain(text).into_owned();
    HazardPart {
        code: it.code,
        class: if it.allowed.is_some() { "allowed" } else { it.severity.word() },
        message: shown(&it.message),
        safer: it.safer.as_ref().map(shown),
        allowed: it.allowed.as_ref().map(shown),
    }
}

fn schema_rows(before: &Schema, after: &Schema) -> Vec<SidePart> {
    let text = |it: &Schema| with_passwords_starred(&write(it, &Provided::default()));
    let part = |left: String, right: String, class| SidePart { left, right, class };
    let rows = sides(&text(before), &text(after)).into_iter().map(|it| match it {
        Side::Same(it) => part(it.clone(), it, "same"),
        Side::Before(it) => part(it, String::new(), "dropped"),
        Side::After(it) => part(String::new(), it, "added"),
        Side::Both(left, right) => part(left, right, "changed"),
        Side::Skipped(count) => {
            let told = format!("… {count} more lines");
            part(told.clone(), told, "skipped")
        }
    });
    rows.collect()
}
