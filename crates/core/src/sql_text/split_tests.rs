//! Scripts and the statements that they are split into.

use super::*;

/// The texts of the statements, one after the other, each with its line.
#[track_caller]
fn check(script: &str, expected: &[(usize, &str)]) {
    let statements = split(script).unwrap();
    let found: Vec<_> = statements.iter().map(|it| (it.line, it.text.as_str())).collect();
    assert_eq!(found, expected);
    for it in &statements {
        assert_eq!(script[it.span.clone()], it.text);
    }
}

#[track_caller]
fn check_error(script: &str, line: usize, message: &str) {
    let error = split(script).unwrap_err();
    assert_eq!((error.line(), error.to_string().as_str()), (line, message));
}

#[test]
fn plain_statements() {
    check("", &[]);
    check(" ; ;; ", &[]);
    check("select 1", &[(1, "select 1")]);
    check("select 1;\n\n  select 2 ;", &[(1, "select 1"), (3, "select 2")]);
    check("select 1 /* a */ -- b\n;select 2", &[(1, "select 1"), (2, "select 2")]);
}

#[test]
fn strings() {
    check("select 'a;b', 'it''s; x';x", &[(1, "select 'a;b', 'it''s; x'"), (1, "x")]);
    check(r"select 'a\'; b", &[(1, r"select 'a\'"), (1, "b")]);
    check(r"select E'a\';b'; c", &[(1, r"select E'a\';b'"), (1, "c")]);
    check("select e'a\\\\'; c", &[(1, "select e'a\\\\'"), (1, "c")]);
    check("select E'a'\n '\\';'; c", &[(1, "select E'a'\n '\\';'"), (2, "c")]);
    check("select 'a'\n '\\'; c", &[(1, "select 'a'\n '\\'"), (2, "c")]);
    check("select E'a' -- ;\n '\\';'; c", &[(1, "select E'a' -- ;\n '\\';'"), (2, "c")]);
    check("select E'a' '\\'; c", &[(1, "select E'a' '\\'"), (1, "c")]);
    check(r"select U&'\0041;'; c", &[(1, r"select U&'\0041;'"), (1, "c")]);
    check("select B'01;', X'ff;', n'a;'; c", &[(1, "select B'01;', X'ff;', n'a;'"), (1, "c")]);
    check(r"select type'a\'; c", &[(1, r"select type'a\'"), (1, "c")]);
}

