//! Tables: the order in which their parts are checked, and the properties of the table itself.

use std::collections::BTreeSet;

use super::object::is_integer;
use super::{Lowering, shown_name};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::code_hints::TableHints;
use crate::model::constraint::{ConstraintRule, Timing};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::IndexValue;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::parameters::ParameterTarget;
use crate::model::pg_type::PgType;
use crate::model::table::{Persistence, ReplicaIdentity, Table};
use crate::schema_toml::form::ReplicaWord;
use crate::schema_toml::syntax::{
    Document, KeySyntax, Name, Problems, ReplicaSyntax, TableSyntax, TypeSyntax,
};

/// A table under way.
pub(super) struct Draft<'d> {
    /// Its name.
    pub(super) name: QualifiedName,
    /// What is written.
    pub(super) syntax: &'d TableSyntax,
    /// The primary key, from the table or from a column.
    pub(super) primary_key: Option<KeySyntax>,
}

impl Draft<'_> {
    /// Whether a column belongs to the primary key.
    pub(super) fn in_primary_key(&self, column: &str) -> Option<Span> {
        let key = self.primary_key.as_ref()?;
        key.columns.iter().any(|it| it.value == column).then_some(key.span)
    }

    /// The id of something that belongs to the table.
    pub(super) fn child(&self, kind: ObjectKind, name: &Ident) -> ObjectId {
        ObjectId::child(kind, &self.name, name)
    }

    /// Whether the table is logged.
    pub(super) fn persistence(&self) -> Persistence {
        if self.syntax.unlogged { Persistence::Unlogged } else { Persistence::Permanent }
    }
}

