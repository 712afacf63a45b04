//! Asks every rule about every statement, and weighs what it finds.

use std::collections::BTreeSet;

use super::allow::{Policy, Verdict, allowances, suggestion};
use super::context::walk;
use super::facts::ReviewedFile;
use super::hazard::{Allowance, Hazard, Severity};
use super::rule::{Finding, Rule};
use super::rules::{self, UNKNOWN_ALLOWANCE, UNUSED_ALLOWANCE};
use super::surroundings::{Surroundings, TableSize};
use crate::report::bytes;
use crate::sql_text::split_script;

/// What is hazardous in some files, in their order and by place. What is allowed is among it, and says
/// why.
#[must_use]
pub fn judge(files: &[ReviewedFile], policy: &Policy, surroundings: &Surroundings) -> Vec<Hazard> {
    files.iter().flat_map(|it| judge_file(it, policy, surroundings)).collect()
}

/// The rules that say why a server refuses a statement, which then need not be said twice.
const REASONS: [&str; 12] = [
    "PV01",
    "PV02",
    "PV03",
    "PV04",
    "PV05",
    "PV09",
    "PV17",
    "PV20",
    "PV30",
    "add-column-not-null-no-default",
    "concurrently-in-transaction",
    "enum-value-same-transaction",
];

/// The rule about work on a whole table that no other rule tells.
const REST: &str = "whole-table-work";

/// Whether a rule tells why work on a whole table is hazardous. That a table is read twice, or
/// that invented rows are refused, does not.
fn tells_of_work(rule: &Rule) -> bool {
    ![REST, "multiple-alters", "statement-refused"].contains(&rule.code)
        && (rule.grows || rule.severity == Severity::Error)
}

fn judge_file(file: &ReviewedFile, policy: &Policy, surroundings: &Surroundings) -> Vec<Hazard> {
    let places = Places::of(&file.text);
    let mut hazards = Vec::new();
    walk(file, surroundings, |context| {
        let directed = allowances(&context.statement.source.directives);
        let mut used = BTreeSet::new();
        let first = hazards.len();
        // Also of an empty table, which raises no hazard.
        let mut told = false;
        for rule in rules::RULES {
            let findings = (rule.check)(context);
            told |= tells_of_work(rule) && !findings.is_empty();
            for finding in findings {
                let start = context.statement.source.span.start + finding.at.unwrap_or(0);
                let Some(hazard) = weighed(rule, finding, surroundings) else { continue };
                let (line, column) = places.at(start);
                let path = file.path.clone();
                let statement = Some(context.number);
                let hazard = Hazard { path, line, column, statement, ..hazard };
                hazards.push(allowed(hazard, rule, &directed, policy, &mut used));
            }
        }
        if hazards[first..].iter().any(|it: &Hazard| REASONS.contains(&it.code)) {
            let number = Some(context.number);
            hazards.retain(|it| it.code != "statement-refused" || it.statement != number);
        }
        if told {
            hazards.retain(|it| it.code != REST || it.statement != Some(context.number));
        }
        let unused = directed.iter().enumerate().filter(|(at, _)| !used.contains(at));
        let number = Some(context.number);
        hazards.extend(unused.map(|(_, it)| unused_allowance(file, it, number, policy)));
    });
    hazards.extend(stray(file, policy));
    hazards.sort_by(|a, b| (a.line, a.column, a.code).cmp(&(b.line, b.column, b.code)));
    hazards.dedup();
    hazards
}

/// A finding as a hazard, its severity by the size of the table where that is known. None on an empty one.
fn weighed(rule: &Rule, finding: Finding, surroundings: &Surroundings) -> Option<Hazard> {
    let size = finding.table.as_ref().and_then(|it| surroundings.tables.get(it)).copied();
    let size = size.filter(|_| rule.grows);
    let usual = finding.severity.unwrap_or(rule.severity);
    let (severity, told) = match size {
        Some(TableSize { rows: 0, .. }) => return None,
        Some(it) if it.is_small() => (Severity::Info, format!(" ({} rows)", it.rows)),
        Some(it) => (usual, format!(" ({} rows, {})", it.rows, bytes(it.bytes))),
        None => (usual, String::new()),
    };
    Some(Hazard {
        code: rule.code,
        severity,
        message: finding.message + &told,
        safer: finding.safer,
        object: finding.object,
        path: String::new(),
        line: 1,
        column: 1,
        statement: None,
        allowed: None,
    })
}

