//! What steps say of themselves against what a server does: each is run in a transaction that is looked
//! at before it ends. CONCURRENTLY runs beside sessions that it has to wait for, and is looked at while it
//! waits.
//!
//! Compared are the locks on tables that were there before (`pg_locks`), the heaps and indexes of those
//! that are written again (`pg_class.relfilenode`), and whether they are read (`seq_scan` of
//! `pg_stat_xact_all_tables`).

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

use aludel::plan::statement::Statement;
use aludel::plan::{LockLevel, Plan, Step, StepTransaction};
use aludel::render;

use crate::playground::Playground;

/// The tables and indexes of the database: `oid`, `table`, `index` and where they are stored.
const RELATIONS: &str = "
    SELECT c.oid, coalesce(i.indrelid, c.oid)::regclass::text AS table,
           CASE WHEN i.indexrelid IS NOT NULL THEN c.oid::regclass::text END AS index,
           pg_relation_filenode(c.oid) AS stored
      FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
     WHERE c.relkind IN ('r', 'p', 'f', 'i', 'I', 'v', 'm')
       AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'";
const LOCKS: &str = "
    SELECT relation AS oid, mode FROM pg_locks
     WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted";
/// With those that it waits for.
const LOCKS_OF: &str = "
    SELECT relation AS oid, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation'";
const BLOCKING: &str = "SELECT pg_blocking_pids($1) AS pids";
const PID: &str = "SELECT pg_backend_pid() AS pid";
/// What a session has not reported yet counts as well, so only more of them are this statement's.
const SCANS: &str = "SELECT relid AS oid, seq_scan FROM pg_stat_xact_all_tables WHERE seq_scan > 0";

