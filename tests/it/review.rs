//! What a review sees of statements: the measured forms of DDL (`review/forms.tsv`), each on tables with rows.

use std::collections::BTreeMap;

use aludel::config::{Flags, Settings};
use aludel::connection::surroundings::Process;
use aludel::diagnostic::SourceFile;
use aludel::plan::LockLevel;
use aludel::review::{Facts, FactsSource, Footing, RelationKind, ReviewedFile, ReviewedStatement};
use aludel::revision::file::TransactionMode;
use aludel::workspace::Workspace;
use aludel::workspace::review::{Leg, Subject};

use crate::support::{block_on, connect, server_url};

const FORMS: &str = include_str!("review/forms.tsv");
const SETUPS: &str = include_str!("review/setups.sql");

/// What is locked as well, but is no relation.
const NO_RELATIONS: [&str; 8] = ["mood", "trg", "fn", "vector", "halfvec", "sparsevec", "st", "s2"];

/// What PostgreSQL 18 does otherwise than 16, where the forms were measured: NOT VALID foreign keys of partitioned
/// tables are taken, and a unique constraint of one locks its partitions as strongly as itself.
const OTHERWISE_ON_18: [&str; 2] = [
    "ALTER TABLE ADD FOREIGN KEY NOT VALID on a partitioned table",
    "ALTER TABLE ADD UNIQUE on a partitioned table",
];

/// What a form is known to do.
struct Form {
    name: &'static str,
    example: &'static str,
    table: &'static str,
    others: BTreeMap<&'static str, &'static str>,
    rewrite: &'static str,
    indexes: &'static str,
    scan: &'static str,
    transactional: bool,
    loss: &'static str,
}

/// The forms; those alone whose name contains `ALUDEL_FORM`, where that is set.
fn forms() -> Vec<Form> {
    let wanted = std::env::var("ALUDEL_FORM").unwrap_or_default();
    let all = FORMS.lines().skip(1).map(form);
    all.filter(|it| it.name.contains(&wanted)).collect()
}

fn form(line: &'static str) -> Form {
    let fields: Vec<&str> = line.split('\t').collect();
    let others = fields[3].split("; ").filter_map(|it| it.split_once('='));
    let others = others.map(|(name, level)| (name.rsplit(' ').next().unwrap_or(name), level));
    // It is in another schema.
    let others = others.map(|(name, level)| (if name == "x" { "s2.x" } else { name }, level));
    Form {
        name: fields[0],
        example: fields[1],
        table: fields[2],
        others: others.collect(),
        rewrite: fields[4],
        indexes: fields[5],
        scan: fields[6],
        transactional: fields[7] == "yes",
        loss: fields[8],
    }
}

/// What is there before a form.
#[derive(Debug, Clone, Default)]
struct Setup {
    script: String,
    /// What stands before it in its file.
    first: String,
    in_block: bool,
}

fn setups() -> (BTreeMap<&'static str, String>, BTreeMap<&'static str, Setup>) {
    let (mut bases, mut setups) = (BTreeMap::new(), BTreeMap::new());
    let (mut base, mut names): (Option<&str>, Vec<&str>) = (None, Vec::new());
    let mut is_open = false;
    for line in SETUPS.lines() {
        if let Some(name) = line.strip_prefix("-- base: ") {
            base = Some(name);
            bases.insert(name, String::new());
            continue;
        }
        if let Some(name) = line.strip_prefix("-- form: ") {
            if !is_open {
                names.clear();
            }
            (base, is_open) = (None, true);
            names.push(name);
            setups.insert(name, Setup { script: bases["plain"].clone(), ..Setup::default() });
            continue;
        }
        if let Some(base) = base {
            bases.get_mut(base).unwrap().extend([line, "\n"]);
            continue;
        }
        is_open = false;
        for name in &names {
            let setup: &mut Setup = setups.get_mut(name).unwrap();
            if let Some(name) = line.strip_prefix("-- on ") {
                setup.script = bases[name].clone();
            } else if let Some(first) = line.strip_prefix("-- first: ") {
                setup.first = format!("{first};\n");
            } else if line == "-- in a block" {
                setup.in_block = true;
            } else {
                setup.script.extend([line, "\n"]);
            }
        }
    }
    (bases, setups)
}

const EMPTY: &str = "RESET ALL;\nDROP SCHEMA IF EXISTS public, probe2, probe_x, s2 CASCADE;\n\
    DROP EXTENSION IF EXISTS vector CASCADE;\n\
    CREATE SCHEMA public;\nDROP PUBLICATION IF EXISTS probe_pub;\n";

