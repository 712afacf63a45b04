//! What is asked about in part is what it is as a whole: a declaration after a small change, with what is
//! known from before it, and without.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;

use aludel::config::{Flags, Settings};
use aludel::connection::surroundings::Process;
use aludel::diagnostic::SourceFile;
use aludel::model::Schema;
use aludel::model::object::ObjectId;
use aludel::model::provided::Provided;
use aludel::model::snapshot::Snapshot;
use aludel::schema_toml;
use aludel::workspace::{Declared, Workspace};

use crate::fragments::neighbours;
use crate::playground::Playground;
use crate::project::Project;
use crate::properties::{cases, check};
use crate::support::{block_on, server_url};

fn workspace(cache: &Path) -> Workspace {
    let dev_url = Some(server_url().to_owned());
    let flags = Flags { dev_url, dev_disposable: true, ..Flags::default() };
    let file = SourceFile::new("aludel.toml", "");
    let settings = Settings::resolve(&file, &flags, &Process).expect("settings");
    Workspace::new(settings, "schema.toml").keeping_in(cache)
}

fn declared(schema: &Schema) -> Declared {
    let text = schema_toml::write(schema, &Provided::default());
    let files = vec![SourceFile::new("schema.toml", text)];
    let declaration = schema_toml::parse(&files).expect("a declaration");
    Declared { declaration, files }
}

/// How much of a declaration an engine was asked about.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Asked {
    #[default]
    Nothing,
    Part,
    All,
}

/// What an engine makes of a declaration.
async fn made(declared: &Declared, cache: &Path) -> Result<(Snapshot, Asked), String> {
    let workspace = workspace(cache);
    let mut doing = workspace.activity().watch();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let watching = tokio::spawn(async move {
        let mut stopped = stopped;
        let mut asked = Asked::Nothing;
        loop {
            tokio::select! {
                biased;
                changed = doing.changed() => match changed {
                    Ok(()) => match doing.borrow_and_update().as_str() {
                        "creating the changed part of the declaration in a scratch database" => {
                            asked = Asked::Part;
                        }
                        "creating the declaration in a scratch database" => asked = Asked::All,
                        _ => {}
                    },
                    Err(_) => return asked,
                },
                _ = &mut stopped => return asked,
            }
        }
    });
    let made = workspace.declaration(declared).await;
    let _ = stop.send(());
    let asked = watching.await.expect("it does not panic");
    let made = made.map_err(|error| format!("{error:?}"))?;
    Ok((made.snapshot, asked))
}

fn expect_equal(part: &Snapshot, whole: &Snapshot) -> Result<(), String> {
    let all: BTreeSet<&ObjectId> =
        part.schema.iter().chain(whole.schema.iter()).map(|(id, _)| id).collect();
    for id in all {
        let (part, whole) = (part.schema.get(id), whole.schema.get(id));
        if part != whole {
            return Err(format!("in part {part:#?}\nas a whole {whole:#?}"));
        }
    }
    let pairs = |it: &Snapshot| -> BTreeSet<String> {
        it.dependencies.iter().map(|(one, other)| format!("{one} needs {other}")).collect()
    };
    let (of_part, of_whole) = (pairs(part), pairs(whole));
    if of_part != of_whole {
        let (more, less) = (&of_part - &of_whole, &of_whole - &of_part);
        return Err(format!("in part alone {more:#?}\nas a whole alone {less:#?}"));
    }
    match part == whole {
        true => Ok(()),
        false => Err("they differ in what is beside the objects".to_owned()),
    }
}