/// A table or an index.
#[derive(Debug, Clone)]
struct Relation {
    table: String,
    index: Option<String>,
    stored: Option<u32>,
}

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
        let before = self.relations().await;
        let known: BTreeSet<u32> = before.keys().copied().collect();
        let mut untrue = Vec::new();
        // Where it is UTC, a timestamp becomes one with time zone without being written again.
        self.execute("SET TimeZone TO 'Europe/Berlin'").await?;
        for step in &plan.steps {
            let sql = render::statement(&step.statement);
            let told = |error| format!("{error}\nin {sql}\nof\n{}", render::script(plan));
            let relations = self.relations().await;
            if step.effect.transaction == StepTransaction::Outside
                && !matches!(step.statement, Statement::Fill { .. })
            {
                let told = self.run_beside(&sql, step, &relations).await.map_err(told)?;
                untrue.extend(told);
                continue;
            }
            self.execute("BEGIN").await?;
            if matches!(step.statement, Statement::ContinueIdentity { .. }) {
                // A planner that sees few rows reads them all rather than look into an index.
                self.execute("SET LOCAL enable_seqscan = off").await?;
            }
            let scans = self.scans().await;
            if let Err(error) = self.execute(&sql).await {
                self.execute("ROLLBACK").await?;
                return Err(told(error));
            }
            let seen = self.seen(&relations, &known, &scans).await;
            self.execute("COMMIT").await?;
            let said = said(step);
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
        relations: &BTreeMap<u32, Relation>,
    ) -> Result<Option<String>, String> {
        if !self.is_on_server() {
            return self.execute(sql).await.map(|()| None);
        }
        let said = said(step).locks;
        let own = self.database().query(PID, &[]).await.expect("a session");
        let own: i32 = own[0].get("pid");
        let watcher = self.connect().await;
        // Whoever has written or read a table makes it wait, each where that matters to it.
        let mut others = BTreeMap::new();
        for table in said.keys() {
            for mode in ["ROW EXCLUSIVE", "ACCESS SHARE"] {
                let session = self.connect().await;
                let hold = format!("BEGIN; LOCK TABLE ONLY {table} IN {mode} MODE");
                session.batch_execute(&hold).await.map_err(|it| format!("{it}: {hold}"))?;
                let pid = session.query_one(PID, &[]).await.expect("a session");
                others.insert(pid.get::<_, i32>("pid"), session);
            }
        }
        let mut seen = BTreeMap::new();
        let mut running = pin!(self.execute(sql));
        let outcome = loop {
            let turn = tokio::time::timeout(Duration::from_millis(5), &mut running).await;
            let locks = watcher.query(LOCKS_OF, &[&own]).await.expect("locks");
            for row in &locks {
                let (relation, level) = (relations.get(&row.get("oid")), level(row.get("mode")));
                if let (Some(Relation { table, index: None, .. }), Some(level)) = (relation, level)
                {
                    let strongest = seen.entry(table.clone()).or_insert(level);
                    *strongest = level.max(*strongest);
                }
            }
            if let Ok(outcome) = turn {
                break outcome;
            }
            let waits = watcher.query_one(BLOCKING, &[&own]).await.expect("sessions");
            for pid in waits.get::<_, Vec<i32>>("pids") {
                others.remove(&pid);
            }
        };
        outcome?;
        Ok((seen != said).then(|| format!("{sql}\n    locks   {seen:?}\n    says    {said:?}")))
    }

    async fn relations(&self) -> BTreeMap<u32, Relation> {
        let rows = self.database().query(RELATIONS, &[]).await.expect("relations");
        let relation = |row: &tokio_postgres::Row| Relation {
            table: row.get("table"),
            index: row.get("index"),
            stored: row.get("stored"),
        };
        rows.iter().map(|row| (row.get("oid"), relation(row))).collect()
    }

    /// How often each table was read from its first page on.
    async fn scans(&self) -> BTreeMap<u32, i64> {
        let rows = self.database().query(SCANS, &[]).await.expect("scans");
        rows.iter().map(|row| (row.get("oid"), row.get("seq_scan"))).collect()
    }

    async fn seen(
        &self,
        relations: &BTreeMap<u32, Relation>,
        known: &BTreeSet<u32>,
        scans: &BTreeMap<u32, i64>,
    ) -> Facts {
        let mut facts = Facts::default();
        let known = |oid: u32| relations.get(&oid).filter(|_| known.contains(&oid));
        for row in self.database().query(LOCKS, &[]).await.expect("locks") {
            let (oid, level) = (row.get("oid"), level(row.get("mode")));
            if let (Some(Relation { table, index: None, .. }), Some(level)) = (known(oid), level) {
                let strongest = facts.locks.entry(table.clone()).or_insert(level);
                *strongest = level.max(*strongest);
            }
        }
        for (oid, count) in self.scans().await {
            let more = scans.get(&oid).is_none_or(|before| *before < count);
            facts.scans |= more && known(oid).is_some();
        }
        let after = self.relations().await;
        for (oid, now) in &after {
            let Some(was) = known(*oid) else { continue };
            if now.index.is_none() && was.stored != now.stored {
                facts.rewrites = true;
            }
        }
        // An index that a type change keeps gets another OID all the same.
        let stored = |all: &BTreeMap<u32, Relation>| -> BTreeMap<String, Option<u32>> {
            let indexes = all.values().filter_map(|it| Some((it.index.clone()?, it.stored)));
            indexes.collect()
        };
        let (before, after) = (stored(relations), stored(&after));
        for (index, stored) in before {
            if after.get(&index).is_some_and(|it| *it != stored) {
                facts.rebuilds.insert(index);
            }
        }
        if facts.rewrites {
            facts.rebuilds.clear();
        }
        facts
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

/// The levels that somebody has to wait for.
fn level(mode: &str) -> Option<LockLevel> {
    match mode {
        "ShareUpdateExclusiveLock" => Some(LockLevel::ShareUpdateExclusive),
        "ShareLock" => Some(LockLevel::Share),
        "ShareRowExclusiveLock" => Some(LockLevel::ShareRowExclusive),
        "AccessExclusiveLock" => Some(LockLevel::AccessExclusive),
        _ => None,
    }
}
