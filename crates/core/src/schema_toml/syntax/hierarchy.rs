//! Where a table has its columns or its rows from, as written.

use super::definition::ENABLED;
use super::node::Fields;
use super::{Name, OptionsSyntax, Problems};
use crate::diagnostic::Diagnostic;
use crate::model::definition::Firing;

/// The keys of a table about partitions, inheritance, its type, and where its rows are.
#[derive(Debug, Default)]
pub(crate) struct HierarchySyntax {
    pub(crate) partition_by: Option<Name>,
    pub(crate) partition_of: Option<Name>,
    /// What follows FOR VALUES; none for the default partition.
    pub(crate) values: Option<Name>,
    pub(crate) inherits: Vec<Name>,
    pub(crate) of_type: Option<Name>,
    pub(crate) access_method: Option<Name>,
    pub(crate) foreign: Option<ForeignSyntax>,
    /// Indexes of the parent, and those of this table that hang on them.
    pub(crate) attached: Vec<(Name, Name)>,
    /// Triggers of the parent, and when they fire on this table.
    pub(crate) inherited_triggers: Vec<(Name, Firing)>,
}

/// `foreign`.
#[derive(Debug)]
pub(crate) struct ForeignSyntax {
    pub(crate) server: Name,
    pub(crate) options: OptionsSyntax,
}

impl HierarchySyntax {
    /// Whether columns come from elsewhere, too.
    pub(crate) fn has_ancestors(&self) -> bool {
        self.partition_of.is_some() || !self.inherits.is_empty() || self.of_type.is_some()
    }
}

/// Reads these keys.
pub(super) fn hierarchy(fields: &mut Fields<'_>, problems: &mut Problems) -> HierarchySyntax {
    let partition_of = fields.string("partition_of", problems);
    let values = fields.string("values", problems);
    let default = fields.take_entry("default");
    let is_default = default.as_ref().and_then(|it| it.1.boolean(problems)).unwrap_or(false);
    match (&partition_of, &values) {
        (Some(parent), None) if !is_default => {
            let message = "a partition has `values`, or `default = true`";
            let help = "as in `values = \"FROM ('2024-01-01') TO ('2025-01-01')\"`";
            problems.push(Diagnostic::error(parent.span, message).help(help));
        }
        (Some(_), Some(values)) if is_default => {
            let message = "a partition has either `values` or `default = true`";
            problems.push(Diagnostic::error(values.span, message));
        }
        (Some(_), Some(values)) if values.value.trim().eq_ignore_ascii_case("default") => {
            let message = "`values` is what follows FOR VALUES, and a default partition has none";
            let help = "write `default = true` instead";
            problems.push(Diagnostic::error(values.span, message).help(help));
        }
        (None, Some(values)) => {
            let message = "`values` belongs to a partition";
            let help = "name its parent: `partition_of = \"table\"`";
            problems.push(Diagnostic::error(values.span, message).help(help));
        }
        (Some(_), _) | (None, None) => {}
    }
    HierarchySyntax {
        partition_by: fields.string("partition_by", problems),
        partition_of,
        values,
        inherits: fields.strings("inherits", problems),
        of_type: fields.string("of", problems),
        access_method: fields.string("access_method", problems),
        foreign: foreign(fields, problems),
        attached: texts(fields, "attached", problems),
        inherited_triggers: triggers(fields, problems),
    }
}

fn triggers(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<(Name, Firing)> {
    let entries = fields.entries("inherited_triggers", problems).into_iter();
    let read = entries.map(|(name, node)| Some((name, node.choice(&ENABLED, problems)?)));
    read.flatten().collect()
}

fn foreign(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<ForeignSyntax> {
    let node = fields.take("foreign")?;
    if node.is_string() {
        return Some(ForeignSyntax { server: node.string(problems)?, options: Vec::new() });
    }
    let mut inner = node.fields("`foreign`", problems)?;
    let server = inner.required("server", problems);
    let options = texts(&mut inner, "options", problems);
    inner.finish(problems);
    Some(ForeignSyntax { server: server?, options })
}

/// Names with values, as they are written.
pub(super) fn texts(
    fields: &mut Fields<'_>,
    key: &'static str,
    problems: &mut Problems,
) -> Vec<(Name, Name)> {
    let entries = fields.entries(key, problems);
    let read = entries.into_iter().map(|(name, node)| Some((name, node.scalar(problems)?)));
    read.flatten().collect()
}