/// The legs that lead to a form, on a database that others have used.
fn legs(form: &Form, setup: &Setup) -> [Leg; 2] {
    let before = format!("{EMPTY}{}", setup.script);
    let text = match setup.in_block {
        true => format!("BEGIN;\n{};\nCOMMIT;\n", form.example),
        false => format!("{}{};\n", setup.first, form.example),
    };
    let subject = |name: &str, text| Subject::of_text(name, text, TransactionMode::Usual).unwrap();
    [Leg::Passed(subject("setup.sql", before)), Leg::Reviewed(subject(form.name, text))]
}

fn workspace(flags: Flags) -> Workspace {
    let file = SourceFile::new("aludel.toml", "");
    let settings = Settings::resolve(&file, &flags, &Process).expect("settings");
    Workspace::new(settings, "no schema.toml")
}

/// The statements of a form, without what stands around them.
fn statements(file: &ReviewedFile) -> Vec<&ReviewedStatement> {
    let is_of_form = |it: &&ReviewedStatement| {
        !it.source.is_transaction_control() && it.source.setting().is_none()
    };
    file.statements.iter().filter(is_of_form).collect()
}

fn merged(statements: &[&ReviewedStatement]) -> Facts {
    let mut all = Facts::default();
    for it in statements {
        let facts = it.facts.clone();
        if facts.source != FactsSource::Measured {
            all.source = facts.source;
        }
        all.locks.extend(facts.locks);
        all.rewritten.extend(facts.rewritten);
        all.rebuilt.extend(facts.rebuilt);
        all.built.extend(facts.built);
        all.scanned.extend(facts.scanned);
        all.losses.extend(facts.losses);
        all.refused = all.refused.or(facts.refused);
    }
    all
}

/// The level as the file has it; weaker ones than are seen are none.
fn level(text: &str) -> Option<LockLevel> {
    Some(match text {
        "RowShare" => LockLevel::RowShare,
        "RowExclusive" => LockLevel::RowExclusive,
        "ShareUpdateExclusive" => LockLevel::ShareUpdateExclusive,
        "Share" => LockLevel::Share,
        "ShareRowExclusive" => LockLevel::ShareRowExclusive,
        "Exclusive" => LockLevel::Exclusive,
        "AccessExclusive" => LockLevel::AccessExclusive,
        _ => return None,
    })
}

/// Where the facts are others than the file says.
fn differences(form: &Form, statements: &[&ReviewedStatement]) -> Vec<String> {
    let facts = merged(statements);
    let mut wrong = Vec::new();
    let mut expect = |what: &str, seen: String, said: String| {
        if seen != said {
            wrong.push(format!("{what}: {seen}, not {said}"));
        }
    };
    if form.table == "refused" {
        let refused = facts.refused.is_some() || facts.source != FactsSource::Measured;
        expect("refused", refused.to_string(), "true".to_owned());
        return wrong;
    }
    let outside = statements.iter().any(|it| it.outside);
    expect("outside", outside.to_string(), (!form.transactional).to_string());
    let mut main = None;
    for lock in facts.locks.iter().filter(|it| it.footing == Footing::Existing) {
        match form.others.get(lock.relation.as_str()) {
            Some(said) => {
                let seen = format!("{:?}", Some(lock.level));
                expect(&lock.relation, seen, format!("{:?}", level(said)));
            }
            None if matches!(lock.kind, RelationKind::Table | RelationKind::View) => {
                main = main.max(Some(lock.level));
            }
            None => {}
        }
    }
    for (name, said) in &form.others {
        let is_locked = facts.locks.iter().any(|it| it.relation == *name);
        let is_relation = !NO_RELATIONS.contains(name);
        if level(said).is_some() && is_relation && !is_locked {
            expect(name, is_locked.to_string(), (*said).to_owned());
        }
    }
    let new = facts.locks.iter().filter(|it| it.footing == Footing::New).map(|it| it.level);
    let main = main.or(new.max().filter(|it| Some(*it) == level(form.table)));
    expect("table", format!("{main:?}"), format!("{:?}", level(form.table)));
    let yes = |text: &str| text.starts_with("yes");
    expect("rewrite", (!facts.rewritten.is_empty()).to_string(), yes(form.rewrite).to_string());
    if facts.rewritten.is_empty() {
        expect("rebuilt", (!facts.rebuilt.is_empty()).to_string(), yes(form.indexes).to_string());
        expect("built", (!facts.built.is_empty()).to_string(), (form.indexes == "new").to_string());
    }
    let scanned = facts.scanned.iter().any(|it| it.footing == Footing::Existing);
    expect("scan", scanned.to_string(), yes(form.scan).to_string());
    let loses = yes(form.loss) || form.loss.starts_with("values change");
    expect("loss", (!facts.losses.is_empty()).to_string(), loses.to_string());
    wrong
}

