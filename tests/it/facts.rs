//! What steps say of themselves against what a server does: each is run in a transaction that is looked
//! at before it ends. CONCURRENTLY runs beside sessions that it has to wait for, and is looked at while it
//! waits.
//!
//! Compared are the locks on tables that were there before (`pg_locks`), the heaps and indexes of those
//! that are written again (`pg_class.relfilenode`), and whether they are read (`seq_scan` of
//! `pg_stat_xact_all_tables`).

use std::collections::{BTreeMap, BTreeSet};

use aludel::plan::statement::Statement;
use aludel::plan::{LockLevel, Plan, Step, StepTransaction};
use aludel::render;
use aludel::review::{Facts as Measured, Footing, RelationKind};
use aludel::sql_text::split;
use aludel::workspace::review::beside;
use aludel::workspace::review::look::{Relations, Seen, locks, read_between, relations, scans};

use crate::playground::Playground;

/// What a statement was seen to do, or says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    /// The strongest lock on each table, as far as it is in the way of anybody.
    locks: BTreeMap<String, LockLevel>,
    rewrites: bool,
    rebuilds: BTreeSet<String>,
    scans: bool,
}

impl Playground {
    /// Runs a plan step by step, and tells where a step does differently than it says.
    pub(crate) async fn run_measured(&self, plan: &Plan) -> Result<Vec<String>, String> {
        let known = self.relations().await;
        let mut untrue = Vec::new();
        // Where it is UTC, a timestamp becomes one with time zone without being written again.
        self.execute("SET TimeZone TO 'Europe/Berlin'").await?;
        for step in &plan.steps {
            let sql = render::statement(&step.statement);
            let told = |error| format!("{error}\nin {sql}\nof\n{}", render::script(plan));
            let before = self.relations().await;
            if step.effect.transaction == StepTransaction::Outside
                && !matches!(step.statement, Statement::Fill { .. })
            {
                let told = self.run_beside(&sql, step, &before).await.map_err(told)?;
                untrue.extend(told);
                continue;
            }
            self.execute("BEGIN").await?;
            if matches!(step.statement, Statement::ContinueIdentity { .. }) {
                // A planner that sees few rows reads them all rather than look into an index.
                self.execute("SET LOCAL enable_seqscan = off").await?;
            }
            let read = scans(self.database()).await.expect("scans");
            if let Err(error) = self.execute(&sql).await {
                self.execute("ROLLBACK").await?;
                return Err(told(error));
            }
            let scanned = read_between(&read, &scans(self.database()).await.expect("scans"));
            let (after, locks) = (self.relations().await, locks(self.database(), None).await);
            let (before, locks) = (&before, &locks.expect("locks"));
            let seen = Seen { before, after: &after, locks, scanned, known: &known }.facts();
            self.execute("COMMIT").await?;
            let (seen, said) = (in_the_way(&seen), said(step));
            if seen != said {
                untrue.push(format!("{sql}\n    does    {seen:?}\n    says    {said:?}"));
            }
        }
        Ok(untrue)
    }

    /// Runs a statement outside of transactions, and tells where it locks differently than it says.
    async fn run_beside(
        &self,
        sql: &str,
        step: &Step,
        before: &Relations,
    ) -> Result<Option<String>, String> {
        let statement = split(sql).expect("a statement").remove(0);
        let beside = beside::run(self.database(), &statement, sql, before).await;
        let beside = beside.map_err(|it| it.to_string())?;
        beside.done.map_err(|it| it.to_string())?;
        if !beside.watched {
            return Ok(None);
        }
        let seen = Seen {
            before,
            after: before,
            locks: &beside.locks,
            scanned: BTreeSet::new(),
            known: before,
        };
        let (seen, said) = (in_the_way(&seen.facts()).locks, said(step).locks);
        Ok((seen != said).then(|| format!("{sql}\n    locks   {seen:?}\n    says    {said:?}")))
    }

    async fn relations(&self) -> Relations {
        relations(self.database()).await.expect("relations")
    }
}

/// What is in the way of anybody of what was there before.
fn in_the_way(facts: &Measured) -> Facts {
    let is_table = |it: RelationKind| matches!(it, RelationKind::Table | RelationKind::View);
    let locks = facts.locks.iter().filter(|it| {
        it.level >= LockLevel::ShareUpdateExclusive
            && it.footing == Footing::Existing
            && is_table(it.kind)
    });
    Facts {
        locks: locks.map(|it| (it.relation.clone(), it.level)).collect(),
        rewrites: !facts.rewritten.is_empty(),
        rebuilds: facts.rebuilt.iter().cloned().collect(),
        scans: facts.scanned.iter().any(|it| it.footing == Footing::Existing),
    }
}

fn said(step: &Step) -> Facts {
    let effect = &step.effect;
    let of_tables = effect.locks.iter().filter(|it| {
        it.level >= LockLevel::ShareUpdateExclusive
            && !it.relation.starts_with("index ")
            && !it.relation.starts_with("sequence ")
    });
    let mut locks = BTreeMap::new();
    for lock in of_tables {
        let relation = ["materialized view ", "view "]
            .iter()
            .find_map(|it| lock.relation.strip_prefix(it))
            .unwrap_or(&lock.relation);
        let strongest = locks.entry(relation.to_owned()).or_insert(lock.level);
        *strongest = lock.level.max(*strongest);
    }
    Facts {
        locks,
        rewrites: effect.rewrites,
        rebuilds: effect.rebuilds.iter().cloned().collect(),
        scans: effect.takes_long() || effect.fills,
    }
}
