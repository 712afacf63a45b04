//! Writes a revision for what schema.toml declares and no revision builds, applies it, and checks that all
//! agree: what `aludel revision --autogenerate`, `aludel upgrade` and `aludel check` do, in the current folder.
//!
//! ```sh
//! cargo run --example project -- "add notes"
//! ```

use aludel::operations::{CheckOptions, Failure, Host, Message, Project, RevisionOptions};

/// Tells what happens on standard error.
struct Terminal;

#[expect(clippy::print_stderr, reason = "an example speaks")]
impl Host for Terminal {
    fn tell(&self, message: &Message<'_>) {
        if let Message::Note(text) | Message::Warning(text) | Message::Hint(text) = message {
            eprintln!("{text}");
        }
    }
}

#[expect(clippy::print_stdout, reason = "an example speaks")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let project = Project::open()?.hosted_by(Terminal);
    let options = RevisionOptions { message: std::env::args().nth(1), ..Default::default() };
    for change in &project.autogenerate(&options).await?.changes {
        println!("{change}");
    }
    for applied in &project.upgrade(&["head"]).await?.finished {
        println!("applied {}", applied.id);
    }
    for finding in &project.check(&CheckOptions::default()).await?.findings {
        println!("{}: {}", finding.kind.label(), finding.message);
    }
    Ok(())
}
