//! The diff cases without a server: what one knew of both sides is kept beside each (`sides.json`), so that
//! the planner and the renderer are checked in milliseconds.
//!
//! `ALUDEL_BLESS=1` writes the files while the cases run on a server (see [`crate::diff`]).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aludel::diff::rename::pending;
use aludel::model::declared::Hints;
use aludel::model::snapshot::{Casts, Snapshot};
use aludel::plan::{LockLevel, Step};
use aludel::render;
use aludel::workspace::Comparison;
use serde::{Deserialize, Serialize};

use crate::diff::{ONLINE, declared, folders, shown};

/// The file of a case.
pub(crate) const FILE: &str = "sides.json";

/// Both sides of a case as a server read them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sides {
    from: Snapshot,
    /// `from` after the renames, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renamed: Option<Snapshot>,
    to: Snapshot,
}

impl Sides {
    pub(crate) fn new(from: &Snapshot, renamed: &Snapshot, to: &Snapshot) -> Self {
        let renamed = (renamed != from).then(|| renamed.clone());
        let mut sides = Self { from: from.clone(), renamed, to: to.clone() };
        // Of what the server knows beside the schema, as much as these sides can ask for.
        let named = [&sides.from.schema, &sides.to.schema].map(json).concat();
        let all = std::iter::once(&mut sides.from).chain(&mut sides.renamed).chain([&mut sides.to]);
        for side in all {
            side.environment.server_version = side.environment.server_version / 10_000 * 10_000;
            let pairs: Vec<(String, String, _)> = side.environment.casts.clone().into();
            let is_named = |it: &str| {
                let bare = it.trim_end_matches("[]").rsplit('.').next().unwrap_or(it);
                named.contains(&format!("\"{bare}\""))
            };
            let asked = pairs.into_iter().filter(|it| is_named(&it.0) && is_named(&it.1));
            side.environment.casts = Casts::from(asked.collect::<Vec<_>>());
            side.environment.extension_versions.retain(|it, _| named.contains(it.as_str()));
            side.ownership = Default::default();
        }
        sides
    }

    pub(crate) fn text(&self) -> String {
        format!("{}\n", json(self))
    }
}

fn json(it: &impl Serialize) -> String {
    serde_json::to_string(it).expect("plain data")
}

#[test]
fn every_case_is_planned_and_rendered_without_a_server() {
    let failures: Vec<String> = folders().iter().filter_map(|it| differs(it)).collect();
    assert!(failures.is_empty(), "{} cases fail\n{}", failures.len(), failures.join("\n"));
}

fn sides(folder: &Path) -> Sides {
    let text = fs::read_to_string(folder.join(FILE)).expect("the sides of the case");
    serde_json::from_str(&text).expect("the sides of the case")
}

fn comparison(folder: &Path) -> Comparison {
    let (new, sides) = (declared(folder, "to.toml").expect("a declaration"), sides(folder));
    let renames = pending(&sides.from.schema, &sides.to.schema, &new.hints);
    let from = sides.renamed.unwrap_or(sides.from);
    Comparison::after(renames, from, sides.to, new.hints)
}

fn differs(folder: &Path) -> Option<String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let comparison = comparison(folder);
    let (up, refused) = match comparison.up(ONLINE) {
        Ok(plan) => (render::script(&plan), String::new()),
        Err(errors) => (String::new(), shown(&errors)),
    };
    let is_stuck = !refused.is_empty();
    let (down, stuck) = match comparison.down(ONLINE) {
        _ if is_stuck => (String::new(), String::new()),
        Ok(plan) => (render::script(&plan), String::new()),
        Err(errors) => (String::new(), shown(&errors)),
    };
    let texts =
        [("up.sql", up), ("down.sql", down), ("error.txt", refused), ("down_error.txt", stuck)];
    let wrong = texts.iter().filter_map(|(name, text)| {
        let expected = read(name);
        (expected != *text).then(|| {
            let diff = similar::TextDiff::from_lines(expected.as_str(), text);
            let file = folder.join(name).display().to_string();
            format!("{file}\n{}", diff.unified_diff().header("expected", "planned"))
        })
    });
    let wrong: Vec<String> = wrong.collect();
    (!wrong.is_empty()).then(|| wrong.join("\n"))
}

