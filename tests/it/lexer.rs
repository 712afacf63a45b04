//! Scripts as they are split here, held against the server's own parser: every statement is exactly one
//! to the server, and between them there is nothing.

use std::fs;
use std::path::{Path, PathBuf};

use aludel::sql_text::{ScriptStatement, split_script};
use proptest::prelude::*;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::support::{TestDatabase, block_on};

/// What a statement is to the server.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// One statement.
    One,
    /// None at all, several, or the beginning of one.
    Other(String),
    /// One that this server's grammar does not have.
    Foreign(String),
}

/// Asks the parser alone: nothing is run, and what a statement names need not be there.
async fn verdict(client: &Client, statement: &str) -> Verdict {
    let refusal = |error: &tokio_postgres::Error| {
        let error = error.as_db_error().expect("an answer");
        (*error.code() == SqlState::SYNTAX_ERROR).then(|| error.message().to_owned())
    };
    if let Err(error) = client.prepare(statement).await
        && let Some(message) = refusal(&error)
    {
        let torn = ["unterminated", "at end of input", "multiple commands", "at or near \"\\\""];
        return match torn.iter().any(|it| message.contains(it)) {
            true => Verdict::Other(message),
            false => Verdict::Foreign(message),
        };
    }
    // With another behind it there are two, unless it was none.
    match client.prepare(&format!("{statement}\n;SELECT 1")).await {
        Err(error) if refusal(&error).is_some_and(|it| it.contains("multiple commands")) => {
            Verdict::One
        }
        other => Verdict::Other(format!("{other:?}")),
    }
}

/// Splits a script and asks the server about every part of it. Foreign statements are let through
/// where the script is not ours.
async fn check(client: &Client, script: &str, is_ours: bool) {
    client.batch_execute("RESET ALL").await.unwrap();
    let split = split_script(script).unwrap_or_else(|error| panic!("{error} in\n{script}"));
    let mut reached = script.len() - script.trim_start_matches('\u{feff}').len();
    let has_more = !split.skipped.is_empty() || split.statements.iter().any(|it| it.rows.is_some());
    for ScriptStatement { text, span, .. } in &split.statements {
        let between = &script[reached..span.start];
        if !has_more {
            let empty = client.batch_execute(between).await;
            assert!(empty.is_ok(), "{between:?} is more than nothing: {empty:?} in\n{script}");
        }
        match verdict(client, text).await {
            Verdict::One => {}
            Verdict::Foreign(_) if !is_ours => {}
            other => panic!("{other:?}: {text:?} in\n{script}"),
        }
        if text.to_lowercase().contains("standard_conforming_strings") {
            client.batch_execute(text).await.unwrap();
        }
        reached = span.end;
    }
    if !has_more {
        let after = client.batch_execute(&script[reached..]).await;
        assert!(after.is_ok(), "{:?}: {after:?} in\n{script}", &script[reached..]);
    }
}

/// Line ends, comments, strings, dollar quotes, bodies.
const CORPUS: [&str; 41] = [
    "select 1; -- c\rselect 2;",
    "select 1 -- a\r\n, 2; select 3 --",
    "select 1\r;\rselect\r2",
    "select/* ; */1;/* /* ; */ ; */select 2",
    "select 1 /* * / ** // /**/ */; select 2",
    "select 2 */*;*/ 3; select 2+--;\n3; select 1 <>-- ;\r2",
    "select 2 -/* ; */- 3; select @-1",
    "select '--', '/*', '*/', ';', '''', ''';'''; select 1",
    r"select 'a\', 'b;'; select E'a\';', e'\\'; select 1",
    "select 'a'\n'b;'; select 'a' -- c;\n  'b;'; select E'a'\r'\\';'; select 1",
    "select 'a'\r\n'b;', 'a'\x0c\n\t'b;'; select 1",
    "select E'a' -- ;\r '\\';'; select 1",
    r"select U&'\0041;', U&'d!0061;' UESCAPE '!'; select 1",
    r#"select 1 as U&"d\0061;t", 2 as "a;""b;"; select 3"#,
    "select B'01', X'ff', N'n;', b'', x''; select 1",
    "select $$;$$, $a$ $$ ; $b$ $a$, $é_1$;$$;$é_1$, $_$;$_$; select 1",
    "select 1 as a$b$c, 2 as d$b$; select 3 as é$1$",
    "select $1::int;select $2::int;select 1 as x$1",
    "do $$ begin null; end $$; do $x$ begin perform $$;$$; end $x$",
    "select 1.5e3, .5, 5., 1e-3; select 2",
    "select (array[1,2])[1:2], 1::text, 2 operator(pg_catalog.+) 3; select 4",
    "create rule r as on insert to t do also (insert into a values (1); notify b); select 1",
    "select (1); select ((2)); select (';')",
    "select case when true then 1 end; select case 1 when 1 then 2 else 3 end",
    "begin; select 1; end; begin; commit; select 1",
    "create table \"begin\" (atomic int); select 1 as atomic; create table begin (i int)",
    "create function f() returns int language sql begin atomic select 1; select 2; end; select 3",
    "create function f() returns int begin/* ; */atomic select case when true then 1 end; end; select 3",
    "create or replace function f() returns int begin atomic select 1 as end; select 2; end; select 3",
    "create function f() returns int begin atomic select t.end, t.case from t; select 1 as \"case\"; end; select 3",
    "create procedure p() begin atomic end; select 1; create procedure p() begin atomic; ; select 1; ; end; select 2",
    "create function f() returns int begin atomic select (case when (select case when true then false end) then 1 end); end; select 1",
    "create function f(a int) returns int return case when a > 0 then 1 end; select 1",
    "set standard_conforming_strings = off; select 'a\\'; b'; select 'it''s\\\\'; select 1",
    "set standard_conforming_strings to 'off'; select n'\\';'; select e'\\';', b'01'; reset standard_conforming_strings; select '\\'; select 1",
    "set standard_conforming_strings = off; select $$\\$$; set standard_conforming_strings = on; select '\\'; select 1",
    "select set_config('standard_conforming_strings', 'off', false); select 'a\\'; b'; select 1",
    "\u{feff}select 1; select 2",
    "select 1 as \u{a0}; select 2 as a\u{2003}b; select 3 as \u{85}",
    "comment on table t is 'a;\r\nb'; comment on table t is E'\\r;\\n'; select 1",
    ";;\n;-- only\n;select 1;;/* ; */;",
];

