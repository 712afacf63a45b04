//! `aludel init`: a new project.

use crate::operations::failure::Failure;
use crate::operations::{self, InitReport};

use super::super::Outcome;
use super::super::args::{InitArgs, Platform};
use super::super::ui::Ui;

pub(crate) fn run(ui: Ui, args: &InitArgs) -> Result<Outcome, Failure> {
    let report = operations::init(&args.directory, args.platform.map(operations::Platform::from))?;
    ui.data(&report, &text(&report))?;
    ui.hint("declare your tables in schema.toml, then: aludel revision --autogenerate -m \"…\"");
    ui.hint("to start from a database that has tables: aludel adopt");
    Ok(Outcome::Done)
}

fn text(report: &InitReport) -> String {
    let mut text = String::new();
    text.extend(report.created.iter().map(|it| format!("created {it}\n")));
    text.extend(report.changed.iter().map(|it| format!("added .aludel/ to {it}\n")));
    text.extend(report.kept.iter().map(|it| format!("kept existing {it}\n")));
    text
}

impl From<Platform> for operations::Platform {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Supabase => Self::Supabase,
            Platform::Rds => Self::Rds,
            Platform::CloudSql => Self::CloudSql,
            Platform::Azure => Self::Azure,
            Platform::Neon => Self::Neon,
        }
    }
}
