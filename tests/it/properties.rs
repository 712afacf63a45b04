//! Properties that hold for any two schemas, judged by PostgreSQL.

use std::cell::RefCell;

use aludel::diagnostic::SourceFile;
use aludel::diff::rename::pending;
use aludel::diff::{diff, reverse};
use aludel::model::Schema;
use aludel::model::declared::Hints;
use aludel::model::provided::Provided;
use aludel::model::snapshot::Snapshot;
use aludel::plan::{Plan, PlanError, PlanOptions, plan};
use aludel::render;
use aludel::schema_toml;
use aludel::workspace::Comparison;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::fragments::script;
use crate::generate::schema;
use crate::playground::{Playground, Stage};
use crate::schemas::any_schema;

const OPTIONS: PlanOptions = PlanOptions { online: true };

proptest! {
    #[test]
    fn nothing_lies_between_a_schema_and_itself(schema in schema()) {
        prop_assert_eq!(diff(&schema, &schema), Vec::new());
    }

    #[test]
    fn reversing_twice_gives_the_changes_back(from in schema(), to in schema()) {
        let changes = diff(&from, &to);
        prop_assert_eq!(reverse(&reverse(&changes)), changes);
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(from in schema(), to in schema()) {
        let (from, to) = (as_snapshot(&from), as_snapshot(&to));
        let changes = diff(&from.schema, &to.schema);
        let planned = || plan(&from, &to, &changes, &Hints::default(), OPTIONS);
        prop_assert_eq!(planned().map(|it| render::script(&it)), planned().map(|it| render::script(&it)));
    }

    #[test]
    fn a_cached_snapshot_comes_back_whole(schema in schema()) {
        let text = serde_json::to_string(&as_snapshot(&schema)).unwrap();
        let read: Snapshot = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.schema, schema);
    }
}

/// How many pairs the server judges: always the same 60, or with `ALUDEL_CASES` so many new ones.
pub(crate) fn cases() -> u32 {
    asked_for().unwrap_or(60)
}

fn asked_for() -> Option<u32> {
    std::env::var("ALUDEL_CASES").ok()?.parse().ok()
}

#[test]
fn up_reaches_the_other_schema_and_down_comes_back() {
    let schemas = (schema(), schema());
    check(cases(), schemas, async || Playground::on_server().await, there_and_back);
}

#[test]
fn so_it_is_with_odd_schemas() {
    let schemas = (any_schema(), any_schema());
    check(cases(), schemas, async || Playground::on_server().await, as_far_as_it_goes);
}

#[test]
fn so_it_is_with_every_kind() {
    let scripts = (script(), script());
    check(5 * cases(), scripts, async || Playground::on_server().await, scripts_there_and_back);
}

#[test]
fn what_is_written_declares_the_same() {
    let scripts = (script(), script());
    check(cases(), scripts, async || Playground::on_server().await, written_and_declared);
}

#[cfg(feature = "embedded")]
#[test]
fn so_it_is_on_the_embedded_engine() {
    let schemas = (schema(), schema());
    check(cases() / 6, schemas, async || Playground::embedded().await, there_and_back);
}