#[test]
fn the_corpus_is_split_as_the_server_does() {
    let database = TestDatabase::create("lexer");
    block_on(async {
        let client = database.connect().await;
        let version: String =
            client.query_one("SHOW server_version_num", &[]).await.unwrap().get(0);
        for script in CORPUS {
            if script.contains("atomic") && *version < *"140000" {
                continue;
            }
            check(&client, script, true).await;
        }
    });
}

fn sql_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sql_files(&path, found);
        } else if name.ends_with(".sql") {
            found.push(path);
        }
    }
}

/// Every file of SQL in this repository, and in the folders of `ALUDEL_TEST_SCRIPTS`.
#[test]
fn files_are_split_as_the_server_does() {
    let mut files = Vec::new();
    sql_files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut files);
    for folder in std::env::var("ALUDEL_TEST_SCRIPTS").iter().flat_map(|it| it.split(':')) {
        sql_files(Path::new(folder), &mut files);
    }
    assert!(files.len() > 50, "{}", files.len());
    let database = TestDatabase::create("files");
    block_on(async {
        let client = database.connect().await;
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            // Some are there to be refused.
            if split_script(&text).is_ok() {
                check(&client, &text, false).await;
            }
        }
    });
}

/// What may stand between two tokens.
fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\x0c",
        "/* ; ' */",
        "/* /* $$; */ \" */",
        "-- c;'\"$$\n",
        "-- x\r",
        "--\r\n",
        "/**/",
    ])
}

/// What may stand in the list of a SELECT.
fn item() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "'a'",
        "'a;b'",
        "'it''s'",
        r"E'\';'",
        r"E'\\'",
        r"e'a\'b;'",
        r"U&'\0041;'",
        "1 as \"a;\"\"b\"",
        "$$;'$$",
        "$a$ $$; $a$",
        "$é$;--$é$",
        "'a'\n'b;'",
        "'a' -- c;\n 'b;'",
        "E'a'\r'\\';'",
        "B'01'",
        "X'ff'",
        "N'n;'",
        "1",
        "1.5e3",
        "1 as a$b$c",
        "case when true then 1 end",
        "(select ';')",
        "1 <>-1",
        "1 +--;\n 1",
        "2 */*;*/ 3",
        "1::text",
        "'\\'",
        "'--'",
        "'/*'",
        "1 as \u{a0}",
        "t.end",
        "2 as case",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_statements_are_split_as_the_server_does(
        statements in prop::collection::vec(
            (prop::collection::vec((blank(), item(), blank()), 1..5), blank()),
            1..6,
        ),
    ) {
        let texts: Vec<String> = statements.iter().map(|(items, _)| {
            let items = items.iter().map(|(before, item, after)| format!("{before}{item}{after}"));
            format!("select{}", items.collect::<Vec<_>>().join(","))
        }).collect();
        let script: String = texts.iter().zip(&statements)
            .map(|(text, (_, after))| format!("{text};{after}")).collect();
        let found = split_script(&script).unwrap().statements;
        prop_assert_eq!(found.len(), texts.len(), "{}", &script);
        for (found, text) in found.iter().zip(&texts) {
            prop_assert!(text.starts_with(&found.text), "{:?} of {:?}", &found.text, text);
        }
        let database = TestDatabase::create("split");
        block_on(async { check(&database.connect().await, &script, true).await });
    }
}
