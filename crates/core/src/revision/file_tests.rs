//! Tests of headers and file names.

use super::*;
use crate::revision::loss::Losses;
use crate::revision::proof::Seal;

const FULL: &str = "\
-- Revision: 3f2a9c01d7e4
-- Revises: 91be02aa7c10, 5d01c2ffab34
-- Message: add documents: the first table
-- Created: 2026-11-22T08:00:00Z
-- Labels: search, docs
-- Depends: hand-made_1
-- Phase: contract
-- Origin: Alembic
-- Variables: tenant, owner=app
-- Transaction: none
-- Replaces: v1:sha256:0000000000000000000000000000000000000000000000000000000000000000
-- Schema: sha256:0000000000000000000000000000000000000000000000000000000000000000
-- Allows: data-loss (column docs.note, rows of table old)
-- Proof: p2; pglite-oxide 0.5.1; leaves 00000000000000000000000000000000; loses column docs.note, rows of table old; reverting loses nothing; measured 00000000000000000000000000000000; seal 00000000000000000000000000000000
";

fn parse(text: &str) -> Result<Header, Vec<HeaderError>> {
    Header::parse(Path::new("a.up.sql"), text)
}

#[test]
fn writes_what_it_reads() {
    let header = parse(&format!("{FULL}\n-- Creates: nothing\ncreate table t ();")).unwrap();
    assert_eq!(header.parents.len(), 2);
    assert_eq!(header.labels, ["search", "docs"]);
    assert_eq!(header.to_string(), FULL);
    assert_eq!(parse(&FULL.replace('\n', "\r\n")).unwrap(), header);
}

#[test]
fn headers_are_exchanged() {
    let header = parse("-- Revision: b\n-- Revises: c").unwrap();
    let text = "-- Revision: a\n-- Revises: x\n-- a remark\n\n-- Create t.\nCREATE TABLE t ();\n";
    let expected =
        "-- Revision: b\n-- Revises: c\n-- a remark\n\n-- Create t.\nCREATE TABLE t ();\n";
    assert_eq!(with_header(text, &header), expected);
    assert_eq!(
        with_header("\n-- Revision: a\nselect 1", &header),
        "-- Revision: b\n-- Revises: c\nselect 1"
    );
}

#[test]
fn a_carriage_return_ends_a_line() {
    let text = "-- Revision: a\r-- Message: x\rDROP TABLE t;\n-- Labels: y";
    let header = parse(text).unwrap();
    assert_eq!(header.to_string(), "-- Revision: a\n-- Message: x\n");
    assert_eq!(
        with_header(text, &parse("-- Revision: b").unwrap()),
        "-- Revision: b\nDROP TABLE t;\n-- Labels: y"
    );
}

#[test]
fn only_the_id_is_needed() {
    let header = parse("\n--Revision:  a \n-- a remark: with a colon\ncreate").unwrap();
    assert_eq!(header.to_string(), "-- Revision: a\n");
}

#[track_caller]
fn check_errors(text: &str, expected: &[&str]) {
    let errors = parse(text).unwrap_err();
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn mistakes_are_told_together() {
    check_errors("select 1", &["a.up.sql:1: the header has no line `-- Revision: ID`"]);
    check_errors(
        "-- Revision: a b\n-- Revison: c\n-- Message: x\n-- Message: y\n-- Created: today\n\
         -- Schema: md5:1\n-- Depends: head\n-- Labels: ok, a:b\n-- Variables: a-b\n-- Replaces: x\n\
         -- Origin: flyway\n-- Transaction: some\n-- Phase: expand",
        &[
            "a.up.sql:1: `a b` is not a revision id: ` ` is not one of A-Z a-z 0-9 _ -",
            "a.up.sql:2: unknown header key `Revison`, expected one of Revision, Revises, \
             Message, Created, Labels, Depends, Phase, Origin, Variables, \
             Transaction, Replaces, Schema, Allows, Proof",
            "a.up.sql:4: `Message` is given twice",
            "a.up.sql:5: `today` is not a time such as 2026-11-22T08:00:00Z",
            "a.up.sql:6: `md5:1` is not a fingerprint such as sha256:… with 64 hexadecimal \
             digits",
            "a.up.sql:7: `head` cannot be a revision id: it is a reserved name",
            "a.up.sql:8: `a:b` cannot be a branch label: it may only contain A-Z a-z 0-9 _ -",
            "a.up.sql:9: `a-b` is not a variable, as in `owner` or `owner=app`",
            "a.up.sql:10: `x` is not a chain such as v1:sha256:… with 64 hexadecimal digits",
            "a.up.sql:11: `flyway` is not an origin: the only one is `Alembic`",
            "a.up.sql:12: `some` is not a transaction mode: the only one is `none`",
            "a.up.sql:13: `expand` is not a phase: the only one is `contract`",
        ],
    );
}

#[test]
fn file_names() {
    let header = parse(FULL).unwrap();
    assert_eq!(
        file_stem("{date}_{id}_{slug}", &header),
        "20261122_3f2a9c01d7e4_add_documents_the_first_table"
    );
    assert_eq!(file_stem("{date}{time}-{id}", &header), "20261122080000-3f2a9c01d7e4");
    let bare = parse("-- Revision: a").unwrap();
    assert_eq!(file_stem("{id}_{slug}", &bare), "a");
}

#[test]
fn slugs() {
    assert_eq!(slug("  Add “documents” & users! "), "add_documents_users");
    assert_eq!(slug("größer/../etc"), "größer_etc");
    assert_eq!(slug(&"ab ".repeat(30)).len(), 38);
    assert_eq!(slug(&"x".repeat(90)).len(), 40);
    assert_eq!(slug("!?"), "");
}

#[test]
fn a_proof_stands_below_the_fields_and_leaves_the_rest_where_it_is() {
    let proof = |engine: &str| Proof {
        engine: engine.to_owned(),
        leaves: Seal::of(["a"]),
        losses: Losses::default(),
        measured: Seal::of(["c"]),
        seal: Seal::of(["b"]),
    };
    let (one, two) = (proof("one"), proof("two"));
    for end in ["\n", "\r\n"] {
        let text =
            ["-- Acme", "-- Revision: a", "-- Message: m", "-- a remark", "", "SELECT 1;", ""];
        let text = text.join(end);
        let proven = with_proof(&text, Some(&one));
        let line = format!("-- Message: m{end}-- Proof: {one}{end}-- a remark{end}");
        assert!(proven.starts_with(&format!("-- Acme{end}-- Revision: a{end}{line}")), "{proven}");
        let again = with_proof(&proven, Some(&two));
        assert_eq!(again, proven.replace("; one;", "; two;"));
        assert_eq!(with_proof(&again, None), text);
        assert_eq!(Header::parse("a.up.sql".as_ref(), &again).unwrap().proof, Some(two.clone()));
    }
    assert_eq!(
        with_proof("-- Revision: a", Some(&one)),
        format!("-- Revision: a\n-- Proof: {one}\n")
    );
}