/// A hazard with what the file and the configuration say of it.
fn allowed(
    mut hazard: Hazard,
    rule: &Rule,
    directed: &[Allowance],
    policy: &Policy,
    used: &mut BTreeSet<usize>,
) -> Hazard {
    for (at, it) in directed.iter().enumerate() {
        if it.code == rule.code || it.code == rule.name {
            used.insert(at);
            let reason = if it.reason.is_empty() { "no reason given" } else { &it.reason };
            hazard.allowed.get_or_insert_with(|| reason.to_owned());
        }
    }
    match policy.verdict(rule.code, &hazard.path) {
        Verdict::Open => {}
        Verdict::Denied => hazard.severity = Severity::Error,
        Verdict::Allowed(pattern) => {
            let pattern = format!("aludel.toml allows {}", pattern.codes);
            hazard.allowed.get_or_insert(pattern);
        }
    }
    hazard
}

/// An allowance that allowed nothing, or that has a code that does not exist.
fn unused_allowance(
    file: &ReviewedFile,
    it: &Allowance,
    statement: Option<usize>,
    policy: &Policy,
) -> Hazard {
    let known = rules::find(&it.code).is_some();
    let (rule, message, safer) = if known {
        let message = format!("`allow {}` allows nothing: the statement does not have it", it.code);
        (UNUSED_ALLOWANCE, message, "Remove the directive.".to_owned())
    } else {
        let meant = suggestion(&it.code).map(|it| format!("Did you mean `{it}`?"));
        let list = || "`aludel explain` lists the codes.".to_owned();
        (UNKNOWN_ALLOWANCE, format!("unknown code `{}`", it.code), meant.unwrap_or_else(list))
    };
    let hazard = Hazard {
        code: rule.code,
        severity: rule.severity,
        message,
        safer: Some(safer),
        object: None,
        path: file.path.clone(),
        line: it.line,
        column: 1,
        statement,
        allowed: None,
    };
    allowed(hazard, rule, &[], policy, &mut BTreeSet::new())
}

/// The allowances of a file that stand above no statement.
fn stray(file: &ReviewedFile, policy: &Policy) -> Vec<Hazard> {
    let Ok(script) = split_script(&file.text) else { return Vec::new() };
    allowances(&script.stray).iter().map(|it| unused_allowance(file, it, None, policy)).collect()
}