impl Lowering<'_> {
    /// All tables. Names that are written are taken before any is generated, and foreign keys come
    /// last, since they look at the keys of other tables.
    pub(super) fn tables(&mut self, document: &Document) {
        let drafts: Vec<Draft<'_>> =
            document.tables.iter().filter_map(|it| self.draft(it)).collect();
        let drafts = self.inheritance(drafts);
        drafts.iter().for_each(|it| self.column_types(it));
        drafts.iter().for_each(|it| self.written_names(it));
        drafts.iter().for_each(|it| self.columns(it));
        drafts.iter().for_each(|it| self.keys(it));
        drafts.iter().for_each(|it| self.checks(it));
        drafts.iter().for_each(|it| self.indexes(it));
        drafts.iter().for_each(|it| self.foreign_keys(it));
        drafts.iter().for_each(|it| self.table(it));
    }

    fn draft<'d>(&mut self, syntax: &'d TableSyntax) -> Option<Draft<'d>> {
        // A bad name has been reported with the relations.
        let name =
            crate::schema_toml::names::qualified(&syntax.name.value, &Ident::public()).ok()?;
        if self.scope.tables.get(&name).is_none_or(|it| it.span != syntax.name.span) {
            return None;
        }
        let primary_key = primary_key(syntax, self.problems);
        Some(Draft { name, syntax, primary_key })
    }

    /// Resolves the types of the columns, so that keys and indexes can ask for them.
    fn column_types(&mut self, draft: &Draft<'_>) {
        for column in &draft.syntax.columns {
            let written = column.data_type.as_ref();
            if column.inherited.is_some() {
                continue;
            }
            let data_type = written.and_then(|it| match serial_type(it) {
                Some(serial) => Some(serial),
                None => self.data_type(&it.text),
            });
            let table = self.scope.tables.get_mut(&draft.name);
            let scope = table.and_then(|it| it.columns.get_mut(&Ident::new(column.name.as_str())));
            if let Some(scope) = scope {
                scope.data_type = data_type;
            }
        }
    }

    /// Takes the names that are written.
    fn written_names(&mut self, draft: &Draft<'_>) {
        let table = &draft.name;
        if let Some(name) = draft.primary_key.as_ref().and_then(|it| it.name.as_ref()) {
            self.written_key(table, name, "primary key");
        }
        for name in draft.syntax.uniques.iter().filter_map(|it| it.name.as_ref()) {
            self.written_key(table, name, "unique constraint");
        }
        for column in &draft.syntax.columns {
            if let Some(name) = column.unique.as_ref().and_then(|it| it.name.as_ref()) {
                self.written_key(table, name, "unique constraint");
            }
            if let Some(name) = column.not_null.as_ref().and_then(|it| it.name.as_ref())
                && let Some(ident) = self.ident(name)
            {
                self.take_constraint(table, &ident, "NOT NULL constraint", name.span);
            }
            if let Some(name) = column.identity.as_ref().and_then(|it| it.name.as_ref())
                && let Some(ident) = self.ident(name)
            {
                self.take_relation(&table.sibling(ident), "sequence", name.span);
            }
        }
        for it in &draft.syntax.exclusions {
            self.written_key(table, &it.name, "exclusion");
        }
        for it in &draft.syntax.indexes {
            if let Some(ident) = self.ident(&it.name) {
                self.take_relation(&table.sibling(ident), "index", it.name.span);
            }
        }
        // An attached index may be that of the partition's own key, but not another one.
        for (_, name) in &draft.syntax.inheritance.attached {
            let Some(ident) = self.ident(name) else { continue };
            if draft.syntax.indexes.iter().any(|it| it.name.value == name.value) {
                self.take_relation(&table.sibling(ident), "index", name.span);
            }
        }
        let checks = draft.syntax.checks.iter().map(|it| (&it.name, "check"));
        let foreign_keys = draft.syntax.foreign_keys.iter().map(|it| (&it.name, "foreign key"));
        for (name, noun) in checks.chain(foreign_keys) {
            if let Some(ident) = self.ident(name) {
                self.take_constraint(table, &ident, noun, name.span);
            }
        }
    }

    fn written_key(&mut self, table: &QualifiedName, name: &Name, noun: &'static str) {
        if let Some(ident) = self.ident(name) {
            self.take_key(table, &ident, noun, name.span);
        }
    }

    /// The columns of a key: each of them there, none twice.
    pub(super) fn key_columns(&mut self, table: &QualifiedName, names: &[Name]) -> Vec<Ident> {
        let mut columns = Vec::new();
        for name in names {
            let column = Ident::new(name.as_str());
            let known = self.scope.column(table, &column).is_some();
            if !known && self.scope.knows_columns(table) {
                self.unknown_column(table, &column, name.span);
            } else if columns.contains(&column) {
                let message = format!("column `{}` occurs twice", name.value);
                self.problem(Diagnostic::error(name.span, message));
            }
            columns.push(column);
        }
        columns
    }

    fn table(&mut self, draft: &Draft<'_>) {
        let syntax = draft.syntax;
        let replica_identity = match &syntax.replica_identity {
            ReplicaSyntax::Word(ReplicaWord::Default) => ReplicaIdentity::Default,
            ReplicaSyntax::Word(ReplicaWord::Full) => ReplicaIdentity::Full,
            ReplicaSyntax::Word(ReplicaWord::Nothing) => ReplicaIdentity::Nothing,
            ReplicaSyntax::Index(name) => {
                self.replica_index(draft, name);
                ReplicaIdentity::Index(Ident::new(name.as_str()))
            }
        };
        self.only_one_clustered(draft);
        let linked = self.schema.table(&draft.name).cloned();
        let linked = linked.unwrap_or_else(|| Table::new(draft.name.clone()));
        let table = Table {
            persistence: draft.persistence(),
            options: self.options(&syntax.options, ParameterTarget::Table),
            row_security: syntax.row_security,
            replica_identity,
            comment: syntax.comment.clone(),
            ..linked
        };
        let id = ObjectId::table(&draft.name);
        self.mark_provided(&id, syntax.provided);
        self.rename_qualified(id, syntax.renamed_from.as_ref());
        self.insert(table, syntax.name.span);
        self.grants(&ObjectId::table(&draft.name), &syntax.grants);
        if syntax.code != TableHints::default() {
            self.code.tables.insert(draft.name.clone(), syntax.code.clone());
        }
    }

    /// The index must be there, unique, whole, not deferrable, and over columns that are NOT NULL.
    fn replica_index(&mut self, draft: &Draft<'_>, name: &Name) {
        let ident = Ident::new(name.as_str());
        let index = self.schema.get(&draft.child(ObjectKind::Index, &ident));
        let constraint = self.schema.get(&draft.child(ObjectKind::Constraint, &ident));
        let columns: Option<Vec<Ident>> = match (index, constraint) {
            (Some(Object::Index(index)), _) => {
                let plain = index.unique && index.predicate.is_none();
                let columns = index.keys.iter().map(|it| match &it.value {
                    IndexValue::Column(column) => Some(column.clone()),
                    IndexValue::Expression(_) => None,
                });
                plain.then(|| columns.collect()).flatten()
            }
            (_, Some(Object::Constraint(constraint))) => match &constraint.rule {
                ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key)
                    if constraint.timing == Timing::NotDeferrable =>
                {
                    Some(key.columns.clone())
                }
                _ => None,
            },
            // The index may be a part of one of the parent.
            _ if draft.syntax.inheritance.partition_of.is_some() => return,
            _ => return self.unknown_index(draft, name),
        };
        let Some(columns) = columns else {
            let message = format!("index `{}` cannot identify rows", name.value);
            let help = "use a unique index over columns, without `where`, not deferrable";
            return self.error(name.span, message, help);
        };
        let nullable = columns.iter().find(|column| {
            let id = draft.child(ObjectKind::Column, column);
            matches!(self.schema.get(&id), Some(Object::Column(it)) if !it.not_null)
        });
        if let Some(column) = nullable {
            let message = format!(
                "index `{}` cannot identify rows: column `{}` may be NULL",
                name.value,
                column.as_str()
            );
            self.problem(Diagnostic::error(name.span, message));
        }
    }

    fn unknown_index(&mut self, draft: &Draft<'_>, name: &Name) {
        let message = format!("table {} has no index `{}`", shown_name(&draft.name), name.value);
        let indexes = self.schema.indexes(&draft.name).map(|it| it.name.as_str().to_owned());
        let keys = self.schema.constraints(&draft.name).map(|it| it.name.as_str().to_owned());
        let known: Vec<String> = indexes.chain(keys).collect();
        let problem = Diagnostic::error(name.span, message);
        self.problem(problem.did_you_mean(&name.value, known.iter().map(String::as_str)));
    }

    fn only_one_clustered(&mut self, draft: &Draft<'_>) {
        let keys = draft.primary_key.iter().chain(&draft.syntax.uniques).map(|it| it.clustered);
        let indexes = draft.syntax.indexes.iter().map(|it| it.clustered);
        let places: BTreeSet<Span> = keys.chain(indexes).flatten().collect();
        let mut places = places.into_iter();
        if let Some(first) = places.next() {
            for second in places {
                let message =
                    format!("table {} is clustered on two indexes", shown_name(&draft.name));
                self.problem(Diagnostic::error(second, message).also(first, "first one"));
            }
        }
    }
}

