//! A project in a folder of its own, worked on by the program itself.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder with a schema.toml.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

/// How the program ended and what it said.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit status; none when a signal ended it.
    pub(crate) status: Option<i32>,
    /// Its data.
    pub(crate) stdout: String,
    /// What it said beside, without what it says on a busy machine only.
    pub(crate) stderr: String,
    command: String,
}

impl Project {
    /// A project that declares this.
    pub(crate) fn new(schema: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("aludel-test-").tempdir().expect("a folder");
        let project = Self { folder };
        project.write("schema.toml", schema);
        std::fs::create_dir(project.path("migrations")).expect("a folder");
        project
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file is written");
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file is read")
    }

    /// Writes a revision by hand, on top of another one where one is named.
    pub(crate) fn revision(&self, id: &str, revises: &str, up: &str, down: Option<&str>) {
        let mut text = format!("-- Revision: {id}\n");
        if !revises.is_empty() {
            let _ = writeln!(text, "-- Revises: {revises}");
        }
        let _ = writeln!(text, "-- Message: revision {id}\n\n{up}");
        self.write(&format!("migrations/{id}.up.sql"), &text);
        if let Some(down) = down {
            self.write(&format!("migrations/{id}.down.sql"), down);
        }
    }

    /// Lets a revision that was written by hand lose data.
    pub(crate) fn allow(&self, id: &str, losses: &str) {
        let file = format!("migrations/{id}.up.sql");
        let allowing = format!("-- Allows: data-loss ({losses})\n-- Message: ");
        self.write(&file, &self.read(&file).replacen("-- Message: ", &allowing, 1));
    }

    /// The program in this folder, with nothing of the tester's own surroundings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_aludel"), arguments)
    }

    /// Another program, likewise.
    pub(crate) fn command_of(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("PG") || name.starts_with("ALUDEL") || name == "DATABASE_URL" {
                command.env_remove(&*name);
            }
        }
        command.env_remove("NO_COLOR");
        command
    }

    /// Runs the program.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments))
    }

    /// Runs the program and expects an exit status.
    #[track_caller]
    pub(crate) fn ends(&self, status: i32, arguments: &[&str]) -> Outcome {
        self.run(arguments).ended(status)
    }
}

impl Outcome {
    /// Runs a command to its end.
    #[track_caller]
    pub(crate) fn of(mut command: Command) -> Self {
        let output = command.output().expect("the program starts");
        let text = |it: Vec<u8>| String::from_utf8(it).expect("UTF-8");
        let said = text(output.stderr);
        let lines = said.split_inclusive('\n').filter(|it| !it.starts_with("note: still "));
        Self {
            status: output.status.code(),
            stdout: text(output.stdout),
            stderr: lines.collect(),
            command: format!("{command:?}"),
        }
    }

    /// Expects an exit status, and that nothing broke on the way.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self}");
        assert!(!self.stderr.contains("panicked") && !self.stderr.contains("backtrace"), "{self}");
        self
    }

    /// Expects texts in what it said, its data or the rest.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            let said = self.stdout.contains(text) || self.stderr.contains(text);
            assert!(said, "`{text}` is missing in {self}");
        }
        self
    }

    /// The document of `--format json`.
    #[track_caller]
    pub(crate) fn envelope(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    /// The report in it.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        let mut envelope = self.envelope();
        assert_eq!(envelope["exit"].as_i64(), self.status.map(i64::from), "{self}");
        envelope["result"].take()
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { status, stdout, stderr, command } = self;
        write!(f, "{command}\nstatus {status:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}
