//! A stranger's database with one object at least of every kind that PostgreSQL has, through `pull` and
//! back.

use super::project::Project;
use super::support::{TestDatabase, block_on, without_what_it_lacks};

const EVERYTHING: &str = include_str!("stranger/everything.sql");

/// The letters that must all be there: `pg_class.relkind`, `pg_constraint.contype`,
/// `pg_type.typtype`, `pg_proc.prokind` of what is not the system's own.
const LETTERS: &str =
    "SELECT string_agg(DISTINCT what || letter, ' ' ORDER BY what || letter) FROM (
    SELECT 'relkind ' AS what, relkind::text AS letter FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT 'contype ', contype::text FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT 'typtype ', typtype::text FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT 'prokind ', prokind::text FROM pg_proc WHERE oid >= 16384) it";

fn letters(database: &TestDatabase) -> String {
    block_on(async { database.connect().await.query_one(LETTERS, &[]).await.unwrap().get(0) })
}

/// What a database is after an SQL script of the program has run in it.
#[track_caller]
fn apply(project: &Project, database: &TestDatabase, from: &str, to: &str) {
    let dev = ["--dev-url", &database.url(), "--dev-disposable"];
    let told = project.ends(0, &[&["diff", from, to][..], &dev].concat());
    database.execute(&told.stdout);
}

#[test]
fn every_kind_goes_through_pull_and_back() {
    let database = TestDatabase::create("stranger");
    database.execute(&block_on(without_what_it_lacks(EVERYTHING)));
    let found = letters(&database);
    for kind in [
        "relkind r",
        "relkind i",
        "relkind S",
        "relkind t",
        "relkind v",
        "relkind m",
        "relkind c",
        "relkind f",
        "relkind p",
        "relkind I",
        "contype c",
        "contype f",
        "contype p",
        "contype u",
        "contype t",
        "contype x",
        "typtype b",
        "typtype c",
        "typtype d",
        "typtype e",
        "typtype r",
        "typtype m",
        "prokind f",
        "prokind p",
        "prokind a",
        "prokind w",
    ] {
        assert!(found.contains(kind), "{kind}: {found}");
    }

    let project = Project::new("");
    let url = database.url();
    let pulled = project.ends(0, &["pull", &url, "-o", "pulled.toml"]);
    assert!(!pulled.stderr.contains("does not manage"), "{pulled}");
    for sides in [[url.as_str(), "pulled.toml"], ["pulled.toml", url.as_str()]] {
        let arguments =
            ["diff", sides[0], sides[1], "--exit-code", "--dev-url", &url, "--dev-disposable"];
        assert_eq!(project.ends(0, &arguments).stdout, "");
    }

    let copy = TestDatabase::create("stranger_copy");
    apply(&project, &copy, "empty", "pulled.toml");
    assert_eq!(letters(&copy), found);
    let same = project.ends(
        0,
        &["diff", &copy.url(), &url, "--exit-code", "--dev-url", &url, "--dev-disposable"],
    );
    assert_eq!(same.stdout, "");
    apply(&project, &copy, &copy.url(), "empty");
    let left = project.ends(0, &["pull", &copy.url()]);
    assert_eq!(left.stdout, "");
}
