//! Generated code: the same for the same schema, compiled, checked and run.
//!
//! The schemas are in `tests/generated`, a crate of its own that has only what generated code asks
//! for. The files of our own schemas are there as well, to be read; those of others are generated
//! here and held by their digests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::generated::{FOLDER, VERSIONS, aludel, cargo, folder, migrated, python};
use crate::project::{Outcome, Project};
use crate::service;
use crate::support::TestDatabase;

const LANGUAGES: [&str; 2] = ["rust", "python"];
/// Schemas whose generated files are kept.
const OWN: [&str; 8] =
    ["awkward", "contrib", "documents", "every_type", "example", "service", "settings", "strange"];
/// Schemas of other products, of which digests are kept.
const OTHERS: [&str; 5] = ["chinook", "lcpg", "pagila_vector", "rag_postgres", "vecs"];

/// Programs that use generated code in Python.
const PROGRAMS: [&str; 10] = [
    "alembic_revision.py",
    "alembic_same.py",
    "live.py",
    "live_awkward.py",
    "live_drift.py",
    "live_service.py",
    "live_settings.py",
    "live_tenants.py",
    "live_types.py",
    "project.py",
];

fn blesses() -> bool {
    std::env::var_os("ALUDEL_BLESS").is_some()
}

/// The paths of all files below a folder, which may be missing.
fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|it| it.unwrap().path());
    paths.flat_map(|it| if it.is_dir() { below(&it) } else { vec![it] }).collect()
}

/// What a folder of generated code has, by the path in it, without the copies of the runtime.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for path in below(folder) {
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.lines().next().is_some_and(|it| it.ends_with("verbatim.")) {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            files.insert(name, text);
        }
    }
    files
}

/// The generated code of all schemas is what it was. Complete, with the copies of the runtime, it is
/// left in a folder for each schema and language.
fn golden() -> tempfile::TempDir {
    let all = tempfile::tempdir().unwrap();
    for name in OWN.iter().chain(&OTHERS) {
        let mut digests = Vec::new();
        for language in LANGUAGES {
            let output = all.path().join(name).join(language);
            let arguments = ["generate", language, "-o", output.to_str().unwrap()];
            aludel(&folder(name), &arguments).ended(0);
            let found = files(&output);
            let kept = folder(name).join(language);
            if blesses() && OWN.contains(name) {
                keep(&kept, &found);
            }
            if language == "rust" {
                // The crate in `tests/generated` compiles them there. What is not in git is placed.
                let all = OTHERS.contains(name);
                let copies =
                    |path: &Path| path.starts_with("support") || path.ends_with("macros.rs");
                place(&output, &kept, |path| all || copies(path));
            }
            if OTHERS.contains(name) {
                for (file, text) in &found {
                    let digest = Sha256::digest(text);
                    let digest: String = digest.iter().map(|it| format!("{it:02x}")).collect();
                    digests.push(format!("{language}/{file} {digest}\n"));
                }
                continue;
            }
            let kept = files(&kept);
            let (names, kept_names): (Vec<_>, Vec<_>) =
                (found.keys().collect(), kept.keys().collect());
            assert_eq!(names, kept_names, "{name}: generate again with ALUDEL_BLESS=1");
            for (file, text) in &found {
                assert!(*text == kept[file], "{name}/{language}/{file}: ALUDEL_BLESS=1, and read");
            }
        }
        if OTHERS.contains(name) {
            digests.sort();
            let digests = digests.concat();
            let path = folder(name).join("digests");
            if blesses() {
                std::fs::write(&path, &digests).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(digests, kept, "{name}: generate again with ALUDEL_BLESS=1, and read it");
        }
    }
    all
}

/// Puts files of a folder into another one, where their text differs.
fn place(from: &Path, to: &Path, wanted: impl Fn(&Path) -> bool) {
    for path in below(from) {
        let name = path.strip_prefix(from).unwrap();
        let (text, target) = (std::fs::read(&path).unwrap(), to.join(name));
        if wanted(name) && std::fs::read(&target).ok().as_deref() != Some(&text) {
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, text).unwrap();
        }
    }
}

