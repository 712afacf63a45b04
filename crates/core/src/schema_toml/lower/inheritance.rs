//! Partitions, inheritance, typed tables, foreign tables.

use super::table::Draft;
use super::{Lowering, shown_name};
use crate::diagnostic::Diagnostic;
use crate::model::column::{Column, ColumnValue};
use crate::model::ident::Ident;
use crate::model::object::ObjectKind;
use crate::model::options::Options;
use crate::model::table::{Foreign, PartitionOf, Table};
use crate::schema_toml::syntax::{ColumnSyntax, Name, OptionsSyntax};
use crate::sql_text::Part;

impl Lowering<'_> {
    /// The drafts with parents before their children, and what each table has from elsewhere.
    pub(super) fn inheritance<'d>(&mut self, drafts: Vec<Draft<'d>>) -> Vec<Draft<'d>> {
        for draft in &drafts {
            let table = self.linked(draft);
            self.schema.insert(table);
        }
        let mut waiting = drafts;
        let mut ordered: Vec<Draft<'d>> = Vec::new();
        while !waiting.is_empty() {
            let names: Vec<_> = waiting.iter().map(|it| it.name.clone()).collect();
            let is_ready = |it: &Draft<'_>| {
                let table = self.schema.table(&it.name);
                table.is_none_or(|it| !it.parents().any(|parent| names.contains(parent)))
            };
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
            if ready.is_empty() {
                self.cycle(&rest);
                break;
            }
            ordered.extend(ready);
            waiting = rest;
        }
        ordered
    }

    fn cycle(&mut self, drafts: &[Draft<'_>]) {
        for draft in drafts {
            let message = format!("table {} inherits from itself", shown_name(&draft.name));
            self.problem(Diagnostic::error(draft.syntax.name.span, message));
        }
    }

    /// A table with nothing but its place among the others.
    pub(super) fn linked(&mut self, draft: &Draft<'_>) -> Table {
        let written = &draft.syntax.inheritance;
        let mut table = Table::new(draft.name.clone());
        let partition_by = written.partition_by.as_ref();
        table.partition_by = partition_by.map(|it| self.contained(it, Part::Expression));
        if let Some(parent) = written.partition_of.as_ref().and_then(|it| self.parent(it)) {
            let values = written.values.as_ref().map(|it| self.contained(it, Part::Expression));
            let values = values.map(|it| format!("FOR VALUES {it}"));
            let bound = values.unwrap_or_else(|| "DEFAULT".to_owned());
            table.partition_of = Some(PartitionOf { parent, bound });
        }
        table.inherits = written.inherits.iter().filter_map(|it| self.parent(it)).collect();
        table.of_type = written.of_type.as_ref().and_then(|it| self.qualified(it));
        table.access_method = written.access_method.as_ref().and_then(|it| self.ident(it));
        table.foreign = written.foreign.as_ref().map(|it| Foreign {
            server: Ident::new(it.server.as_str()),
            options: texts(&it.options),
        });
        let attached = written.attached.iter();
        table.attached = attached
            .map(|(parent, own)| (Ident::new(parent.as_str()), Ident::new(own.as_str())))
            .collect();
        let triggers = written.inherited_triggers.iter();
        table.inherited_triggers =
            triggers.map(|(name, firing)| (Ident::new(name.as_str()), *firing)).collect();
        table
    }

    fn parent(&mut self, written: &Name) -> Option<crate::model::ident::QualifiedName> {
        let name = self.qualified(written)?;
        self.table_exists(&name, written.span).then_some(name)
    }

    /// A column of which the parent says what is not said here.
    pub(super) fn inherited_column(&mut self, draft: &Draft<'_>, syntax: &ColumnSyntax) {
        let name = Ident::new(syntax.name.as_str());
        let Some(base) = self.schema.inherited_column(&draft.name, &name) else {
            let message = format!(
                "no parent of table {} has a column `{}`",
                shown_name(&draft.name),
                name.as_str()
            );
            return self.error(
                syntax.name.span,
                message,
                "a column that is not inherited needs a \
                                                          `type`",
            );
        };
        self.code_of_column(draft.child(ObjectKind::Column, &name), &syntax.code);
        let written = self.overriding(draft, syntax, base.clone());
        if written != base {
            self.insert(written, syntax.name.span);
        }
    }

    fn overriding(&mut self, draft: &Draft<'_>, syntax: &ColumnSyntax, base: Column) -> Column {
        let mut column = base;
        self.column_attributes(syntax, &mut column);
        if let Some(nullable) = syntax.inherited.flatten() {
            column.not_null = !nullable;
        }
        self.not_null_constraint(syntax, &mut column);
        if syntax.default.as_ref().is_some_and(|it| it.value.eq_ignore_ascii_case("null")) {
            column.value = ColumnValue::None;
        } else if syntax.default.is_some()
            || syntax.generated.is_some()
            || syntax.identity.is_some()
        {
            column.value = self.value(draft, syntax, &column);
        }
        column
    }
}

/// Names with values, as they are written.
pub(super) fn texts(options: &OptionsSyntax) -> Options {
    options.iter().map(|(name, value)| (name.value.as_str(), value.value.as_str())).collect()
}