/// Where the lines of a text begin.
struct Places<'a> {
    text: &'a str,
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|it| it.1 == b'\n');
        Self { text, lines: std::iter::once(0).chain(ends.map(|it| it.0 + 1)).collect() }
    }

    /// The line and the column in characters of a byte, counted from one.
    fn at(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|it| *it <= byte).max(1);
        let start = self.lines[line - 1];
        let before = self.text.get(start..byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::surroundings::LongTransaction;
    use super::super::testing::{Case, T, sql};
    use super::*;
    use crate::plan::LockLevel;

    const INDEXED: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n\
                           [tables.t.indexes]\ni = [\"a\"]\n";

    fn index() -> Case {
        sql("-- x\n  create index i on t (a)")
            .has(T)
            .in_revision()
            .locks(LockLevel::Share, "t")
            .builds("i")
            .makes(INDEXED)
    }

    fn codes(case: Case, policy: &Policy, surroundings: &Surroundings) -> Vec<String> {
        let found = judge(&[case.file()], policy, surroundings);
        let allowed =
            |it: &Hazard| it.allowed.as_ref().map_or(String::new(), |it| format!(" ({it})"));
        let told = |it: &Hazard| {
            format!("{}:{} {:?} {}{}", it.line, it.column, it.severity, it.code, allowed(it))
        };
        found.iter().map(told).collect()
    }

    #[test]
    fn hazards_have_places() {
        let found = codes(index(), &Policy::default(), &Surroundings::default());
        assert_eq!(found, ["2:3 Error index-not-concurrent"]);
    }

    #[test]
    fn sizes_count() {
        let sized = |rows, bytes| {
            let tables = [("t".to_owned(), TableSize { rows, bytes })];
            let near = Surroundings { tables: tables.into(), ..Surroundings::default() };
            codes(index(), &Policy::default(), &near)
        };
        assert_eq!(sized(0, 0), [] as [&str; 0]);
        assert_eq!(sized(100, 8192), ["2:3 Info index-not-concurrent"]);
        assert_eq!(sized(1_000_000, 1 << 30), ["2:3 Error index-not-concurrent"]);
    }

    #[test]
    fn files_and_configuration_allow() {
        let policy = Policy::new(["index-*"], []);
        let found = codes(index(), &policy, &Surroundings::default());
        assert_eq!(found, ["2:3 Error index-not-concurrent (aludel.toml allows index-*)"]);
        let directed = sql(
            "-- aludel: allow index-not-concurrent, drop-tabel few rows\ncreate index i on t (a)",
        )
        .has(T)
        .in_revision()
        .locks(LockLevel::Share, "t")
        .builds("i")
        .makes(INDEXED);
        let found = codes(directed, &Policy::default(), &Surroundings::default());
        assert_eq!(
            found,
            ["1:1 Error unknown-allowance", "2:1 Error index-not-concurrent (few rows)"]
        );
    }

    /// Nobody uses what the file creates.
    #[test]
    fn what_a_file_creates_is_in_nobodys_use() {
        let whole = "[extensions]\nvector = \"*\"\n[tables.users.columns]\nid = { type = \"bigint\", \
                     primary_key = true }\n[tables.docs.columns]\nid = { type = \"bigint\", primary_key = true }\n\
                     user_id = { type = \"bigint\", references = \"users.id\" }\nslug = { type = \"text\", unique = true \
                     }\nv = \"vector(3)?\"\n[tables.docs.indexes]\ndocs_user_id = [\"user_id\"]\n[tables.docs.indexes.i]\n\
                     method = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n[tables.docs.checks]\nk = \"id > 0\"\n";
        let case = sql("create table docs (id bigint primary key, v vector(3))")
            .makes(whole)
            .locks(LockLevel::AccessExclusive, "docs")
            .locks(LockLevel::AccessExclusive, "users")
            .then("create index i on docs using hnsw (v vector_l2_ops)")
            .locks(LockLevel::Share, "docs")
            .then("alter table docs add constraint k check (id > 0)")
            .locks(LockLevel::AccessExclusive, "docs")
            .scans("docs")
            .then("alter table docs drop column slug")
            .locks(LockLevel::AccessExclusive, "docs")
            .then("truncate docs")
            .locks(LockLevel::AccessExclusive, "docs")
            .then("drop index i")
            .locks(LockLevel::AccessExclusive, "docs")
            .then("update docs set id = 1")
            .locks(LockLevel::RowExclusive, "docs")
            .scans("docs");
        assert_eq!(codes(case, &Policy::default(), &Surroundings::default()), [] as [&str; 0]);
    }

    #[test]
    fn a_refusal_is_told_once() {
        let refused = |text: &str, message: &str| {
            let case = sql(text).has(T).in_revision().refused(message);
            codes(case, &Policy::default(), &Surroundings::default())
        };
        let told = "column \"x\" of relation \"t\" contains null values";
        assert_eq!(
            refused("alter table t add x int not null", told),
            ["1:1 Error add-column-not-null-no-default"]
        );
        assert_eq!(
            refused("alter table t alter a set not null", told),
            ["1:1 Warning statement-refused"]
        );
    }

    #[test]
    fn work_on_a_whole_table_is_told_once() {
        let works = |text: &str, made: &str| {
            let case = sql(text).has(T).in_revision().locks(LockLevel::AccessExclusive, "t");
            let case = case.rewrites("t").scans("t").makes(made);
            codes(case, &Policy::default(), &Surroundings::default())
        };
        let wide = T.replace("integer", "bigint");
        let known = works("alter table t alter a type bigint", &wide);
        assert_eq!(known, ["1:21 Error alter-type"]);
        let unknown = works("alter table t alter a set expression as (1)", T);
        assert_eq!(unknown, ["1:1 Error whole-table-work"]);
    }

    #[test]
    fn an_open_transaction_that_has_the_table_is_told() {
        let it = LongTransaction { pid: 7, seconds: 90, tables: vec!["t".to_owned()] };
        let near = Surroundings { long_transactions: vec![it], ..Surroundings::default() };
        let found = codes(index(), &Policy::default(), &near);
        assert_eq!(found, ["2:3 Error index-not-concurrent", "2:3 Warning long-transaction"]);
    }
}
