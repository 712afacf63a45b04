//! Differences between two declarations, cut: what is there between the parts.

use aludel::diagnostic::SourceFile;
use aludel::diff::phases::cut;
use aludel::diff::rename::pending;
use aludel::diff::{Change, diff};
use aludel::model::Schema;
use aludel::model::constraint::ConstraintRule;
use aludel::model::object::Object;
use aludel::model::snapshot::Dependencies;
use aludel::schema_toml::{Declaration, parse};

const BEFORE: &str = r#"
[enums]
state = ["draft", "done", "gone"]
[tables.a.columns]
id = "bigint"
old = "text"
open = "text?"
kind = { type = "text", default = "'x'" }
name = "varchar(10)"
state = "state"
[tables.a.checks]
a_kind = "kind <> ''"
[tables.b.columns]
id = "bigint"
"#;

fn declared(text: &str) -> Declaration {
    parse(&[SourceFile::new("schema.toml", text)]).unwrap()
}

/// What is replaced in the declaration, with what; then the changes of both parts.
#[track_caller]
fn check(edits: &[(&str, &str)], expand: &str, contract: &str) {
    let mut text = BEFORE.to_owned();
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    let (before, after) = (declared(BEFORE), declared(&text));
    let mut changes = pending(&before.schema, &after.schema, &after.hints);
    changes.extend(diff(&before.schema, &after.schema));
    if changes.iter().any(Change::is_rename) {
        // Those of what is renamed itself are of no interest.
        let is_about_it = |it: &str| it.contains("a.old") || it.contains("a.new");
        changes.retain(|it| it.is_rename() || !is_about_it(&it.to_string()));
    }
    let mut needs = Dependencies::default();
    for (id, object) in after.schema.iter() {
        let Object::Constraint(it) = object else { continue };
        let ConstraintRule::Check { expression, .. } = &it.rule else { continue };
        for column in after.schema.columns(&it.table) {
            if expression.to_string().contains(column.name.as_str()) {
                needs.insert(id.clone(), Object::Column(column.clone()).id());
            }
        }
    }
    let found = cut(&before.schema, &changes, &needs);
    let shown = |from: &Schema, to: &Schema| {
        diff(from, to).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(shown(&before.schema, &found.between), expand, "before the release");
    assert_eq!(found.expands, !expand.is_empty());
    if changes.iter().any(Change::is_rename) {
        assert!(found.contracts);
        return;
    }
    assert_eq!(shown(&found.between, &after.schema), contract, "after the release");
    assert_eq!(found.contracts, !contract.is_empty());
}

#[test]
fn what_is_dropped_waits() {
    check(&[("old = \"text\"\n", "")], "alter column a.old", "drop column a.old");
    check(
        &[("old = \"text\"\n", "new = \"text?\"\n")],
        "create column a.new; alter column a.old",
        "drop column a.old",
    );
    check(&[("open = \"text?\"\n", "")], "", "drop column a.open");
    check(
        &[
            ("kind = { type = \"text\", default = \"'x'\" }\n", ""),
            ("a_kind = \"kind <> ''\"\n", ""),
        ],
        "drop constraint a_kind on a",
        "drop column a.kind",
    );
    check(
        &[("[tables.b.columns]\nid = \"bigint\"\n", "[tables.c.columns]\nid = \"bigint\"\n")],
        "create table c; create column c.id",
        "drop table b; drop column b.id",
    );
    check(
        &[("[tables.a.checks]\na_kind = \"kind <> ''\"\n", "")],
        "drop constraint a_kind on a",
        "",
    );
}

#[test]
fn what_takes_a_name_waits_until_it_is_free() {
    check(
        &[
            ("state = [\"draft\", \"done\", \"gone\"]", ""),
            ("\nstate = \"state\"", "\nstate = \"text\""),
            ("[tables.b.columns]", "[tables.state.columns]"),
        ],
        "",
        "drop enum state; drop table b; drop column b.id; create table state; alter column a.state; \
         create column state.id",
    );
}

#[test]
fn what_an_older_program_does_not_write_may_be_null_for_a_while() {
    check(&[("old =", "new = \"text\"\nold =")], "create column a.new", "alter column a.new");
    check(
        &[("old =", "new = { type = \"int\", default = \"0\" }\nold =")],
        "create column a.new",
        "",
    );
    check(&[("open = \"text?\"", "open = \"text\"")], "", "alter column a.open");
    check(&[("old = \"text\"", "old = \"text?\"")], "alter column a.old", "");
    check(&[(", default = \"'x'\"", "")], "", "alter column a.kind");
    check(&[("\"'x'\"", "\"'y'\"")], "alter column a.kind", "");
}

#[test]
fn types_wait_unless_they_take_more() {
    check(&[("id = \"bigint\"", "id = \"int\"")], "", "alter column a.id");
    check(&[("varchar(10)", "varchar(20)")], "alter column a.name", "");
    check(&[("varchar(10)", "text")], "alter column a.name", "");
    check(&[("varchar(10)", "varchar(5)")], "", "alter column a.name");
}

#[test]
fn labels_come_before_and_go_after() {
    check(&[("\"done\", ", "\"done\", \"new\", ")], "alter enum state", "");
    check(&[(", \"gone\"", "")], "", "alter enum state");
    check(&[(", \"gone\"", ", \"new\"")], "alter enum state", "alter enum state");
    // A new column can have the type as it was.
    check(
        &[(", \"gone\"", ""), ("old =", "new = \"state?\"\nold =")],
        "create column a.new",
        "alter enum state",
    );
}

#[test]
fn rules_over_what_older_programs_write_wait() {
    check(
        &[("a_kind =", "a_name = \"name <> ''\"\na_kind =")],
        "",
        "create constraint a_name on a",
    );
    check(
        &[("a_kind =", "a_new = \"new <> ''\"\na_kind ="), ("old =", "new = \"text?\"\nold =")],
        "create column a.new; create constraint a_new on a",
        "",
    );
    // Neither of two rules holds for both programs.
    check(
        &[("kind <> ''", "kind <> 'z'")],
        "drop constraint a_kind on a",
        "create constraint a_kind on a",
    );
}

#[test]
fn renames_wait_with_what_needs_them() {
    check(
        &[
            ("old = \"text\"", "new = { type = \"text\", renamed_from = \"old\" }"),
            ("a_kind =", "a_new = \"new <> ''\"\na_kind ="),
        ],
        "",
        "",
    );
}