/// Replaces the files of a folder.
fn keep(folder: &Path, files: &BTreeMap<String, String>) {
    let _ = std::fs::remove_dir_all(folder);
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Two databases for each schema whose extensions the server has.
fn alembic_databases() -> Vec<(&'static str, TestDatabase, TestDatabase)> {
    let names = OWN.into_iter().chain(OTHERS);
    let names = names.filter(|it| *it != "contrib" || TestDatabase::has_extension("ltree"));
    names.map(|it| (it, migrated(it), migrated(it))).collect()
}

/// Makes a folder in which every schema is a Python package of its own name, and the programs that use
/// them are beside them.
fn packages(generated: &Path) -> tempfile::TempDir {
    let packages = tempfile::tempdir().unwrap();
    for program in PROGRAMS {
        std::fs::copy(Path::new(FOLDER).join(program), packages.path().join(program)).unwrap();
    }
    for name in OWN.iter().chain(&OTHERS) {
        std::fs::rename(generated.join(name).join("python"), packages.path().join(name)).unwrap();
    }
    packages
}

/// One test, since the parts build on each other's files: what is generated is what it was; it
/// compiles, is formatted and clean; every function runs; rows go from one language to the other;
/// Alembic sees no difference.
#[test]
fn generated_code_is_what_it_was_and_works() {
    let generated = golden();
    let (documents, every_type) = (migrated("documents"), migrated("every_type"));
    let (awkward, settings) = (migrated("awkward"), migrated("settings"));
    let (service, strange) = (migrated("service"), migrated("strange"));
    let databases = [
        ("AWKWARD_URL", &awkward),
        ("DOCUMENTS_URL", &documents),
        ("EVERY_TYPE_URL", &every_type),
        ("SERVICE_URL", &service),
        ("SETTINGS_URL", &settings),
        ("STRANGE_URL", &strange),
    ];
    let packages = packages(generated.path());
    let packages = packages.path();

    cargo("clippy", &["--all-targets", "--", "-D", "warnings"], &[]).ended(0);
    for name in OWN.iter().chain(&OTHERS) {
        // Index files leave their modules to nobody, so each file is named.
        let mut command = Command::new("rustfmt");
        command.args(["--check", "--edition", "2024"]).current_dir(FOLDER);
        let files = std::fs::read_dir(folder(name).join("rust")).unwrap();
        // `support.rs` brings the copies of the runtime.
        command.args(files.map(|it| it.unwrap().path()).filter(|it| it.is_file()));
        Outcome::of(command).ended(0);
    }
    cargo("test", &["--quiet"], &databases).ended(0);
    cargo("doc", &["--no-deps"], &[]).ended(0);

    python("2.0", packages, &["-m", "ruff", "check", "."]).ended(0);
    python("2.0", packages, &["-m", "ruff", "format", "--check", "."]).ended(0);
    for version in VERSIONS {
        python(version, packages, &["-m", "mypy", "--strict", "."]).ended(0);
        python(version, packages, &["live.py", &documents.url()]).ended(0);
        python(version, packages, &["live_tenants.py", &service.url()]).ended(0);
        python(version, packages, &["live_types.py", &every_type.url()]).ended(0);
        let empty = TestDatabase::create("drift");
        python(version, packages, &["live_drift.py", &empty.url()]).ended(0);
        for (program, schema) in [("live_awkward.py", "awkward"), ("live_settings.py", "settings")]
        {
            // Pydantic warns of fields that hide its own members.
            let database = migrated(schema);
            let arguments = ["-W", "error::UserWarning", program, &database.url()];
            python(version, packages, &arguments).ended(0);
        }
    }

    service::both_answer(packages);

    // From one language to the other.
    let ignored = ["--quiet", "--test", "documents", "--", "--ignored"];
    cargo("test", &[&ignored[..], &["write"]].concat(), &databases).ended(0);
    python("2.1", packages, &["live.py", &documents.url(), "read"]).ended(0);
    python("2.1", packages, &["live.py", &documents.url(), "write"]).ended(0);
    cargo("test", &[&ignored[..], &["read"]].concat(), &databases).ended(0);

    let databases = alembic_databases();
    for (name, database, scratch) in &databases {
        let arguments = ["alembic_same.py", name, &database.url(), &scratch.url()];
        python("2.1", packages, &arguments).ended(0);
    }
    let mut arguments = vec!["alembic_revision.py".to_owned()];
    for (name, database, scratch) in &databases {
        arguments.extend([(*name).to_owned(), database.url(), scratch.url()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    python("2.1", packages, &arguments).ended(0);

    // A database gives the same bytes as its declaration, which knows the order and the names.
    for name in ["documents", "every_type", "awkward", "example", "service", "settings", "strange"]
    {
        let database = migrated(name);
        for language in LANGUAGES {
            let from = database.url();
            let output = generated.path().join("again").join(language);
            let arguments = ["generate", language, "-o", output.to_str().unwrap()];
            aludel(&folder(name), &[&arguments[..], &["--prune"]].concat()).ended(0);
            aludel(&folder(name), &[&arguments[..], &["--from", &from, "--check"]].concat())
                .ended(0);
        }
    }
}

const SMALL: &str =
    "[tables.notes]\ncolumns = { id = { type = \"integer\", primary_key = true } }\n";

#[test]
fn files_are_written_only_where_they_change_and_over_generated_ones() {
    let project = Project::new(SMALL);
    project
        .ends(2, &["generate"])
        .says(&["no output path for the generated code", "--output PATH"]);
    project.write("aludel.toml", "[codegen.rust]\noutput = \"src/schema.rs\"\n");
    let missing = project.ends(1, &["generate", "--check"]);
    missing.says(&["src/schema/notes.rs is missing"]);
    project.ends(0, &["generate"]).says(&["wrote 22 files, src/schema.rs and others"]);
    let written =
        std::fs::metadata(project.path("src/schema/notes.rs")).unwrap().modified().unwrap();
    project.ends(0, &["generate"]).says(&["are up to date"]);
    let again = std::fs::metadata(project.path("src/schema/notes.rs")).unwrap().modified().unwrap();
    assert_eq!(written, again);
    project.ends(0, &["generate", "--check"]);

    project.write("schema.toml", &SMALL.replace("notes", "memos"));
    let check = project.ends(1, &["generate", "--check"]);
    assert!(check.stdout.contains("+    pub struct Memo {"), "{}", check.stdout);
    check.says(&["notes.rs is no longer generated"]);
    let states = project.ends(1, &["generate", "--check", "--format", "json"]).json();
    let state = |name: &str| {
        let files = states[0]["files"].as_array().unwrap().iter();
        let mut found = files.filter(|it| it["path"].as_str().unwrap().ends_with(name));
        found.next().unwrap()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("schema/memos.rs"), "new");
    assert_eq!(state("schema/notes.rs"), "left_over");
    assert_eq!(state("schema.rs"), "changed");
    assert_eq!(state("support.rs"), "up_to_date");
    project.ends(0, &["generate", "--prune"]).says(&["removed src/schema/notes.rs"]);
    assert!(!project.path("src/schema/notes.rs").exists());

    project.write("src/schema/memos.rs", "// mine\n");
    project.write("src/schema/mine.rs", "// mine, too\n");
    project.ends(2, &["generate"]).says(&["not overwritten", "memos.rs", "--force"]);
    assert_eq!(project.read("src/schema/memos.rs"), "// mine\n");
    project.ends(0, &["generate", "--force", "--prune"]);
    assert!(project.path("src/schema/mine.rs").exists());
    project.ends(2, &["generate", "python"]).says(&["[codegen.python] output"]);
}

#[test]
fn the_runtime_of_rust_code_is_copied_as_it_is_or_a_package() {
    let project = Project::new(SMALL);
    let settings = "[codegen.rust]\noutput = \"src/schema.rs\"\n";
    project.write("aludel.toml", settings);
    project.ends(0, &["generate"]);
    project.write("src/schema/support/bits.rs", "// @generated by aludel, when there were bits\n");
    project.ends(0, &["generate"]).says(&["support/bits.rs is no longer generated"]);
    project.ends(0, &["generate", "--prune"]).says(&["removed src/schema/support/bits.rs"]);
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/rust/src");
    let mut copies = Vec::new();
    for entry in std::fs::read_dir(project.path("src/schema/support")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let copy = project.read(&format!("src/schema/support/{name}"));
        let (first, rest) = copy.split_once('\n').unwrap();
        assert!(first.contains("@generated by aludel") && first.ends_with("verbatim."), "{first}");
        assert_eq!(rest, std::fs::read_to_string(runtime.join(&name)).unwrap(), "{name}");
        copies.push(name);
    }
    // No more than a table without vectors needs, nor its crates.
    assert!(copies.contains(&"errors.rs".to_owned()), "{copies:?}");
    assert!(!copies.contains(&"vectors.rs".to_owned()), "{copies:?}");
    assert!(!project.read("src/schema.rs").contains("pgvector"));

    project.write("aludel.toml", &format!("{settings}runtime = \"package\"\n"));
    let check = project.ends(1, &["generate", "--check"]);
    check.says(&["schema/support.rs is no longer generated", "support/errors.rs is no longer"]);
    project.ends(0, &["generate", "--prune"]).says(&["removed src/schema/support/errors.rs"]);
    assert!(!project.path("src/schema/support").exists());
    let index = project.read("src/schema.rs");
    assert!(index.contains("// aludel-runtime = \"0.1.0\"\n"), "{index}");
    assert!(index.contains("pub use aludel_runtime as support;"), "{index}");
    project.write("schema.toml", &SMALL.replace("} }", "}, pause = \"interval\" }"));
    let derives = format!("{settings}runtime = \"package\"\nderives = [\"utoipa::ToSchema\"]\n");
    project.write("aludel.toml", &derives);
    project.ends(2, &["generate"]).says(&["pause", "does not derive `utoipa::ToSchema`", "copy"]);
    project.write("aludel.toml", &format!("{settings}runtime = \"crate\"\n"));
    project.ends(2, &["generate"]).says(&["must be `copy` or `package`"]);
}

#[test]
fn what_has_no_code_says_where_and_what_to_do() {
    let columns = |text: &str| {
        format!(
            "[tables.notes]\nprimary_key = [\"id\"]\n[tables.notes.columns]\nid = \"integer\"\n{text}\n"
        )
    };
    let refused = |schema: &str, texts: &[&str]| {
        let project = Project::new(schema);
        let outcome = project.ends(2, &["generate", "rust", "-o", "src/schema.rs"]);
        outcome.says(texts);
        assert!(!project.path("src").exists());
    };
    refused(
        &columns("\"a b\" = \"text\"\na_b = \"text\""),
        &[
            "columns `a b` and `a_b` of notes are both named `a_b` in Rust",
            "schema.toml:6",
            "attribute",
        ],
    );
    refused(
        "[tables]\nnotes = { columns = { id = \"integer\" } }\nnote = { columns = { id = \"integer\" } }\n",
        &[
            "table note and table notes are both named `Note` in Rust",
            "in schema.toml: [tables.\"notes\"] model = ",
        ],
    );
    refused(
        "[tables]\nsupport = { columns = { id = \"integer\" } }\nsupports = { codegen = { module = \"support_\" }, columns = { id = \"integer\" }, model = \"Two\" }\n",
        &["table support and table supports both have the file `support_` in Rust", "module = "],
    );
    refused(
        &format!("{}[enums]\nkind = [\"a b\", \"a-b\"]\n", columns("kind = \"kind\"")),
        &["labels `a b` and `a-b` of enum `kind` are both named `AB` in Rust", "names"],
    );
    refused(
        &columns("").replace("primary_key = [\"id\"]", "codegen = { order = [\"id\"] }"),
        &["is not unique", "unique key"],
    );
    refused(
        &columns("x = { type = \"text\", attribute = \"a b\" }"),
        &["not an identifier in Rust and Python"],
    );
    refused(
        &columns("").replace(
            "primary_key = [\"id\"]",
            "primary_key = [\"id\"]\ncodegen = { order = [\"id\", \"id\"] }",
        ),
        &["pages of table notes are sorted by `id` twice"],
    );
    refused(
        &columns("")
            .replace("[tables.notes", "[tables.\"!!\"")
            .replace("primary_key = [\"id\"]", "primary_key = [\"id\"]\nmodel = \"Bang\""),
        &["no file name can be made from the name of", "module = "],
    );
    refused(
        &columns("").replace(
            "primary_key = [\"id\"]",
            "primary_key = [\"id\"]\ncodegen = { module = \"Größe\" }",
        ),
        &["`Größe` is not a portable file name"],
    );
    refused(
        &columns("secret = { type = \"text\", codegen = { list = false, wire = true } }"),
        &["is not in lists of rows, so it is not in responses"],
    );
    // Every other name that a file has.
    refused(
        &format!("{}[enums]\nnote_dto = [\"a\"]\n", columns("kind = \"note_dto\"")),
        &["what a response holds and enum `note_dto` are both named `NoteDto` in Rust"],
    );
    refused(
        &columns(
            "a_and_b = { type = \"text\", unique = true }\na = \"text\"\nb = \"text\"\n\
             [tables.notes.uniques]\nboth = [\"a\", \"b\"]",
        ),
        &["the search by `a_and_b` and the search by `a`, `b` are both named `get_by_a_and_b`"],
    );
    refused(
        &format!(
            "{}[composite_types.pair]\nattributes = {{ \"a b\" = \"text\", a_b = \"text\" }}\n",
            columns("pair = \"pair\"")
        ),
        &["attributes `a b` and `a_b` of composite type pair are both named `a_b` in Rust"],
    );
    refused(
        &columns("\"straße\" = \"text\"\nstrasse = \"text\""),
        &["are both named `STRASSE` in Rust"],
    );
}

#[test]
fn tables_have_the_parts_that_are_asked_for() {
    let project = Project::new(
        "[tables.notes.columns]\nid = { type = \"integer\", primary_key = true }\n\
         [tables.tags]\ncodegen = { only = [\"wire\"] }\n\
         columns = { id = { type = \"integer\", primary_key = true } }\n\
         [tables.tags_of_notes]\nprimary_key = [\"note\", \"tag\"]\n\
         [tables.tags_of_notes.columns]\nnote = { type = \"integer\", references = \"notes.id\" }\n\
         tag = { type = \"integer\", references = \"tags.id\" }\n",
    );
    let outputs = "[codegen.rust]\noutput = \"code\"\n[codegen.python]\noutput = \"models\"\n";
    let parts = |table: &str| {
        let (rust, python) = (format!("code/{table}.rs"), format!("models/{table}.py"));
        let (rust, python) = (project.read(&rust), project.read(&python));
        let in_rust = ["get! {", "insert! {", "Dto = "].map(|it| rust.contains(it));
        let in_python = [".get,", ".insert,", "Out("].map(|it| python.contains(it));
        assert_eq!(in_rust, in_python, "{table}");
        in_rust
    };
    project.write("aludel.toml", outputs);
    project.ends(0, &["generate"]);
    assert_eq!(parts("notes"), [true, true, true]);
    assert_eq!(parts("tags"), [false, false, true]);
    // It only joins others.
    assert_eq!(parts("tags_of_notes"), [true, true, false]);
    project.write("aludel.toml", &format!("[codegen]\nonly = [\"read\"]\n{outputs}"));
    project.ends(0, &["generate"]);
    assert_eq!(parts("notes"), [true, false, false]);
    assert_eq!(parts("tags"), [false, false, true]);
    project.write("aludel.toml", &format!("[codegen]\nonly = [\"reads\"]\n{outputs}"));
    project.ends(2, &["generate"]).says(&["`codegen.only` must be a list of `read`, `search`"]);
    project.write("aludel.toml", outputs);
    project.write("schema.toml", &SMALL.replace("]\n", "]\ncodegen = { only = [\"reed\"] }\n"));
    project.ends(2, &["generate"]).says(&["cannot be `reed`", "did you mean `read`?"]);
}

#[test]
fn many_files_are_one_line() {
    let tables: String = (0..20)
        .map(|it| {
            format!("[tables.t{it}]\ncolumns = {{ id = {{ type = \"integer\", primary_key = true }} }}\n")
        })
        .collect();
    let project = Project::new(&tables);
    let outcome = project.ends(0, &["generate", "rust", "-o", "src/schema.rs"]);
    let outcome = outcome.says(&["Rust: wrote 41 files, src/schema.rs and others in the same \
                                  directory"]);
    assert_eq!(outcome.stderr.matches("wrote").count(), 1, "{}", outcome.stderr);
    project.write("src/schema/t3.rs", "// @generated by aludel, and changed\n");
    let outcome = project.ends(0, &["generate", "rust", "-o", "src/schema.rs"]);
    outcome.says(&["wrote src/schema/t3.rs"]);
}

#[test]
fn nothing_is_written_unless_every_language_can_be() {
    // Two variants in Rust, one member in Python.
    let project = Project::new(
        "[enums]\nkind = { labels = [\"a\", \"b\"], codegen = { names = { a = \"Foo\", b = \"foo\" } } }\n\
         [tables.notes.columns]\nid = { type = \"integer\", primary_key = true }\nkind = \"kind\"\n",
    );
    let outputs = "[codegen.rust]\noutput = \"code\"\n[codegen.python]\noutput = \"models\"\n";
    project.write("aludel.toml", outputs);
    project.ends(2, &["generate"]).says(&["are both named `FOO` in Python", "nothing was written"]);
    assert!(!project.path("code").exists());
    project.ends(0, &["generate", "rust"]);
    assert!(project.path("code/notes.rs").exists());
}

#[test]
fn what_code_cannot_hide_is_said_once() {
    let project = Project::new(
        "[tables.notes.columns]\nid = { type = \"integer\", primary_key = true }\n\
         price = \"money\"\nage = \"interval\"\ncost = { type = \"money\", codegen = { rust_type = \"String\" } }\n",
    );
    let outputs = "[codegen.rust]\noutput = \"code\"\n[codegen.python]\noutput = \"models\"\n";
    project.write("aludel.toml", outputs);
    let outcome = project.ends(0, &["generate"]);
    assert_eq!(outcome.stderr.matches("warning").count(), 2, "{}", outcome.stderr);
    outcome.says(&[
        "warning: column notes.age is a timedelta in Python, where a month has 30 days",
        "warning: column notes.price is transferred as text, because `money` has no corresponding \
         type in code",
    ]);
}

/// A table of columns of many types whose names are all as long as its own.
fn table_of_long_names(length: usize, letter: char) -> String {
    let name = |start: &str| {
        let rest = "abcdefg_".chars().cycle();
        let rest = rest.map(|it| if it == '_' { it } else { letter });
        start.chars().chain(rest).take(length - 1).chain([letter]).collect::<String>()
    };
    let (table, code, by) = (name("t"), name("c"), name("b"));
    let columns = [
        (&name("ka"), "\"timestamptz\""),
        (&name("kb"), "\"mood\""),
        (&code, "\"text\""),
        (&by, "{ type = \"varchar(20)?\", comment = \"What is said of it\" }"),
        (&name("d"), "\"integer[]?\""),
        (&name("e"), "{ type = \"mood\", default = \"'a'\" }"),
        (&name("f"), "{ type = \"jsonb\", default = \"'{}'\" }"),
        (&name("g"), "\"a_mood_whose_name_is_rather_long_but_not_too_long?\""),
        (&name("h"), "\"a_mood_whose_name_is_rather_long_but_not_too_long\""),
        (&name("v"), "\"vector(3)?\""),
    ];
    let columns: String = columns.iter().map(|(name, it)| format!("\"{name}\" = {it}\n")).collect();
    format!(
        "[tables.\"{table}\"]\nprimary_key = [\"{}\", \"{}\"]\n\
         [tables.\"{table}\".columns]\n{columns}\
         [tables.\"{table}\".uniques]\n\"{}\" = {{ columns = [\"{code}\", \"{by}\"] }}\n\
         [tables.\"{table}\".indexes]\n\"{}\" = {{ method = \"hnsw\", where = \"\\\"{code}\\\" = 'de'\", \
         columns = [{{ name = \"{}\", metric = \"cosine\" }}] }}\n",
        name("ka"),
        name("kb"),
        name("u"),
        name("i"),
        name("v")
    )
}

#[test]
fn names_of_every_length_are_laid_out_as_the_formatter_does() {
    let mut schema = "[extensions]\nvector = \"*\"\n[enums]\nmood = [\"a\"]\n\
                      a_mood_whose_name_is_rather_long_but_not_too_long = [\"a\"]\n"
        .to_owned();
    for length in (18..=63).step_by(3).chain([22, 61, 62]) {
        schema.push_str(&table_of_long_names(length, 'x'));
    }
    // What takes two columns takes three bytes of the 63 that a name has.
    for length in [10, 15, 20] {
        schema.push_str(&table_of_long_names(length, '名'));
    }
    let project = Project::new(&schema);
    project.ends(0, &["generate", "python", "-o", "models"]);
    let folder = project.path("");
    python("2.0", &folder, &["-m", "ruff", "check", "--extend-select", "I", "."]).ended(0);
    python("2.0", &folder, &["-m", "ruff", "format", "--diff", "."]).ended(0);
    python("2.0", &folder, &["-m", "mypy", "--strict", "models"]).ended(0);
}

/// SQLAlchemy cannot read such keys from a database, and so Alembic compares none of them.
#[test]
fn foreign_keys_of_names_with_dots_are_no_strings() {
    let project = Project::new(
        "[tables.'\"a.b\"']\ncolumns = { \"c.d\" = { type = \"integer\", primary_key = true } }\n\
         [tables.notes.columns]\nid = { type = \"integer\", primary_key = true }\nother = \"integer\"\n\
         [tables.notes.foreign_keys.notes_fkey]\ncolumns = [\"other\"]\n\
         references = '\"a.b\"'\nreferenced_columns = [\"c.d\"]\n",
    );
    project.ends(0, &["generate", "python", "-o", "models"]);
    let module = project.read("models/notes.py");
    assert!(module.contains("support.columns_of(\"a.b\", \"c.d\"),"), "{module}");
    assert!(module.contains("use_alter=True,"), "{module}");
}

#[test]
fn build_scripts_call_the_library() {
    use aludel::generator::{Language, generate};
    let folder = tempfile::tempdir().unwrap();
    let declaration = Path::new(FOLDER).join("contrib/schema.toml");
    let output = folder.path().join("schema.rs");
    let warnings = generate(&declaration, Language::Rust, &output).unwrap();
    let said: Vec<&str> = warnings.iter().map(|it| it.message.as_str()).collect();
    let text = "column labels.path is transferred as text, because `ltree` has no corresponding \
                type in code";
    assert!(said.contains(&text), "{said:?}");
    let kept = Path::new(FOLDER).join("contrib/rust");
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    assert_eq!(read(output), read(kept.join("mod.rs")));
    assert_eq!(read(folder.path().join("schema/labels.rs")), read(kept.join("labels.rs")));
}
