//! What is told by the rows of the catalog, against what is read from it: each diff case goes up, down and up
//! again, twice over.

use aludel::diff::diff;
use aludel::model::declared::Hints;
use aludel::workspace::Comparison;
use aludel::workspace::watch::{Watch, mark};

use crate::diff::{ONLINE, declared, folders};
use crate::playground::{Playground, Stage};
use crate::support::block_on;

#[derive(Default)]
struct Count {
    same: usize,
    /// Those that had to be read, and were the same.
    read: usize,
    wrong: Vec<String>,
}

#[test]
fn the_same_rows_are_the_same_schema() {
    let mut count = Count::default();
    block_on(async {
        let mut playground = Playground::on_server().await;
        // Each second case has every kind of change, too, and there are hundreds.
        for folder in folders().into_iter().step_by(2) {
            if let Err(error) = there_and_back(&mut playground, &folder, &mut count).await {
                count.wrong.push(format!("{}: {error}", folder.display()));
            }
        }
        playground.close().await;
    });
    let Count { same, read, wrong } = count;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(same > 50, "{same} told by their rows, {read} had to be read");
}

async fn there_and_back(
    playground: &mut Playground,
    folder: &std::path::Path,
    count: &mut Count,
) -> Result<(), String> {
    let (old, new) = (declared(folder, "from.toml")?, declared(folder, "to.toml")?);
    let to = playground.create(&new.schema).await?;
    let (from, mut watch) = playground.watched(&old.schema).await?;
    let comparison = Comparison::after(Vec::new(), from.clone(), to.clone(), Hints::default());
    let (Ok(up), Ok(down)) = (comparison.up(ONLINE), comparison.down(ONLINE)) else {
        return Ok(());
    };
    for (plan, there, back) in [(&up, &from, &down), (&down, &to, &up), (&up, &from, &down)] {
        let since = mark(playground.database()).await.ok_or("no mark")?;
        playground.run(plan).await?;
        let changed = playground.read().await.schema;
        if is_same(&watch, playground, &since).await && !diff(&changed, &there.schema).is_empty() {
            count.wrong.push(format!("{}: a difference is not seen", folder.display()));
        }
        playground.run(back).await?;
        let differences = diff(&playground.read().await.schema, &there.schema);
        match (is_same(&watch, playground, &since).await, differences.is_empty()) {
            (true, true) => count.same += 1,
            (false, true) => count.read += 1,
            (true, false) => count.wrong.push(format!("{}: {differences:?}", folder.display())),
            (false, false) => {}
        }
        playground.run(plan).await?;
        watch.follow(playground.database(), &since).await.ok_or("not followed")?;
    }
    Ok(())
}

async fn is_same(watch: &Watch, playground: &Playground, since: &str) -> bool {
    watch.is_as_before(playground.database(), since).await
}
