//! What docs/pipeline.md says of the folders that are kept between runs.

use std::fs;
use std::path::{Path, PathBuf};

use super::project::{Outcome, Project};

/// Runs a command with a folder of its own for what users keep.
#[track_caller]
fn run(project: &Project, arguments: &[&str]) -> Outcome {
    let mut command = project.command(arguments);
    command.env("XDG_CACHE_HOME", project.path("kept"));
    Outcome::of(command).ended(0)
}

/// The compiled engine, where it has been unpacked.
fn engine(kept: &Path) -> Option<PathBuf> {
    let folder = fs::read_dir(kept.join("pglite-oxide/wasmer-aot")).ok()?.next()?.unwrap().path();
    let mut files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    files.find(|it| {
        let name = it.file_name().unwrap().to_string_lossy();
        name.starts_with("runtime-pglite") && name.ends_with(".bin")
    })
}

/// Other systems have the user's folder elsewhere.
#[cfg(target_os = "linux")]
#[test]
fn both_folders_can_be_made_again() {
    let project =
        Project::new("[tables.a]\nprimary_key = [\"id\"]\ncolumns = { id = \"bigint\" }\n");
    let kept = project.path("kept");
    run(&project, &["revision", "--autogenerate", "-m", "one"]);
    run(&project, &["check"]);
    let size = fs::metadata(engine(&kept).expect("the engine was unpacked")).unwrap().len();

    // With what the project keeps, the engine is not needed.
    fs::remove_dir_all(&kept).unwrap();
    run(&project, &["check"]);
    assert_eq!(engine(&kept), None);

    // The files themselves say what `check` wants to know.
    fs::remove_dir_all(project.path(".aludel/cache")).unwrap();
    run(&project, &["check"]);
    assert_eq!(engine(&kept), None);

    // Where they are not believed, both folders are made again.
    run(&project, &["check", "--prove"]);
    let unpacked = engine(&kept).expect("the engine was unpacked again");

    // What was cut off is made again, too.
    fs::write(&unpacked, "half a file").unwrap();
    for entry in fs::read_dir(project.path(".aludel/cache")).unwrap() {
        fs::write(entry.unwrap().path(), "{").unwrap();
    }
    run(&project, &["check", "--prove"]);
    assert_eq!(fs::metadata(&unpacked).unwrap().len(), size);
}

/// The folders in its examples are those that it speaks of, and the wheel has the name that is built.
#[test]
fn the_examples_name_what_there_is() {
    let text = include_str!("../../docs/pipeline.md");
    let examples: Vec<&str> = text.split("```yaml\n").skip(1).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        let example = example.split("```").next().unwrap();
        for word in
            [".aludel/cache", ".cache/pglite-oxide", "wheels/aludel_pg-*.whl", "aludel check"]
        {
            assert!(example.contains(word), "{word} is missing in\n{example}");
        }
    }
    let wheel = include_str!("../../pyproject.toml");
    assert!(
        wheel.contains("name = \"aludel-pg\"\n") && wheel.contains("dynamic = [\"version\"]\n")
    );
}
