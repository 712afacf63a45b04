//! Two declarations in, the way from one to the other and back out: `cases/diff/KIND/WHAT_HAPPENS/`.
//!
//! `from.toml` and `to.toml` are what a database was and shall be; `up.sql` and `down.sql` what
//! aludel writes for that on the test server, or `error.txt` where it refuses (`down_error.txt`
//! where there is no way back). Both ways are run, and must arrive. Where there is `rows.sql`, it
//! fills the tables before, and `rows.txt` says what is in them after each of the ways.
//!
//! On a server each step must do what it says (see [`crate::facts`]), in the forms that make nobody wait and
//! in the plain ones, and the files must do by themselves what the runner does with them.
//!
//! The embedded engine runs the same cases; its texts may differ, for its version does.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use aludel::diagnostic::SourceFile;
use aludel::diff::diff;
use aludel::diff::rename::pending;
use aludel::model::Schema;
use aludel::model::declared::Hints;
use aludel::plan::{PlanError, PlanOptions};
use aludel::render;
use aludel::report::snippet;
use aludel::schema_toml::{self, Declaration};
use aludel::workspace::Comparison;

use crate::cases;
use crate::playground::{Playground, Stage};
use crate::sides::{self, Sides};
use crate::support::block_on;

/// The version that the texts of the cases are written on.
const WRITTEN_ON: u32 = 16;

pub(crate) const ONLINE: PlanOptions = PlanOptions { online: true };
const PLAIN: PlanOptions = PlanOptions { online: false };

#[test]
fn every_case_goes_up_and_comes_down_on_a_server() {
    // Most of the time is spent waiting for the server.
    check_all(
        4,
        async || Playground::on_server().await,
        |folder, outcome| {
            // The texts are those of one version; on others they differ here and there.
            if outcome.version != WRITTEN_ON {
                return outcome.untrue.join("\n");
            }
            let texts = [
                ("up.sql", &outcome.up),
                ("down.sql", &outcome.down),
                ("error.txt", &outcome.error),
                ("down_error.txt", &outcome.down_error),
                ("rows.txt", &outcome.rows),
                (sides::FILE, &outcome.sides),
            ];
            let compared = texts.iter().filter_map(|(name, text)| {
                let file = folder.join(name);
                let wanted = text.is_some() || file.exists();
                wanted.then(|| cases::differs(&file, text.as_deref().unwrap_or_default()))?
            });
            compared.chain(outcome.untrue.iter().cloned()).collect::<Vec<_>>().join("\n")
        },
    );
}

#[cfg(feature = "embedded")]
#[test]
fn every_case_goes_up_and_comes_down_on_the_embedded_engine() {
    check_all(
        2,
        async || Playground::embedded().await,
        |folder, outcome| {
            let refused = |name: &str, text: &Option<String>| {
                (folder.join(name).exists() != text.is_some())
                    .then(|| format!("{name}: {}", text.as_deref().unwrap_or("not refused")))
            };
            let refused = [
                refused("error.txt", &outcome.error),
                refused("down_error.txt", &outcome.down_error),
            ];
            refused.into_iter().flatten().collect::<Vec<_>>().join("\n")
        },
    );
}

/// What a case comes to.
#[derive(Default)]
struct Outcome {
    up: Option<String>,
    down: Option<String>,
    error: Option<String>,
    down_error: Option<String>,
    rows: Option<String>,
    /// What the server knows of both sides.
    sides: Option<String>,
    /// The major version of the server.
    version: u32,
    /// Where steps do differently than they say.
    untrue: Vec<String>,
}