#[test]
fn a_part_reads_as_the_whole() {
    let in_part = Cell::new(0);
    check(
        cases() / 4,
        neighbours(),
        async || Playground::on_server().await,
        async |playground, one, other| {
            let told = |error: String| format!("{error}\nof\n{one}\nthen\n{other}");
            let before = declared(&playground.load(one).await?.schema);
            let after = declared(&playground.load(other).await?.schema);
            let (kept, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            made(&before, kept.path()).await.map_err(told)?;
            let (part, asked) = made(&after, kept.path()).await.map_err(told)?;
            let (whole, _) = made(&after, fresh.path()).await.map_err(told)?;
            in_part.set(in_part.get() + u32::from(asked != Asked::All));
            expect_equal(&part, &whole).map_err(told)
        },
    );
    assert!(in_part.get() * 16 > cases(), "only {} were asked about in part", in_part.get());
}

/// What a part does not have is still refused.
#[test]
fn what_breaks_elsewhere_is_found() {
    let cache = tempfile::tempdir().unwrap();
    let others: String =
        (0..9).map(|it| format!("[tables.other_{it}.columns]\nid = \"integer\"\n")).collect();
    let toml = |text: &str| {
        let files = vec![SourceFile::new("schema.toml", format!("{text}\n{others}"))];
        Declared { declaration: schema_toml::parse(&files).expect("a declaration"), files }
    };
    let with = |columns: &str| {
        toml(&format!("[views]\nlatest = \"SELECT max(a) FROM t\"\n[tables.t.columns]\n{columns}"))
    };
    let of = |it: &Declared| block_on(made(it, cache.path()));
    of(&with("a = \"integer\"\nb = \"integer\"")).expect("a declaration");
    let refused = of(&with("b = \"integer\"")).map(|_| ()).expect_err("a view reads the column");
    assert!(refused.contains("column \\\"a\\\" does not exist"), "{refused}");
}

/// New columns that say nothing but their type are known without asking, and are what they would be.
#[test]
fn a_plain_column_asks_nothing() {
    let schema = |columns: &str| {
        let text = format!(
            r#"
[extensions]
vector = {{}}

[enums]
mood = ["sad", "ok"]

[tables.people]
primary_key = ["id"]

[tables.people.columns]
{columns}
id        = {{ type = "bigint", identity = "always" }}
number    = "serial"
name      = {{ type = "text", default = "lower('X')" }}
mood      = {{ type = "mood", default = "'sad'" }}
price     = "numeric(10,2)?"
embedding = "vector(3)?"

[tables.people.checks]
people_number_check = "number > 0 AND mood IN ('sad', 'ok')"

[tables.people.indexes.people_lower_idx]
columns = [{{ expression = "lower(name)" }}]

[tables.posts.columns]
id        = "bigint"
mood      = "mood?"
person_id = {{ type = "bigint", references = "people.id" }}

[views]
moods = "SELECT * FROM posts"
"#
        );
        let files = vec![SourceFile::new("schema.toml", text)];
        Declared { declaration: schema_toml::parse(&files).expect("a declaration"), files }
    };
    let cache = tempfile::tempdir().unwrap();
    let of = |it: &Declared, cache: &Path| block_on(made(it, cache)).expect("a declaration");
    assert_eq!(of(&schema(""), cache.path()).1, Asked::All);
    let mut columns = String::new();
    for (at, (written, asks)) in [
        ("\"numeric(10,2)\"", false),
        ("{ type = \"mood?\", comment = \"How it is\" }", false),
        ("\"vector(3)?\"", false),
        ("\"bigint\"", false),
        ("\"numeric(10,3)\"", true),
        ("{ type = \"bigint\", default = \"3\" }", true),
        ("{ type = \"text\", collation = \"C\" }", true),
        ("\"bigserial\"", true),
    ]
    .into_iter()
    .enumerate()
    {
        columns.push_str(&format!("new_{at} = {written}\n"));
        let declared = schema(&columns);
        let fresh = tempfile::tempdir().unwrap();
        let (known, asked) = of(&declared, cache.path());
        assert_eq!(asked != Asked::Nothing, asks, "{written}");
        expect_equal(&known, &of(&declared, fresh.path()).0).unwrap();
    }
}

/// Revisions that ran on a part of what is there carry proofs that hold when everything is run.
#[test]
fn what_is_proved_in_part_holds_as_a_whole() {
    let others: String = (0..30)
        .map(|it| format!("[tables.other_{it}.columns]\nid = \"integer\"\nword = \"text\"\n"))
        .collect();
    let people = "id = { type = \"bigint\", identity = \"always\" }\nname = \"varchar(20)\"\n";
    let posts = "person_id = { type = \"bigint\", references = \"people.id\" }\n";
    let schema = |people: &str, posts: &str, more: &str| {
        format!(
            "[enums]\nmood = [\"sad\", \"ok\"]\n\n[tables.people]\nprimary_key = [\"id\"]\n\n\
             [tables.people.columns]\n{people}\n[tables.posts.columns]\n{posts}\n{more}\n{others}"
        )
    };
    let view = |query: &str| format!("[views]\nnames = \"{query}\"\n");
    let project = Project::new(&schema(people, posts, ""));
    let revision = |message: &str| {
        let arguments = ["revision", "--autogenerate", "-m", message, "--dev-url", server_url()];
        project.ends(0, &arguments)
    };
    revision("first");
    let with_mood = format!("{people}mood = {{ type = \"mood\", default = \"'ok'\" }}\n");
    let checked = "[tables.people.checks]\npeople_name_check = \"name IN ('Ada', 'Bob')\"\n";
    let longer = with_mood.replace("varchar(20)", "text").replace("name =", "title =");
    let longer = longer.replace("\"text\"", "{ type = \"text\", renamed_from = \"name\" }");
    for (message, text) in [
        ("a column", schema(&with_mood, posts, "")),
        ("a check", schema(&with_mood, posts, checked)),
        (
            "a view",
            schema(&with_mood, posts, &format!("{checked}{}", view("SELECT * FROM people"))),
        ),
        ("another view", schema(&with_mood, posts, &view("SELECT id, name FROM people"))),
        ("a renamed column", schema(&longer, posts, &view("SELECT id, title FROM people"))),
        ("no reference", schema(&longer, "person_id = \"bigint\"\n", "")),
    ] {
        project.write("schema.toml", &text);
        revision(message).says(&["wrote "]);
    }
    project.ends(0, &["check", "--prove", "--dev-url", server_url()]).says(&["agree"]);
}

/// Rows that revisions leave may be in the way of a new one, which therefore runs on all of them.
#[test]
fn rows_of_revisions_are_in_the_way() {
    let others: String =
        (0..30).map(|it| format!("[tables.other_{it}.columns]\nid = \"integer\"\n")).collect();
    let schema = |kind: &str| format!("[tables.t.columns]\na = \"{kind}\"\n{others}");
    let project = Project::new(&schema("integer?"));
    let revision = ["revision", "--autogenerate", "--dev-url", server_url(), "-m"];
    project.ends(0, &[&revision[..], &["first", "--rev-id", "first"]].concat());
    let filling = "-- Revision: second\n-- Revises: first\n-- Message: rows\n\n";
    project.write("migrations/second.up.sql", &format!("{filling}INSERT INTO t VALUES (NULL);\n"));
    project.write("migrations/second.down.sql", "DELETE FROM t;\n");
    project.ends(0, &["check", "--dev-url", server_url()]);
    project.write("schema.toml", &schema("integer"));
    project.ends(2, &[&revision[..], &["third"]].concat()).says(&["is violated by some row"]);
}