/// Judges many pairs of schemas in the same databases.
#[track_caller]
pub(crate) fn check<T: std::fmt::Debug, P: Stage>(
    cases: u32,
    pairs: impl Strategy<Value = (T, T)>,
    open: impl AsyncFn() -> P,
    judge: impl AsyncFn(&mut P, &T, &T) -> Result<(), String>,
) {
    let config =
        Config { cases, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let playground = RefCell::new(runtime.block_on(open()));
    let mut runner = match asked_for() {
        Some(_) => TestRunner::new(config),
        None => {
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(config, rng)
        }
    };
    let result = runner.run(&pairs, |(from, to)| {
        let mut playground = playground.borrow_mut();
        runtime.block_on(judge(&mut playground, &from, &to)).map_err(TestCaseError::fail)
    });
    runtime.block_on(playground.into_inner().close());
    // The reason tells all; the two schemas would fill the screen.
    if let Err(TestError::Fail(reason, _)) = result {
        panic!("{reason}");
    }
}

/// What scripts make, written as schema.toml and made from that again.
async fn written_and_declared(
    playground: &mut Playground,
    one: &String,
    other: &String,
) -> Result<(), String> {
    for made in [one, other] {
        let wanted = playground.load(made).await?;
        let files = [SourceFile::new(
            "schema.toml",
            schema_toml::write(&wanted.schema, &Provided::default()),
        )];
        let told = |error: String| format!("{error}\nof\n{}\nof\n{made}", files[0].text);
        let declaration = schema_toml::parse(&files).map_err(|it| told(format!("{it:#?}")))?;
        let found = playground.create(&declaration.schema).await.map_err(told)?;
        let left = diff(&found.schema, &wanted.schema);
        if !left.is_empty() {
            return Err(told(format!("{left:#?}")));
        }
    }
    Ok(())
}

/// What two scripts make, with all that hangs together in it.
async fn scripts_there_and_back(
    playground: &mut Playground,
    from: &String,
    to: &String,
) -> Result<(), String> {
    let after = playground.load(to).await?;
    let before = playground.load(from).await?;
    let comparison = Comparison::after(Vec::new(), before.clone(), after.clone(), Hints::default());
    let told = |error: String| format!("{error}\nfrom\n{from}\nto\n{to}");
    let up = match comparison.up(OPTIONS) {
        Ok(up) => up,
        Err(errors) => return decisions(&errors).map_err(told),
    };
    playground.run(&up).await.map_err(told)?;
    expect_equal(&playground.read().await, &after, &up).map_err(told)?;
    match comparison.down(OPTIONS) {
        Ok(down) => {
            playground.run(&down).await.map_err(told)?;
            expect_equal(&playground.read().await, &before, &down).map_err(told)
        }
        Err(errors) => decisions(&errors).map_err(told),
    }
}

/// Generated declarations are valid as text; PostgreSQL takes only parts of them.
async fn as_far_as_it_goes(
    playground: &mut Playground,
    from: &Schema,
    to: &Schema,
) -> Result<(), String> {
    let from = playground.create_what_goes(from).await?;
    let to = playground.create_what_goes(to).await?;
    there_and_back(playground, &from.schema, &to.schema).await
}

async fn there_and_back(
    playground: &mut Playground,
    from: &Schema,
    to: &Schema,
) -> Result<(), String> {
    let to = playground.create(to).await?;
    let from = playground.create(from).await?;
    let renames = pending(&from.schema, &to.schema, &Hints::default());
    let mut renamed = from.clone();
    if !renames.is_empty() {
        renamed = playground.rename(&from, &renames).await?;
        playground.create(&from.schema).await?;
    }
    let comparison = Comparison::after(renames, renamed, to.clone(), Hints::default());
    let up = match comparison.up(OPTIONS) {
        Ok(up) => up,
        Err(errors) => return decisions(&errors),
    };
    playground.run(&up).await?;
    expect_equal(&playground.read().await, &to, &up)?;
    match comparison.down(OPTIONS) {
        Ok(down) => {
            playground.run(&down).await?;
            expect_equal(&playground.read().await, &from, &down)
        }
        Err(errors) => decisions(&errors),
    }
}

/// A type without a cast is a question to the user; any other refusal is a mistake here.
fn decisions(errors: &[PlanError]) -> Result<(), String> {
    let asks = |it: &PlanError| {
        use PlanError::{ColumnOrder, Dimensions, NoCast};
        matches!(it, NoCast { .. } | Dimensions { .. } | ColumnOrder { .. })
    };
    if errors.iter().all(asks) {
        return Ok(());
    }
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Err(errors.join("\n"))
}

fn as_snapshot(schema: &Schema) -> Snapshot {
    Snapshot { schema: schema.clone(), ..Snapshot::default() }
}

fn expect_equal(found: &Snapshot, wanted: &Snapshot, plan: &Plan) -> Result<(), String> {
    let left: Vec<String> =
        diff(&found.schema, &wanted.schema).iter().map(|it| format!("{it}: {it:?}")).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(format!("remaining difference: {left:#?}\nafter\n{}", render::script(plan)))
}
