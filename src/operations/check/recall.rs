//! The budgets of recall that schema.toml sets, as `check --recall` measures them.

use crate::connection::ignore_notices;
use crate::measurement::{Options, Target, measure, targets};
use crate::model::code_hints::{IndexHints, RecallBudget};
use crate::model::object::ObjectId;
use crate::model::pgvector::VectorMethod;
use crate::recall::IndexRecall;
use crate::workspace::read_declaration;

use super::super::Project;
use super::super::failure::{Failure, chain};
use super::finding::{Finding, FindingKind};

/// How many candidates generated code takes for each row, of an index on something smaller than the vectors.
const OVERSAMPLE: u32 = 20;

/// The budgets that are missed.
pub(super) async fn missed(project: &Project) -> Result<Vec<Finding>, Failure> {
    if !project.has_server() {
        let failure = "recall is measured on a server: times of the embedded engine say nothing";
        return Err(Failure::input(failure).hint("name one with --url, or leave out --recall"));
    }
    let declared = read_declaration(&project.schema)?;
    let indexes = &declared.declaration.code.indexes;
    let budgets: Vec<(&ObjectId, &IndexHints, RecallBudget)> =
        indexes.iter().filter_map(|(id, hints)| Some((id, hints, hints.recall?))).collect();
    if budgets.is_empty() {
        project.note("schema.toml sets no recall for a vector index: nothing was measured");
        return Ok(Vec::new());
    }
    let database = project.workspace.connect(ignore_notices()).await?;
    let found = Box::pin(measured(project, &database.connection, &budgets)).await;
    database.close().await;
    found
}

async fn measured(
    project: &Project,
    client: &tokio_postgres::Client,
    budgets: &[(&ObjectId, &IndexHints, RecallBudget)],
) -> Result<Vec<Finding>, Failure> {
    let targets = targets(client).await.map_err(|it| Failure::database(chain(&it)))?;
    let mut findings = Vec::new();
    for (id, hints, budget) in budgets {
        let Some(target) = targets.iter().find(|it| is_meant(it, id)) else {
            let message = format!("{id} has a recall to meet, but the database does not have it");
            findings.push(Finding::new(FindingKind::Recall, message));
            continue;
        };
        let what = format!("measuring {}.{}", target.table, target.index);
        let _doing = project.workspace.activity().begin(what);
        findings.extend(Box::pin(one(project, client, target, hints, budget)).await?);
    }
    Ok(findings)
}

/// Measures the declared settings; and all settings, if these are not enough.
async fn one(
    project: &Project,
    client: &tokio_postgres::Client,
    target: &Target,
    hints: &IndexHints,
    budget: &RecallBudget,
) -> Result<Option<Finding>, Failure> {
    let common = Options {
        k: budget.k,
        at_least: budget.at_least.number(),
        scans: vec![target.chosen(budget.k).scan(hints)],
        statement_timeout: project.workspace.database().statement_timeout.value,
        ..Options::default()
    };
    let effort = vec![hints.effort.unwrap_or_else(|| target.chosen(budget.k).effort())];
    let declared = match target.method {
        VectorMethod::Hnsw => Options { ef_search: effort, ..common.clone() },
        VectorMethod::Ivfflat => Options { probes: effort, ..common.clone() },
    };
    let declared = Options { reranks: vec![OVERSAMPLE], ..declared };
    let report = Box::pin(measure(client, target, &declared)).await?;
    if !report.is_measured() {
        return Ok(Some(unmeasured(&report)));
    }
    let Some(missed) = report.missed(budget) else { return Ok(None) };
    let all = Box::pin(measure(client, target, &common)).await?;
    let shown = vec![all.would_meet(budget)];
    Ok(Some(Finding { shown, ..Finding::new(FindingKind::Recall, missed) }))
}

fn unmeasured(report: &IndexRecall) -> Finding {
    let message = format!("index {}.{} cannot be measured", report.table, report.index);
    let shown = report.problems.iter().map(|it| format!("{}; {}", it.message, it.remedy)).collect();
    Finding { shown, ..Finding::new(FindingKind::Recall, message) }
}

/// Whether an index of the database is the declared one. Both have the same name in their schema, in which names
/// of indexes are unique.
fn is_meant(target: &Target, id: &ObjectId) -> bool {
    let namespace = id.namespace.as_ref().map_or("public", |it| it.as_str());
    target.is_index(namespace, id.name.as_str())
}
