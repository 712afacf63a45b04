//! What may fail and what is lost, told.

use crate::operations::Findings;

use super::super::ui::Ui;

/// Prints.
pub(super) fn tell(ui: Ui, findings: &Findings) {
    for it in &findings.may_fail {
        let place = place(it.file.as_deref(), it.line);
        let reason = match &it.seen {
            Some(seen) => format!("with rows: {}", seen.message),
            None => it.reason.clone(),
        };
        ui.may_fail(&format!("{place}{}: {reason}", it.step));
    }
    for it in &findings.loses {
        let place = place(it.file.as_deref(), it.line);
        let what = if it.step.is_empty() { &it.object } else { &it.step };
        ui.loses(&format!("{place}{what}: {}", it.reason));
    }
    let Some(rows) = findings.rows.as_ref().filter(|it| it.matter) else { return };
    for it in &rows.not_filled {
        ui.note(&format!("not tested with rows of {}: {}", it.table, it.reason));
    }
    if let Some(reason) = &rows.unfinished {
        ui.note(&format!("the test with rows is incomplete: {reason}"));
    }
}

fn place(file: Option<&str>, line: Option<usize>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{file}:{line}: "),
        (Some(file), None) => format!("{file}: "),
        (None, Some(line)) => format!("line {line}: "),
        (None, None) => String::new(),
    }
}
