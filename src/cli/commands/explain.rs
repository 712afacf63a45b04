//! `aludel explain`: what a rule of `review` finds, and what to do instead.

use serde::Serialize;

use crate::operations::Failure;
use crate::review::rules::RULES;
use crate::review::{explain, suggestion};

use super::super::Outcome;
use super::super::args::ExplainArgs;
use super::super::ui::Ui;

/// A rule in the list of all.
#[derive(Serialize)]
struct Listed {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    summary: &'static str,
}

pub(crate) fn run(ui: Ui, args: &ExplainArgs) -> Result<Outcome, Failure> {
    match &args.code {
        Some(code) => page(ui, code)?,
        None => list(ui)?,
    }
    Ok(Outcome::Done)
}

fn page(ui: Ui, code: &str) -> Result<(), Failure> {
    let Some(page) = explain(code) else {
        let failure = Failure::input(format!("no rule has the code `{code}`"));
        return Err(match suggestion(code) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint("`aludel explain` lists the codes"),
        });
    };
    Ok(ui.data(&serde_json::json!({ "code": code, "page": page }), &page)?)
}

fn list(ui: Ui) -> Result<(), Failure> {
    let listed = RULES.iter().map(|it| Listed {
        code: it.code,
        name: it.name,
        severity: it.severity.word(),
        summary: it.summary,
    });
    let listed: Vec<Listed> = listed.collect();
    let title = |it: &Listed| match it.code == it.name {
        true => it.code.to_owned(),
        false => format!("{} {}", it.code, it.name),
    };
    let width = listed.iter().map(|it| title(it).len()).max().unwrap_or(0);
    let line = |it: &Listed| format!("{:width$}  {:7}  {}\n", title(it), it.severity, it.summary);
    let text: String = listed.iter().map(line).collect();
    Ok(ui.data(&listed, &text)?)
}