#[test]
fn identifiers() {
    check(r#"select "a;""b" as x; c"#, &[(1, r#"select "a;""b" as x"#), (1, "c")]);
    check(r#"select U&"d;t"; c"#, &[(1, r#"select U&"d;t""#), (1, "c")]);
    check("select é$1$ from ü; c", &[(1, "select é$1$ from ü"), (1, "c")]);
    check("select a$b$c; select d$b$", &[(1, "select a$b$c"), (1, "select d$b$")]);
}

#[test]
fn dollar_quotes() {
    check("do $$a;'b$$; c", &[(1, "do $$a;'b$$"), (1, "c")]);
    check("do $é_1$a;$$;$é_1$; c", &[(1, "do $é_1$a;$$;$é_1$"), (1, "c")]);
    check("select $1;select $2", &[(1, "select $1"), (1, "select $2")]);
    check("select a $ b; c", &[(1, "select a $ b"), (1, "c")]);
}

#[test]
fn comments() {
    check("/* a; /* b; */ c; */ x; y", &[(1, "x"), (1, "y")]);
    check("select 1 -- a; 'b\n+ 2; c", &[(1, "select 1 -- a; 'b\n+ 2"), (2, "c")]);
    check("select 1+--;\n2; c", &[(1, "select 1+--;\n2"), (2, "c")]);
    check("select 1*/*;*/2; c", &[(1, "select 1*/*;*/2"), (1, "c")]);
    check("-- only\n/* comments */", &[]);
}

#[test]
fn leading_comments() {
    let script = "-- header\n\n-- one\n-- more\nselect 1; -- trails\n/* two */ select 2;\nx";
    let comments: Vec<_> = split(script).unwrap().into_iter().map(|it| it.comment).collect();
    let expected = [Some("one\nmore".to_owned()), Some("two".to_owned()), None];
    assert_eq!(comments, expected);
}

#[test]
fn parentheses_hold_semicolons() {
    let rule = "create rule r as on insert to t do also (insert into a values (1); notify b)";
    check(&format!("{rule};\nx"), &[(1, rule), (2, "x")]);
    check("select 1); x", &[(1, "select 1)"), (1, "x")]);
}

#[test]
fn routine_bodies() {
    let function = "create or replace function f(i int) returns int begin /* ; */ atomic\n\
                    select case when i > 0 then 1 end; select 2; end";
    check(&format!("{function}; x"), &[(1, function), (2, "x")]);
    let procedure = "CREATE PROCEDURE \"begin\"() BEGIN ATOMIC END";
    check(&format!("{procedure}; x"), &[(1, procedure), (1, "x")]);
    check("begin; select 1; end; x", &[(1, "begin"), (1, "select 1"), (1, "end"), (1, "x")]);
    check(
        "create table begin (atomic int); x",
        &[(1, "create table begin (atomic int)"), (1, "x")],
    );
}

#[test]
fn mistakes_name_their_line() {
    check_error("select 1;\nselect 'a;\n", 2, "unterminated quoted string");
    check_error("\n\nselect \"a;\n", 3, "unterminated quoted identifier");
    check_error("do $a$ x $$", 1, "unterminated dollar-quoted string");
    check_error("\n/* /* */", 2, "unterminated /* comment");
    check_error("select 1;\n\\copy t from 'x'", 2, "`\\copy` is a command of psql, not SQL");
    check_error("select 1 \\gset", 1, "`\\gset` is a command of psql, not SQL");
    check_error(
        "copy (select 1) to stdout",
        1,
        "COPY TO STDOUT needs a client that reads the rows",
    );
    check_error("a;\n b\0", 2, "a NUL character, which PostgreSQL does not accept");
    let missing = "the rows of COPY FROM STDIN are missing: write them from the next line on, and \
                   end them with a line `\\.`";
    for script in ["copy t from stdin", "copy t from stdin;", "copy t from stdin;\n1\n"] {
        check_error(&format!(";\n{script}"), 2, missing);
    }
    check_error("copy t from stdin; select 1;\n1\n\\.\n", 1, missing);
}

#[test]
fn rows_of_copy() {
    let rows = |script: &str| {
        let statements = split(script).unwrap();
        let found = statements
            .iter()
            .map(|it| (it.line, it.text.clone(), it.rows.clone().map(|it| (it.count, it.text))));
        found.collect::<Vec<_>>()
    };
    let some = |count, text: &str| Some((count, text.to_owned()));
    assert_eq!(
        rows("copy t (a) from stdin; -- rows\n1;'\n\\\\.\n\\.\nselect 1"),
        [
            (1, "copy t (a) from stdin".into(), some(2, "1;'\n\\\\.\n")),
            (5, "select 1".into(), None)
        ]
    );
    assert_eq!(
        rows("x;\r\nCOPY t FROM STDIN (FORMAT csv);\r\n\\.\r\n-- y\r\ny"),
        [
            (1, "x".into(), None),
            (2, "COPY t FROM STDIN (FORMAT csv)".into(), some(0, "")),
            (5, "y".into(), None)
        ]
    );
    assert_eq!(rows("copy t from stdin;\n\"\n\\.").len(), 1);
}

#[test]
fn commands_of_dumps_are_skipped() {
    let script = "\\restrict x'y\n-- a\nselect 1;\n\\connect -reuse-previous=on \"d b\"\nselect 2;\n\
                  \\unrestrict x'y";
    let found = split_script(script).unwrap();
    let texts: Vec<_> = found.statements.iter().map(|it| (it.line, it.text.as_str())).collect();
    assert_eq!(texts, [(3, "select 1"), (5, "select 2")]);
    let skipped: Vec<_> = found.skipped.iter().map(|it| (it.line, it.command.as_str())).collect();
    assert_eq!(skipped, [(1, "\\restrict"), (4, "\\connect"), (6, "\\unrestrict")]);
    check_error("select 1 \\connect x", 1, "`\\connect` is a command of psql, not SQL");
}

#[test]
fn line_ends_of_all_kinds() {
    check("select 1; -- c\rdrop table victim;", &[(1, "select 1"), (2, "drop table victim")]);
    check("select 'a' -- c\r'b;'; c", &[(1, "select 'a' -- c\r'b;'"), (2, "c")]);
    check("a;\r\nb;\n\rc", &[(1, "a"), (2, "b"), (4, "c")]);
    check("\u{feff}-- x\nselect 1;", &[(2, "select 1")]);
}

#[test]
fn white_space_is_that_of_the_server() {
    check("select\x0b1;\x0c2", &[(1, "select\x0b1"), (1, "2")]);
    check("\u{a0}; a", &[(1, "\u{a0}"), (1, "a")]);
    let no_break = split("select\u{a0}1").unwrap().remove(0);
    assert_eq!(no_break.tokens, [Token::Word("select\u{a0}1".into())]);
    check("select 'a'\u{2028}'b;'; c", &[(1, "select 'a'\u{2028}'b;'"), (1, "c")]);
}

#[test]
fn strings_that_do_not_conform() {
    let off = [
        "set standard_conforming_strings = off",
        "SET SESSION standard_conforming_strings TO 'No'",
        "set local \"standard_conforming_strings\" to false",
        "set standard_conforming_strings = 0",
        "select pg_catalog.set_config('standard_conforming_strings', 'off', false)",
    ];
    for set in off {
        check(&format!("{set}; a 'x\\'; b'; c"), &[(1, set), (1, "a 'x\\'; b'"), (1, "c")]);
        check(&format!("{set}; N'\\';'; c"), &[(1, set), (1, "N'\\';'"), (1, "c")]);
        check(&format!("{set}; b'\\'; c"), &[(1, set), (1, "b'\\'"), (1, "c")]);
    }
    let on = [
        "set standard_conforming_strings = on",
        "select standard_conforming_strings = off",
        "reset all",
    ];
    for set in on {
        check(&format!("{set}; a 'x\\'; b"), &[(1, set), (1, "a 'x\\'"), (1, "b")]);
        let off = off[0];
        let again = format!("{off}; '\\''; reset standard_conforming_strings; '\\'; b");
        assert_eq!(split(&again).unwrap().len(), 5, "{again}");
    }
}

#[test]
fn labels_are_no_keywords() {
    let body = "create function f() returns int begin atomic select 1 as end; select t.case, t.end \
                from t; select case 1 when 1 then 2 end; end";
    check(&format!("{body}; x"), &[(1, body), (1, "x")]);
}

#[test]
fn numbers_end_where_a_quote_begins() {
    check(r"select 1e'\';'; c", &[(1, r"select 1e'\';'"), (1, "c")]);
    check("select 1_000.5e-3, 0xff;c", &[(1, "select 1_000.5e-3, 0xff"), (1, "c")]);
}

#[test]
fn copy_of_files_passes() {
    check("copy t from '/stdin'; x", &[(1, "copy t from '/stdin'"), (1, "x")]);
}
