//! Primary keys, unique constraints, checks and exclusions.

use super::generated_names::Recipe;
use super::table::Draft;
use super::{Lowering, key_type};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::constraint::{Constraint, ConstraintRule, Key, Timing};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexValue};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::parameters::ParameterTarget;
use crate::schema_toml::names;
use crate::schema_toml::syntax::{At, CheckSyntax, ExclusionSyntax, KeySyntax, Name, UniqueMark};
use crate::sql_text::Part;

impl Lowering<'_> {
    /// The primary key and the unique constraints.
    pub(super) fn keys(&mut self, draft: &Draft<'_>) {
        if let Some(primary_key) = &draft.primary_key {
            self.key(draft, primary_key, KeyKind::Primary);
        }
        for unique in &draft.syntax.uniques {
            self.key(draft, unique, KeyKind::Unique);
        }
        for column in &draft.syntax.columns {
            if let Some(UniqueMark { span, name }) = &column.unique {
                let key = KeySyntax::new(*span, vec![column.name.clone()]);
                let key = KeySyntax { name: name.clone(), ..key };
                self.key(draft, &key, KeyKind::Unique);
            }
        }
    }

    fn key(&mut self, draft: &Draft<'_>, syntax: &KeySyntax, kind: KeyKind) {
        let noun = kind.noun();
        let columns = self.key_columns(&draft.name, &syntax.columns);
        if columns.is_empty() {
            self.problem(Diagnostic::error(syntax.span, format!("the {noun} has no column")));
        }
        for (column, written) in columns.iter().zip(&syntax.columns) {
            self.key_column_type(&draft.name, column, written, noun);
        }
        let Some(name) = self.key_name(draft, syntax, &columns, kind) else { return };
        let key = Key {
            include: self.key_columns(&draft.name, &syntax.include),
            nulls_not_distinct: syntax.nulls_not_distinct,
            without_overlaps: syntax.without_overlaps,
            options: self.options(&syntax.options, ParameterTarget::Index("btree")),
            clustered: syntax.clustered.is_some(),
            columns,
        };
        let rule = match kind {
            KeyKind::Primary => ConstraintRule::PrimaryKey(key),
            KeyKind::Unique => ConstraintRule::Unique(key),
        };
        self.constraint(
            Constraint {
                timing: syntax.timing,
                comment: syntax.comment.clone(),
                index_comment: syntax.index_comment.clone(),
                ..Constraint::new(draft.name.clone(), name, rule)
            },
            syntax.renamed_from.as_ref(),
            syntax.span,
        );
    }

    /// The name that is written, or a new one.
    fn key_name(
        &mut self,
        draft: &Draft<'_>,
        syntax: &KeySyntax,
        columns: &[Ident],
        kind: KeyKind,
    ) -> Option<Ident> {
        if let Some(written) = &syntax.name {
            return names::ident(&written.value).ok();
        }
        let (columns, label) = match kind {
            KeyKind::Primary => (&[][..], "pkey"),
            KeyKind::Unique => (columns, "key"),
        };
        let recipe = Recipe { table: &draft.name.name, columns, label };
        let name = self.free_key(&draft.name, recipe);
        self.take_key(&draft.name, &name, kind.noun(), syntax.span);
        Some(name)
    }

    /// A key is a btree index, which not every type can be in.
    fn key_column_type(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        written: &Name,
        noun: &str,
    ) {
        let known = self.scope.column(table, column);
        let Some(data_type) = known.and_then(|it| it.data_type.clone()) else { return };
        let subject = key_type::Subject {
            index: format!("the {noun}"),
            key: format!("column `{}`", column.as_str()),
            span: written.span,
        };
        if let Some(problem) = key_type::btree_problem(&subject, &data_type) {
            self.problem(problem);
        } else if let Some(problem) = self.no_default_opclass(&subject, "btree", &data_type) {
            self.problem(problem);
        }
    }

    /// Adds a constraint.
    pub(super) fn constraint(
        &mut self,
        constraint: Constraint,
        renamed_from: Option<&Name>,
        span: Span,
    ) {
        let id = ObjectId::child(ObjectKind::Constraint, &constraint.table, &constraint.name);
        self.rename_ident(id, renamed_from);
        self.insert(constraint, span);
    }

    /// The checks and the exclusions.
    pub(super) fn checks(&mut self, draft: &Draft<'_>) {
        draft.syntax.checks.iter().for_each(|it| self.check(draft, it));
        draft.syntax.exclusions.iter().for_each(|it| self.exclusion(draft, it));
    }

    fn check(&mut self, draft: &Draft<'_>, syntax: &CheckSyntax) {
        let Ok(name) = names::ident(&syntax.name.value) else { return };
        let expression = self.expression(&syntax.expression);
        let rule = ConstraintRule::Check { expression, no_inherit: syntax.no_inherit };
        self.constraint(
            Constraint {
                validated: !syntax.not_valid,
                enforced: !syntax.not_enforced,
                comment: syntax.comment.clone(),
                ..Constraint::new(draft.name.clone(), name, rule)
            },
            syntax.renamed_from.as_ref(),
            syntax.name.span,
        );
    }

    fn exclusion(&mut self, draft: &Draft<'_>, syntax: &ExclusionSyntax) {
        let Ok(name) = names::ident(&syntax.name.value) else { return };
        let definition = self.exclusion_definition(&syntax.definition);
        self.constraint(
            Constraint {
                timing: syntax.timing,
                comment: syntax.comment.clone(),
                index_comment: syntax.index_comment.clone(),
                ..Constraint::new(draft.name.clone(), name, ConstraintRule::Exclude { definition })
            },
            syntax.renamed_from.as_ref(),
            syntax.name.span,
        );
    }

    /// The text from the word EXCLUDE on, without the timing.
    fn exclusion_definition(&mut self, written: &At<String>) -> String {
        let text = written.value.trim();
        let upper = text.to_uppercase();
        if !upper.starts_with("EXCLUDE") {
            let message = "an exclusion constraint starts with the word EXCLUDE";
            self.error(
                written.span,
                message,
                "as in `EXCLUDE USING gist (room WITH =, during WITH &&)`",
            );
        }
        let timing = ["DEFERRABLE", "INITIALLY IMMEDIATE", "INITIALLY DEFERRED"];
        if timing.iter().any(|it| upper.ends_with(it)) {
            let message = "DEFERRABLE does not belong in the definition";
            let help = "write `{ definition = \"…\", deferrable = true }`, or `\"deferred\"`";
            self.error(written.span, message, help);
        }
        self.contained(written, Part::Expression)
    }

    /// Whether the columns of a table are a key that foreign keys can point at: a primary key, a
    /// unique constraint or a unique index over just these, checked at once.
    pub(super) fn is_unique(&self, table: &QualifiedName, columns: &[Ident]) -> bool {
        self.with_partitioned(table).iter().any(|table| {
            let by_constraint = self.schema.constraints(table).any(|it| match &it.rule {
                ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                    it.timing == Timing::NotDeferrable && same_set(&key.columns, columns)
                }
                ConstraintRule::ForeignKey(_)
                | ConstraintRule::Check { .. }
                | ConstraintRule::Exclude { .. } => false,
            });
            by_constraint || self.schema.indexes(table).any(|it| is_unique_over(it, columns))
        })
    }

    /// A table and those that it is a part of, whose keys and indexes it has, too.
    pub(super) fn with_partitioned(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = vec![table.clone()];
        let parent_of = |it: &QualifiedName| self.schema.table(it)?.partition_of.as_ref();
        while let Some(link) = found.last().and_then(parent_of)
            && !found.contains(&link.parent)
        {
            found.push(link.parent.clone());
        }
        found
    }
}

/// Which kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Primary,
    Unique,
}

impl KeyKind {
    fn noun(self) -> &'static str {
        match self {
            Self::Primary => "primary key",
            Self::Unique => "unique constraint",
        }
    }
}

fn is_unique_over(index: &Index, columns: &[Ident]) -> bool {
    let keys: Option<Vec<Ident>> = index
        .keys
        .iter()
        .map(|it| match &it.value {
            IndexValue::Column(column) => Some(column.clone()),
            IndexValue::Expression(_) => None,
        })
        .collect();
    index.unique && index.predicate.is_none() && keys.is_some_and(|it| same_set(&it, columns))
}

fn same_set(a: &[Ident], b: &[Ident]) -> bool {
    a.len() == b.len() && a.iter().all(|it| b.contains(it))
}
