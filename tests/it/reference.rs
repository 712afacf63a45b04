//! The examples of docs/schema-toml.md, put to PostgreSQL, written back whole and in parts, and read
//! again. Together they declare one database, but for those that stand alone.

use crate::project::Project;
use crate::support::{TestDatabase, block_on, server_url};

/// The version from which all examples work, unless they say another.
const OLDEST: i32 = 15;

/// The blocks of a language, with what stands behind its name.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<(&'t str, &'t str)> {
    let opening = format!("\n```{language}");
    let bodies = text.split(opening.as_str()).skip(1).filter_map(|it| it.split_once('\n'));
    let block = |(title, body): (&'t str, &'t str)| (title.trim(), body.split("```").next());
    bodies.map(block).filter_map(|(title, body)| Some((title, body?))).collect()
}

fn server_version() -> i32 {
    let database = TestDatabase::create("version");
    block_on(async {
        let client = database.connect().await;
        let row = client.query_one("SHOW server_version_num", &[]).await.unwrap();
        row.get::<_, String>(0).parse::<i32>().unwrap() / 10_000
    })
}

/// A project of all examples that this version knows: the first is its schema.toml, which includes
/// the others.
fn project(version: i32) -> Project {
    let text = include_str!("../../docs/schema-toml.md");
    let since = |title: &str| title.strip_prefix("since ").map_or(0, |it| it.parse().unwrap());
    let together = |title: &str| title != "alone" && since(title) <= version;
    let examples = blocks(text, "toml").into_iter().filter(|(title, _)| together(title));
    let examples: Vec<&str> = examples.map(|(_, body)| body).collect();
    let project = Project::new(examples[0]);
    std::fs::create_dir_all(project.path("schema/sql")).unwrap();
    for (number, example) in examples.iter().enumerate().skip(1) {
        project.write(&format!("schema/{number:02}.toml"), example);
    }
    for (_, files) in blocks(text, "sql") {
        for file in files.split("-- sql/").skip(1) {
            let (name, sql) = file.split_once('\n').unwrap();
            project.write(&format!("schema/sql/{name}"), sql);
        }
    }
    project
}

#[test]
fn the_examples_are_one_declaration() {
    let version = server_version();
    if version < OLDEST {
        return;
    }
    let project = project(version);
    let dev = ["--dev-url", server_url(), "--dev-disposable"];
    let run = |arguments: &[&str]| project.ends(0, &[arguments, &dev].concat());
    run(&["pull", "schema.toml", "--output", "whole.toml"]);
    run(&["pull", "schema.toml", "--output", "parts.toml", "--split"]);
    run(&["diff", "schema.toml", "whole.toml", "--exit-code"]);
    run(&["diff", "whole.toml", "parts.toml", "--exit-code"]);
    assert!(project.read("parts.toml").starts_with("include = [\n    \"parts/auth.toml\",\n"));
    assert!(project.read("parts/billing.toml").contains("[tables.\"billing.invoices\""));
    assert!(!project.read("parts/public.toml").contains("billing.invoices"));
}

#[test]
fn the_others_are_declarations_too() {
    let blocks = blocks(include_str!("../../docs/schema-toml.md"), "toml");
    let alone: Vec<_> = blocks.into_iter().filter(|(title, _)| *title == "alone").collect();
    assert!(!alone.is_empty());
    for (_, example) in alone {
        let project = Project::new(example);
        let dev = ["--dev-url", server_url(), "--dev-disposable"];
        let run = |arguments: &[&str]| project.ends(0, &[arguments, &dev].concat());
        run(&["pull", "schema.toml", "--output", "whole.toml"]);
        run(&["diff", "schema.toml", "whole.toml", "--exit-code"]);
        assert!(project.read("whole.toml").contains("provided = true"));
    }
}