/// The type that stands behind `serial` and its sisters.
pub(super) fn serial_type(written: &TypeSyntax) -> Option<PgType> {
    let name = match written.text.value.trim().to_lowercase().as_str() {
        "smallserial" | "serial2" => "smallint",
        "serial" | "serial4" => "integer",
        "bigserial" | "serial8" => "bigint",
        _ => return None,
    };
    let data_type = PgType::named(name);
    debug_assert!(is_integer(&data_type), "its sequence has this type");
    Some(data_type)
}

/// The one primary key of a table.
fn primary_key(syntax: &TableSyntax, problems: &mut Problems) -> Option<KeySyntax> {
    let marked = syntax.columns.iter().filter_map(|it| Some((it.primary_key?, &it.name)));
    let keys = marked.map(|(span, name)| KeySyntax::new(span, vec![name.clone()]));
    let mut keys: Vec<KeySyntax> = syntax.primary_key.iter().cloned().chain(keys).collect();
    keys.sort_by_key(|it| it.span);
    let mut keys = keys.into_iter();
    let first = keys.next()?;
    for second in keys {
        let message = format!("table `{}` has two primary keys", syntax.name.value);
        let problem = Diagnostic::error(second.span, message).also(first.span, "first one");
        let help =
            "for a key over several columns, write `primary_key = [\"a\", \"b\"]` in the table";
        problems.push(problem.help(help));
    }
    Some(first)
}
