//! What the command line does, done by a program.

use std::sync::{Arc, Mutex};

use aludel::config::{Flags, Settings};
use aludel::connection::surroundings::Process;
use aludel::diagnostic::SourceFile;
use aludel::operations::{
    CheckOptions, DiffOptions, FindingKind, Host, Kind, Message, Project, RevisionOptions,
};

use super::support::{TestDatabase, block_on};

/// Keeps what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Host for Notes {
    fn tell(&self, message: &Message<'_>) {
        let text = match message {
            Message::Note(text) | Message::Warning(text) | Message::Hint(text) => {
                (*text).to_owned()
            }
            Message::Progress(progress) => format!("{progress:?}"),
        };
        self.0.lock().unwrap().push(text);
    }
}

fn project(folder: &tempfile::TempDir, url: &str) -> Project {
    let path = |name: &str| folder.path().join(name);
    let text = format!(
        "[database]\nurl = \"{url}\"\n[migrations]\ndirectory = {:?}\n",
        path("migrations")
    );
    let file = SourceFile::new(path("aludel.toml").display().to_string(), text);
    let settings = Settings::resolve(&file, &Flags::default(), &Process).unwrap();
    Project::new(settings, file, path("schema.toml"))
}

#[test]
fn a_program_generates_applies_and_checks() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::create("operations");
    let declared =
        "[tables.notes]\nprimary_key = [\"id\"]\n[tables.notes.columns]\nid = \"bigint\"\n";
    std::fs::write(folder.path().join("schema.toml"), declared).unwrap();
    let notes = Notes::default();
    let project = project(&folder, &database.url()).hosted_by(notes.clone());
    block_on(async {
        let options = RevisionOptions { message: Some("notes".to_owned()), ..Default::default() };
        let revision = project.autogenerate(&options).await.unwrap();
        assert_eq!(revision.changes.len(), 3, "{:?}", revision.changes);
        let again = project.autogenerate(&options).await.unwrap();
        assert_eq!(again.id, None);

        let checked = project.check(&CheckOptions::default()).await.unwrap();
        let kinds: Vec<FindingKind> = checked.findings.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [FindingKind::Unapplied]);

        let report = project.upgrade(&["head"]).await.unwrap();
        assert_eq!(Some(report.finished[0].id.to_string()), revision.id);
        let checked = project.check(&CheckOptions::default()).await.unwrap();
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);

        let (from, to) = ("live".to_owned(), "empty".to_owned());
        let options = DiffOptions { from, to, rename: Vec::new(), prove: false, sample: false };
        let diff = project.diff(&options).await.unwrap();
        assert!(diff.script.contains("DROP TABLE notes"), "{}", diff.script);

        assert_eq!(project.downgrade(&["base"]).await.unwrap().finished.len(), 1);
    });
    let told = notes.0.lock().unwrap().join("\n");
    assert!(told.contains("Started"), "{told}");
}

#[test]
fn mistakes_keep_their_places() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("schema.toml"), "[tables.notes]\ncolums = 1\n").unwrap();
    let project = project(&folder, "postgres://localhost/nothing");
    let failure = block_on(project.autogenerate(&RevisionOptions {
        message: Some("notes".to_owned()),
        ..Default::default()
    }));
    let failure = failure.unwrap_err();
    assert_eq!(failure.kind, Kind::Input);
    let mistakes = failure.mistakes.unwrap();
    assert_eq!(mistakes.diagnostics[0].labels[0].span.start, "[tables.notes]\n".len());
    assert!(!mistakes.diagnostics[0].message.contains('\u{1b}'));
}
