//! Partitions, inheritance and foreign tables as written.

use super::node::Fields;
use super::{Name, OptionsSyntax, Problems};
use crate::diagnostic::Diagnostic;
use crate::model::definition::Firing;
use crate::schema_toml::form::{ForeignForm, TableForm};

/// The keys of a table about partitions, inheritance, its type, and where its rows are.
#[derive(Debug, Default)]
pub(crate) struct InheritanceSyntax {
    pub(crate) partition_by: Option<Name>,
    pub(crate) partition_of: Option<Name>,
    /// What follows FOR VALUES; none for the default partition.
    pub(crate) values: Option<Name>,
    pub(crate) inherits: Vec<Name>,
    pub(crate) of_type: Option<Name>,
    pub(crate) access_method: Option<Name>,
    pub(crate) foreign: Option<ForeignSyntax>,
    /// Indexes of the parent, and those of this table that are attached to them.
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

impl InheritanceSyntax {
    /// Whether columns come from elsewhere, too.
    pub(crate) fn has_ancestors(&self) -> bool {
        self.partition_of.is_some() || !self.inherits.is_empty() || self.of_type.is_some()
    }
}

/// Reads these keys.
pub(super) fn inheritance(fields: &mut Fields<'_>, problems: &mut Problems) -> InheritanceSyntax {
    let partition_of = fields.get(&TableForm::PARTITION_OF, problems);
    let values = fields.get(&TableForm::VALUES, problems);
    let is_default = fields.flag(&TableForm::DEFAULT, problems);
    match (&partition_of, &values) {
        (Some(parent), None) if !is_default => {
            let message = "a partition needs `values` or `default = true`";
            let help = "as in `values = \"FROM ('2024-01-01') TO ('2025-01-01')\"`";
            problems.push(Diagnostic::error(parent.span, message).help(help));
        }
        (Some(_), Some(values)) if is_default => {
            let message = "a partition has either `values` or `default = true`";
            problems.push(Diagnostic::error(values.span, message));
        }
        (Some(_), Some(values)) if values.value.trim().eq_ignore_ascii_case("default") => {
            let message = "`values` is the text after FOR VALUES, and a default partition has none";
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
    InheritanceSyntax {
        partition_by: fields.get(&TableForm::PARTITION_BY, problems),
        partition_of,
        values,
        inherits: fields.list(&TableForm::INHERITS, problems),
        of_type: fields.get(&TableForm::OF, problems),
        access_method: fields.get(&TableForm::ACCESS_METHOD, problems),
        foreign: foreign(fields, problems),
        attached: attached(fields, problems),
        inherited_triggers: fields.map(&TableForm::INHERITED_TRIGGERS, problems),
    }
}

fn foreign(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<ForeignSyntax> {
    let node = fields.take(&TableForm::FOREIGN)?;
    node.read::<ForeignForm, _>("`foreign`", problems, |fields, problems| {
        Some(ForeignSyntax {
            options: fields.map(&ForeignForm::OPTIONS, problems),
            server: fields.required(&ForeignForm::SERVER, problems)?,
        })
    })
}

/// Indexes by those of the parent. A name that looks like a number needs no quotes.
fn attached(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<(Name, Name)> {
    let entries = fields.entries(&TableForm::ATTACHED, problems).into_iter();
    entries.filter_map(|(name, node)| Some((name, node.scalar(problems)?))).collect()
}
