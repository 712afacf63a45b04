//! Properties that hold for any two schemas, judged by a real server.

use std::collections::BTreeSet;

use aludel::catalog::{Scope, introspect};
use aludel::diff::{Change, diff, reverse};
use aludel::model::Schema;
use aludel::model::declared::Hints;
use aludel::model::ident::Ident;
use aludel::model::snapshot::Snapshot;
use aludel::plan::{Options, Plan, plan};
use aludel::render;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use crate::generate::schema;
use crate::support::{TestDatabase, block_on};

const OPTIONS: Options = Options { online: true };

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

/// How many pairs the server judges; more with `ALUDEL_CASES`.
fn cases() -> u32 {
    std::env::var("ALUDEL_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(60)
}

#[test]
fn up_reaches_the_other_schema_and_down_comes_back() {
    let mut runner =
        TestRunner::new(Config { cases: cases(), max_shrink_iters: 40, ..Config::default() });
    let result = runner.run(&(schema(), schema()), |(from, to)| {
        let (left, right) = (TestDatabase::create("left"), TestDatabase::create("right"));
        let from = made(&left, &from)?;
        let to = made(&right, &to)?;
        let changes = diff(&from.schema, &to.schema);
        let up = planned(&from, &to)?;
        apply(&left, &up)?;
        expect_equal(&read(&left), &to, &up)?;
        let down = plan_of(&to, &from, &reverse(&changes))?;
        apply(&left, &down)?;
        expect_equal(&read(&left), &from, &down)
    });
    // The reason tells all; the two schemas would fill the screen.
    if let Err(TestError::Fail(reason, _)) = result {
        panic!("{reason}");
    }
}

fn as_snapshot(schema: &Schema) -> Snapshot {
    Snapshot { schema: schema.clone(), ..Snapshot::default() }
}

fn planned(from: &Snapshot, to: &Snapshot) -> Result<Plan, TestCaseError> {
    plan_of(from, to, &diff(&from.schema, &to.schema))
}

fn plan_of(from: &Snapshot, to: &Snapshot, changes: &[Change]) -> Result<Plan, TestCaseError> {
    plan(from, to, changes, &Hints::default(), OPTIONS).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        TestCaseError::fail(errors.join("\n"))
    })
}

fn expect_equal(found: &Snapshot, wanted: &Snapshot, plan: &Plan) -> Result<(), TestCaseError> {
    let left: Vec<String> =
        diff(&found.schema, &wanted.schema).iter().map(|it| format!("{it}: {it:?}")).collect();
    let script = render::script(plan);
    prop_assert!(left.is_empty(), "left over: {left:#?}\nafter\n{script}");
    Ok(())
}

/// Builds a schema from nothing and reads it back as the server knows it.
fn made(database: &TestDatabase, schema: &Schema) -> Result<Snapshot, TestCaseError> {
    let empty = read(database);
    let to = as_snapshot(schema);
    apply(database, &planned(&empty, &to)?)?;
    Ok(read(database))
}

fn apply(database: &TestDatabase, plan: &Plan) -> Result<(), TestCaseError> {
    block_on(async {
        let client = database.connect().await;
        for step in &plan.steps {
            let sql = render::statement(&step.statement);
            client.batch_execute(&sql).await.map_err(|error| {
                let script = render::script(plan);
                let message = error.as_db_error().map_or(error.to_string(), |it| it.to_string());
                TestCaseError::fail(format!("{message}\nin {sql}\nof\n{script}"))
            })?;
        }
        Ok(())
    })
}

fn read(database: &TestDatabase) -> Snapshot {
    block_on(async {
        let mut client = database.connect().await;
        let scope = Scope {
            namespaces: None::<BTreeSet<Ident>>,
            exclude: Vec::new(),
            ledger_namespace: Ident::new("aludel"),
        };
        introspect(&mut client, &scope).await.expect("a readable catalog")
    })
}
