//! The declaration: each mistake as it is shown, each written form as it reads, and the way there
//! and back over generated schemas.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aludel::diagnostic::SourceFile;
use aludel::model::Schema;
use aludel::model::provided::Provided;
use aludel::report::snippet;
use aludel::schema_toml;
use proptest::prelude::*;

use crate::{cases, schemas};

/// The files of a case: `schema.toml` first, then the others by name.
fn read(folder: &Path) -> Vec<SourceFile> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .filter(|it| it.ends_with(".toml") && it != "written.toml")
        .collect();
    names.sort_by_key(|it| (it != "schema.toml", it.clone()));
    let file = |name: String| {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        SourceFile::new(name, text)
    };
    names.into_iter().map(file).collect()
}

/// `cases/schema_toml/MISTAKE/`: the file, and the error that is shown.
#[test]
fn mistakes_are_shown() {
    let mut failures = Vec::new();
    for folder in cases::folders("schema_toml") {
        let files = read(&folder);
        let shown = match schema_toml::parse(&files) {
            Ok(_) => "no mistake was found\n".to_owned(),
            Err(diagnostics) => snippet::render(&diagnostics, &files, false),
        };
        failures.extend(cases::differs(&folder.join("error.txt"), &shown));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// `cases/schema_toml_written/FORM/`: a declaration, and how it is written back.
#[test]
fn declarations_are_written_back() {
    let mut failures = Vec::new();
    for folder in cases::folders("schema_toml_written") {
        let files = read(&folder);
        let declaration = schema_toml::parse(&files).unwrap_or_else(|diagnostics| {
            panic!("{}\n{}", folder.display(), snippet::render(&diagnostics, &files, false))
        });
        let written = schema_toml::write(&declaration.schema, &declaration.provided);
        failures.extend(cases::differs(&folder.join("written.toml"), &written));
        let again = [SourceFile::new("written.toml", written)];
        let again = schema_toml::parse(&again).unwrap_or_else(|diagnostics| {
            panic!("{}\n{}", folder.display(), snippet::render(&diagnostics, &again, false))
        });
        assert_eq!(again.schema, declaration.schema, "{}", folder.display());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What differs between two schemas, for people.
fn differences(expected: &Schema, actual: &Schema) -> String {
    let ids: BTreeSet<_> = expected.iter().chain(actual.iter()).map(|(id, _)| id).collect();
    let differ = ids.into_iter().filter(|id| expected.get(id) != actual.get(id));
    let shown = |id| format!("{id}\n  {:?}\n  {:?}\n", expected.get(id), actual.get(id));
    differ.map(shown).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Reading what was written gives the schema again.
    #[test]
    fn parse_after_write_is_the_identity(schema in schemas::any_declared_schema()) {
        let file = [SourceFile::new("schema.toml", schema_toml::write(&schema, &Provided::default()))];
        match schema_toml::parse(&file) {
            Ok(declaration) => {
                let differences = differences(&schema, &declaration.schema);
                prop_assert!(differences.is_empty(), "{}\n{}", differences, file[0].text);
            }
            Err(problems) => {
                let shown = snippet::render(&problems, &file, false);
                prop_assert!(false, "{}\n{}", shown, file[0].text);
            }
        }
    }
}