/// Runs all cases on a few databases side by side; what `judge` says of an outcome is a failure.
/// `ALUDEL_CASE` picks those whose folder has it in its name.
#[track_caller]
fn check_all(
    databases: usize,
    open: impl AsyncFn() -> Playground + Sync,
    judge: impl Fn(&Path, &Outcome) -> String + Sync,
) {
    let waiting = Mutex::new(folders());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..databases {
            scope.spawn(|| {
                block_on(async {
                    let mut playground = open().await;
                    loop {
                        let Some(folder) = waiting.lock().unwrap().pop() else { break };
                        let said = match run(&mut playground, &folder).await {
                            Ok(outcome) => judge(&folder, &outcome),
                            Err(error) => error,
                        };
                        if !said.is_empty() {
                            let said = format!("{}\n{said}", folder.display());
                            failures.lock().unwrap().push(said);
                        }
                    }
                    playground.close().await;
                });
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(failures.is_empty(), "{} cases fail\n{}", failures.len(), failures.join("\n"));
}

pub(crate) fn folders() -> Vec<PathBuf> {
    let kinds = cases::folders("diff");
    let kinds = kinds.iter().filter_map(|it| Some(format!("diff/{}", it.file_name()?.to_str()?)));
    let all = kinds.flat_map(|it| cases::folders(&it));
    let picked = std::env::var("ALUDEL_CASE").unwrap_or_default();
    all.filter(|it| it.display().to_string().contains(&picked)).collect()
}

async fn run(playground: &mut Playground, folder: &Path) -> Result<Outcome, String> {
    let (old, new) = (declared(folder, "from.toml")?, declared(folder, "to.toml")?);
    let to = playground.create(&new.schema).await?;
    let from = playground.create(&old.schema).await?;
    let renames = pending(&from.schema, &to.schema, &new.hints);
    let mut renamed = from.clone();
    if !renames.is_empty() {
        renamed = playground.rename(&from, &renames).await?;
        playground.create(&old.schema).await?;
    }
    let kept = Sides::new(&from, &renamed, &to);
    let version = to.environment.major_version();
    let mut outcome = Outcome { version, sides: Some(kept.text()), ..Outcome::default() };
    let comparison = Comparison::after(renames, renamed, to.clone(), new.hints.clone());
    let up = match comparison.up(ONLINE) {
        Ok(up) => up,
        Err(errors) => {
            outcome.error = Some(shown(&errors));
            return Ok(outcome);
        }
    };
    outcome.up = Some(render::script(&up));
    let rows = fs::read_to_string(folder.join("rows.sql")).ok();
    if let Some(rows) = &rows {
        playground.execute(rows).await?;
    }
    outcome.untrue.extend(playground.run_measured(&up).await?);
    expect(playground, &to.schema, &new.hints, &render::script(&up)).await?;
    if rows.is_some() {
        outcome.rows = Some(playground.contents(&to.schema).await?);
    }
    let down = match comparison.down(ONLINE) {
        Ok(down) => down,
        Err(errors) => {
            outcome.down_error = Some(shown(&errors));
            return Ok(outcome);
        }
    };
    let (up, down_text) = (render::script(&up), render::script(&down));
    outcome.down = Some(down_text.clone());
    outcome.untrue.extend(playground.run_measured(&down).await?);
    expect(playground, &from.schema, &Hints::default(), &render::script(&down)).await?;
    if let Some(text) = &mut outcome.rows {
        let back = playground.contents(&from.schema).await?;
        text.push_str(&format!("\nand back:\n\n{back}"));
    }
    if playground.is_on_server() {
        // The files by themselves, with the transactions that they write.
        playground.create(&old.schema).await?;
        if let Some(rows) = &rows {
            playground.execute(rows).await?;
        }
        playground.run_by_psql(&up).await?;
        expect(playground, &to.schema, &new.hints, &up).await?;
        playground.run_by_psql(&down_text).await?;
        expect(playground, &from.schema, &Hints::default(), &down_text).await?;
        if let (Ok(there), Ok(back)) = (comparison.up(PLAIN), comparison.down(PLAIN))
            && (render::script(&there), render::script(&back)) != (up, down_text)
        {
            playground.create(&old.schema).await?;
            if let Some(rows) = &rows {
                playground.execute(rows).await?;
            }
            outcome.untrue.extend(playground.run_measured(&there).await?);
            expect(playground, &to.schema, &new.hints, &render::script(&there)).await?;
            outcome.untrue.extend(playground.run_measured(&back).await?);
            expect(playground, &from.schema, &Hints::default(), &render::script(&back)).await?;
        }
    }
    Ok(outcome)
}

pub(crate) fn declared(folder: &Path, name: &str) -> Result<Declaration, String> {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let files = [SourceFile::new(name, text)];
    schema_toml::parse(&files).map_err(|problems| snippet::render(&problems, &files, false))
}

/// Nothing may lie between what is there and what is wanted, not even a rename.
async fn expect(
    playground: &mut Playground,
    wanted: &Schema,
    hints: &Hints,
    script: &str,
) -> Result<(), String> {
    let found = playground.read().await.schema;
    let mut left = pending(&found, wanted, hints);
    left.extend(diff(&found, wanted));
    if left.is_empty() {
        return Ok(());
    }
    let left: Vec<String> = left.iter().map(|it| format!("{it}: {it:?}")).collect();
    Err(format!("remaining difference: {left:#?}\nafter\n{script}"))
}

pub(crate) fn shown(errors: &[PlanError]) -> String {
    let lines = errors.iter().map(|error| {
        let hints: String = error.hints().iter().map(|it| format!("  hint: {it}\n")).collect();
        format!("error: {error}\n{hints}")
    });
    lines.collect()
}