/// A row that is updated obeys a constraint that is not valid yet, so a column is filled before it is NOT
/// NULL, however that is written.
#[test]
fn columns_are_filled_before_they_are_not_null() {
    let case = "columns_are_filled_in_batches";
    let folder = folders().into_iter().find(|it| it.ends_with(case)).expect("the case");
    let mut sides = sides(&folder);
    for version in [160_000, 180_000] {
        sides.from.environment.server_version = version;
        sides.to.environment.server_version = version;
        let sides = (sides.from.clone(), sides.to.clone());
        let comparison = Comparison::after(Vec::new(), sides.0, sides.1, Hints::default());
        let steps = comparison.up(ONLINE).expect("a plan").steps;
        let sql: Vec<String> = steps.iter().map(|it| render::statement(&it.statement)).collect();
        let place = |words: &str| sql.iter().position(|it| it.contains(words));
        let filled = place("SET token = DEFAULT").expect("an UPDATE");
        let demanded = place("token IS NOT NULL) NOT VALID").or(place("NOT NULL token NOT VALID"));
        assert!(filled < demanded.expect("a constraint"), "{version}: {sql:#?}");
    }
}

/// No lock that blocks reads or writes is held while a later statement takes long, unless something is
/// taken away in the transaction that is put back in it.
#[test]
fn what_takes_long_stands_alone() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in folders() {
        let comparison = comparison(&folder);
        for plan in [comparison.up(ONLINE), comparison.down(ONLINE)].into_iter().flatten() {
            for steps in plan.steps.chunk_by(|a, b| a.transaction == b.transaction) {
                let blocks =
                    |it: &Step| it.effect.locks.iter().any(|it| it.level >= LockLevel::Share);
                let sql: Vec<String> =
                    steps.iter().map(|it| render::statement(&it.statement)).collect();
                let drops = sql.iter().any(|it| {
                    ["DROP ", "RENAME TO", "NO INHERIT"].iter().any(|word| it.contains(word))
                });
                seen += usize::from(steps.iter().any(|it| it.effect.takes_long()));
                if !drops && steps.iter().any(|it| it.effect.outlasted && blocks(it)) {
                    wrong.push(format!("{}\n{}", folder.display(), sql.join("\n")));
                }
            }
        }
    }
    assert!(seen > 100, "{seen} transactions take long");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What no case says: the test server has one version of each extension; which column steps in for another
/// only the commands know (`changes::other_dimensions_come_beside_the_old_and_take_their_place`); and the
/// NOT NULL of a domain has a name of its own where a server of that version was read.
const ELSEWHERE: [&str; 4] = ["UpdateExtension", "RequireFilled", "AddNotNull", "RenameConstraint"];

/// What a plan can say is said in some case, and so is run and measured on a server.
#[test]
fn every_kind_of_statement_is_in_a_case() {
    let mut said = String::new();
    for folder in folders() {
        for version in [160_000, 180_000] {
            let (new, mut sides) = (declared(&folder, "to.toml").expect("a file"), sides(&folder));
            let renames = pending(&sides.from.schema, &sides.to.schema, &new.hints);
            sides.from.environment.server_version = version;
            sides.to.environment.server_version = version;
            let from = sides.renamed.unwrap_or(sides.from);
            let comparison = Comparison::after(renames, from, sides.to, new.hints);
            for plan in [comparison.up(ONLINE), comparison.down(ONLINE)].into_iter().flatten() {
                let steps = plan.steps.iter().map(|it| format!("{:?}\n", it.statement));
                said.extend(steps);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words: BTreeSet<&str> =
        said.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let mut missing = Vec::new();
    for file in ["crates/core/src/plan/statement.rs", "crates/core/src/plan/mirror.rs"] {
        let text = fs::read_to_string(root.join(file)).expect("the source");
        let variants = text.lines().filter_map(|line| {
            let variant = line.strip_prefix("    ")?;
            let name = variant.split(|it: char| !it.is_alphanumeric()).next()?;
            let is_variant = name.starts_with(|it: char| it.is_ascii_uppercase())
                && (variant.ends_with(',') || variant.ends_with('{'));
            is_variant.then_some(name.to_owned())
        });
        let is_said = |it: &str| words.contains(it) || ELSEWHERE.contains(&it);
        missing.extend(variants.filter(|it| !is_said(it)));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