/// The major version of the test server.
fn server_version() -> u32 {
    let sql = "SELECT current_setting('server_version_num')::int / 10000";
    let row = block_on(async { connect(server_url()).await.query_one(sql, &[]).await });
    u32::try_from(row.unwrap().get::<_, i32>(0)).unwrap()
}

/// A tablespace, dropped at the end.
struct Tablespace;

impl Tablespace {
    fn create() -> Self {
        let sql = "CREATE TABLESPACE probe_ts LOCATION ''";
        let created = block_on(async {
            let client = connect(server_url()).await;
            client.batch_execute("SET allow_in_place_tablespaces = on").await?;
            client.batch_execute(sql).await
        });
        created.unwrap_or_else(|error| panic!("{error:?}"));
        Self
    }
}

impl Drop for Tablespace {
    fn drop(&mut self) {
        let sql = "DROP TABLESPACE probe_ts";
        let _ = block_on(async { connect(server_url()).await.batch_execute(sql).await });
    }
}

/// Runs all forms on one database, and gives what is seen of each.
fn seen(workspace: &Workspace, forms: &[Form]) -> Vec<ReviewedFile> {
    let (bases, setups) = setups();
    let is_form = |name: &str| FORMS.lines().any(|it| it.split('\t').next() == Some(name));
    let unknown: Vec<_> = setups.keys().filter(|it| !is_form(it)).collect();
    assert!(unknown.is_empty(), "no forms: {unknown:?}");
    let plain = Setup { script: bases["plain"].clone(), ..Setup::default() };
    let legs: Vec<Leg> =
        forms.iter().flat_map(|it| legs(it, setups.get(it.name).unwrap_or(&plain))).collect();
    block_on(workspace.trace(&legs)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// What is not as the file says, a line each; and how many forms were measured, told, and unknown.
fn compared(workspace: &Workspace, forms: Vec<Form>) -> (Vec<String>, [usize; 3]) {
    let files = seen(workspace, &forms);
    let (mut wrong, mut known) = (Vec::new(), [0; 3]);
    for (form, file) in forms.iter().zip(&files) {
        let statements = statements(file);
        let facts = merged(&statements);
        known[match facts.source {
            FactsSource::Measured => 0,
            FactsSource::Table => 1,
            // A form that is refused is known to be.
            FactsSource::Unknown(_) if facts.refused.is_some() => 0,
            FactsSource::Unknown(_) => 2,
        }] += 1;
        for it in differences(form, &statements) {
            wrong.push(format!(
                "{}: {it} {:?}",
                form.name,
                Facts { changes: Vec::new(), ..facts.clone() }
            ));
        }
    }
    (wrong, known)
}

#[test]
fn forms_of_ddl_do_on_a_server_what_is_known_of_them() {
    let _tablespace = Tablespace::create();
    let dev_url = Some(server_url().to_owned());
    let workspace = workspace(Flags { dev_url, dev_disposable: true, ..Flags::default() });
    let (mut wrong, known) = compared(&workspace, forms());
    if server_version() >= 18 {
        wrong.retain(|it| !OTHERWISE_ON_18.iter().any(|name| it.starts_with(name)));
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    if std::env::var_os("ALUDEL_FORM").is_none() {
        // Three concern the cluster.
        assert_eq!(known, [234, 3, 0]);
    }
}

/// The embedded engine has one connection, so of what runs outside of transactions the locks are told; and no
/// tablespaces. The others are measured there as on a server, of which these are some.
#[cfg(feature = "embedded")]
#[test]
fn forms_of_ddl_do_on_the_embedded_engine_what_is_known_of_them() {
    let every = if std::env::var_os("ALUDEL_ALL_FORMS").is_some() { 1 } else { 12 };
    // What is told of a partitioned table does not name its partitions.
    let is_left_out =
        |it: &Form| it.name.contains("TABLESPACE") || it.name == "REINDEX TABLE (partitioned)";
    let is_chosen =
        |(at, it): &(usize, Form)| !is_left_out(it) && (at % every == 0 || !it.transactional);
    let chosen = forms().into_iter().enumerate().filter(is_chosen).map(|it| it.1).collect();
    let (wrong, known) = compared(&workspace(Flags::default()), chosen);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    if std::env::var_os("ALUDEL_FORM").is_none() {
        let expected = if every == 1 { [221, 13, 0] } else { [22, 12, 0] };
        assert_eq!(known, expected, "measured, told, unknown");
    }
}
