//! Foreign keys.

use super::generated_names::Recipe;
use super::table::Draft;
use super::{Lowering, quoted, shown_name};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::base_type::BaseType;
use crate::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::pg_type::PgType;
use crate::schema_toml::names;
use crate::schema_toml::syntax::{ForeignKeySyntax, Name, ReferenceSyntax};

impl Lowering<'_> {
    /// The foreign keys of a table, its own and those of its columns.
    pub(super) fn foreign_keys(&mut self, draft: &Draft<'_>) {
        draft.syntax.foreign_keys.iter().for_each(|it| self.table_foreign_key(draft, it));
        for column in &draft.syntax.columns {
            if let Some(reference) = &column.reference {
                self.column_foreign_key(draft, &column.name, reference);
            }
        }
    }

    fn table_foreign_key(&mut self, draft: &Draft<'_>, syntax: &ForeignKeySyntax) {
        let columns = self.key_columns(&draft.name, &syntax.columns);
        let Ok(name) = names::ident(&syntax.name.value) else { return };
        let on_delete_columns = self.on_delete_columns(draft, syntax);
        let place =
            Place { span: syntax.name.span, what: format!("foreign key `{}`", name.as_str()) };
        let listed = &syntax.referenced_columns;
        let Some(key) = self.foreign_key(draft, columns, &syntax.reference, listed, &place) else {
            return;
        };
        let key = ForeignKey { on_delete_columns, period: syntax.period, ..key };
        let rule = ConstraintRule::ForeignKey(key);
        self.constraint(
            Constraint {
                timing: syntax.reference.timing,
                validated: !syntax.not_valid,
                enforced: !syntax.not_enforced,
                comment: syntax.comment.clone(),
                ..Constraint::new(draft.name.clone(), name, rule)
            },
            syntax.renamed_from.as_ref(),
            syntax.name.span,
        );
    }

    fn column_foreign_key(
        &mut self,
        draft: &Draft<'_>,
        column: &Name,
        reference: &ReferenceSyntax,
    ) {
        let columns = vec![Ident::new(column.as_str())];
        let span = reference.references.span;
        let place = Place { span, what: format!("the foreign key of column `{}`", column.value) };
        let Some(key) = self.foreign_key(draft, columns, reference, &[], &place) else { return };
        let recipe = Recipe { table: &draft.name.name, columns: &key.columns, label: "fkey" };
        let name = self.free_constraint(&draft.name, recipe);
        self.take_constraint(&draft.name, &name, "foreign key", column.span);
        let rule = ConstraintRule::ForeignKey(key);
        let constraint = Constraint {
            timing: reference.timing,
            ..Constraint::new(draft.name.clone(), name, rule)
        };
        self.constraint(constraint, None, span);
    }

    fn foreign_key(
        &mut self,
        draft: &Draft<'_>,
        columns: Vec<Ident>,
        reference: &ReferenceSyntax,
        listed: &[Name],
        place: &Place,
    ) -> Option<ForeignKey> {
        let (table, column) = self.referenced(reference, listed)?;
        let referenced_columns = match (column, listed) {
            (Some(column), []) => vec![column],
            (None, []) => self.referenced_primary_key(&table, &reference.references)?,
            (None, listed) => self.key_columns(&table, listed),
            (Some(_), [first, ..]) => {
                let message = "the referenced columns are given twice";
                let span = reference.references.span;
                let problem = Diagnostic::error(first.span, message).also(span, "here too");
                self.problem(problem.help("name only the table in `references`"));
                return None;
            }
        };
        let key = ForeignKey {
            columns,
            references: table,
            referenced_columns,
            on_update: reference.on_update,
            on_delete: reference.on_delete,
            on_delete_columns: Vec::new(),
            match_full: reference.match_full,
            period: false,
        };
        self.key_fits(draft, &key, place);
        Some(key)
    }

    /// `table`, `table.column`, `schema.table` or `schema.table.column`. Two parts are a table and
    /// its column, unless only a schema and its table are there, or the columns are listed.
    fn referenced(
        &mut self,
        reference: &ReferenceSyntax,
        listed: &[Name],
    ) -> Option<(QualifiedName, Option<Ident>)> {
        let written = &reference.references;
        let parts = self.parts(written, 3)?;
        let (table, column) = match parts.as_slice() {
            [table] => (QualifiedName::new("public", table.clone()), None),
            [first, second] => {
                let own = QualifiedName::new("public", first.clone());
                let other = QualifiedName::new(first.clone(), second.clone());
                let tables = &self.scope.tables;
                let whole = !listed.is_empty() || !tables.contains_key(&own);
                if whole && tables.contains_key(&other) {
                    (other, None)
                } else {
                    (own, Some(second.clone()))
                }
            }
            [namespace, table, column] => {
                (QualifiedName::new(namespace.clone(), table.clone()), Some(column.clone()))
            }
            _ => return None,
        };
        if !self.table_exists(&table, written.span) {
            return None;
        }
        if let Some(column) = &column
            && self.scope.column(&table, column).is_none()
        {
            self.unknown_column(&table, column, written.span);
            return None;
        }
        Some((table, column))
    }

    fn referenced_primary_key(
        &mut self,
        table: &QualifiedName,
        written: &Name,
    ) -> Option<Vec<Ident>> {
        let tables = self.with_partitioned(table);
        let constraints = tables.iter().flat_map(|it| self.schema.constraints(it));
        let key = { constraints }.find_map(|it| match &it.rule {
            ConstraintRule::PrimaryKey(key) => Some(key.columns.clone()),
            _ => None,
        });
        if key.is_none() {
            let message = format!("table {} has no primary key", shown_name(table));
            let help = format!("name the column: `references = \"{}.column\"`", written.value);
            self.error(written.span, message, help);
        }
        key
    }

    /// As many columns on both sides, of types that can be compared, and a key on the other side.
    fn key_fits(&mut self, draft: &Draft<'_>, key: &ForeignKey, place: &Place) {
        let (here, there) = (key.columns.len(), key.referenced_columns.len());
        if here != there || here == 0 {
            let message =
                format!("{} has {}, but references {}", place.what, counted(here), counted(there));
            let columns = quoted(key.referenced_columns.iter().map(Ident::as_str));
            let problem = Diagnostic::error(place.span, message);
            self.problem(problem.help(format!(
                "the referenced columns of {}: {columns}",
                shown_name(&key.references)
            )));
            return;
        }
        for (column, referenced) in key.columns.iter().zip(&key.referenced_columns) {
            self.types_fit(&draft.name, column, &key.references, referenced, place);
        }
        let known = key.referenced_columns.iter();
        let all_known = known.clone().all(|it| self.scope.column(&key.references, it).is_some());
        if all_known && !self.is_unique(&key.references, &key.referenced_columns) {
            self.not_unique(key, place);
        }
    }

    fn not_unique(&mut self, key: &ForeignKey, place: &Place) {
        let columns = quoted(key.referenced_columns.iter().map(Ident::as_str));
        let table = shown_name(&key.references);
        let message =
            format!("{} references {columns} of {table}, which are not a key", place.what);
        let problem = Diagnostic::error(place.span, message);
        let problem = match self.scope.tables.get(&key.references) {
            Some(scope) if !scope.span.eq(&place.span) => problem.also(scope.span, "this table"),
            _ => problem,
        };
        self.problem(problem.help(format!(
            "make {columns} the primary key, or add a unique constraint that is not deferrable"
        )));
    }

    fn types_fit(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        other: &QualifiedName,
        referenced: &Ident,
        place: &Place,
    ) {
        let Some(here) = self.scope.column(table, column) else { return };
        let Some(there) = self.scope.column(other, referenced) else { return };
        let (Some(a), Some(b)) = (&here.data_type, &there.data_type) else { return };
        if self.may_compare(a, b) {
            return;
        }
        let message = format!(
            "{}: `{}` is `{a}`, but references `{}`, which is `{b}`",
            place.what,
            column.as_str(),
            referenced.as_str()
        );
        let problem = Diagnostic::error(place.span, message)
            .also(there.span, format!("`{b}` here"))
            .help(format!("give both the same type: `{b}`"));
        self.problem(problem);
    }

    /// Whether a foreign key of one type can reference another; in doubt it can.
    fn may_compare(&self, from: &PgType, to: &PgType) -> bool {
        if from.same_family(to) {
            return true;
        }
        match (self.family(from), self.family(to)) {
            (Some(Family::Enum), Some(Family::Enum)) => false,
            (Some(from), Some(to)) => from == to || widens(from, to),
            _ => true,
        }
    }

    /// Types that compare with each other.
    fn family(&self, data_type: &PgType) -> Option<Family> {
        if data_type.array {
            return None;
        }
        if self.scope.is_enum(data_type) {
            return Some(Family::Enum);
        }
        Some(match data_type.base()? {
            it if it.is_integer() => Family::Integer,
            it if it.is_text() => Family::Text,
            BaseType::Numeric => Family::Numeric,
            BaseType::Real | BaseType::DoublePrecision => Family::Float,
            BaseType::Uuid => Family::Uuid,
            BaseType::Boolean => Family::Boolean,
            BaseType::Bytea => Family::Bytes,
            BaseType::Date | BaseType::Timestamptz | BaseType::Timestamp => Family::Date,
            _ => return None,
        })
    }

    fn on_delete_columns(&mut self, draft: &Draft<'_>, syntax: &ForeignKeySyntax) -> Vec<Ident> {
        let Some(first) = syntax.on_delete_columns.first() else { return Vec::new() };
        if !matches!(syntax.reference.on_delete, Action::SetNull | Action::SetDefault) {
            let message =
                "`on_delete_columns` is only for the actions `set null` and `set default`";
            self.problem(Diagnostic::error(first.span, message));
        }
        for name in &syntax.on_delete_columns {
            if !syntax.columns.iter().any(|it| it.value == name.value) {
                let message = format!("column `{}` is not in the foreign key", name.value);
                self.problem(Diagnostic::error(name.span, message));
            }
        }
        let mut columns = self.key_columns(&draft.name, &syntax.on_delete_columns);
        columns.dedup();
        columns
    }
}

/// `1 column`, `2 columns`.
fn counted(columns: usize) -> String {
    format!("{columns} column{}", if columns == 1 { "" } else { "s" })
}

/// Where a foreign key is declared, and what messages call it.
struct Place {
    span: Span,
    what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Integer,
    Numeric,
    Float,
    Text,
    Uuid,
    Boolean,
    Bytes,
    Date,
    /// Comparable with nothing but itself.
    Enum,
}

/// Whether every value of one family is cast to the other without asking.
fn widens(from: Family, to: Family) -> bool {
    matches!(
        (from, to),
        (Family::Integer, Family::Numeric | Family::Float) | (Family::Numeric, Family::Float)
    )
}
