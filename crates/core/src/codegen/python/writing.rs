//! Writing rows of a table: what the runtime does not see in the model.

use super::draft::{Draft, is_written};
use super::layout::{Code, string};

impl Draft<'_> {
    /// Arguments of what writes rows.
    pub(super) fn written_options(&self) -> Vec<Code> {
        let both = || self.entity.fields.iter().zip(&self.views).filter(|(it, _)| is_written(it));
        let mut options = Vec::new();
        let renamed: Vec<Code> = both()
            .filter(|(_, view)| view.field != view.attribute)
            .map(|(_, it)| Code::text(format!("{}: {}", string(&it.field), string(&it.attribute))))
            .collect();
        if !renamed.is_empty() {
            let names = Code::Group { open: "{".to_owned(), items: renamed, close: "}" };
            options.push(Code::keyword("attributes", names));
        }
        // COPY has no values for types that the declaration gives.
        let own: Vec<Code> = both()
            .filter(|(it, _)| it.hints.python_type.is_some())
            .map(|(_, view)| Code::text(string(&view.attribute)))
            .collect();
        if !own.is_empty() {
            options.push(Code::keyword("by_insert", Code::list(own)));
        }
        // Nor does it work with policies.
        options.extend(self.entity.row_security.then(|| Code::text("copied=False")));
        options
    }
}
