//! Extensions, namespaces, enums and sequences.

use std::collections::BTreeMap;

use super::{Lowering, shown_name};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::base_type::BaseType;
use crate::model::code_hints::EnumHints;
use crate::model::enum_type::EnumType;
use crate::model::extension::Extension;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::namespace::{Namespace, PUBLIC_COMMENT};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use crate::model::table::Persistence;
use crate::schema_toml::syntax::{
    At, CountingSyntax, Document, EnumSyntax, ExtensionSyntax, Name, SequenceSyntax,
};

impl Lowering<'_> {
    /// All that stands outside of tables, and the names that tables must leave free.
    pub(super) fn objects(&mut self, document: &Document) {
        self.namespaces(document);
        document.extensions.iter().for_each(|it| self.extension(it));
        document.enums.iter().for_each(|it| self.enum_type(it));
        for table in &document.tables {
            for column in &table.columns {
                self.ident(&column.name);
            }
            let Some(name) = self.qualified(&table.name) else { continue };
            // A table that is declared twice has been reported.
            if self.scope.tables.get(&name).is_some_and(|it| it.span == table.name.span) {
                self.take_relation(&name, "table", table.name.span);
                self.free_of_enums(&name, table.name.span);
            }
        }
        document.domains.iter().for_each(|it| self.domain(it));
        document.composites.iter().for_each(|it| self.composite(it));
        self.view_names(document);
        document.sequences.iter().for_each(|it| self.sequence(it));
    }

    /// The namespaces that are declared, and those that are implied.
    fn namespaces(&mut self, document: &Document) {
        for name in self.scope.namespaces.clone() {
            self.schema.insert(Namespace { name, comment: None });
        }
        for namespace in &document.namespaces {
            let Some(name) = self.ident(&namespace.name) else { continue };
            let initial = name == Ident::public();
            let comment = namespace.comment.clone();
            let comment = comment.filter(|it| !(initial && it == PUBLIC_COMMENT));
            let id = ObjectId::global(ObjectKind::Namespace, name.clone());
            self.insert(Namespace { name, comment }, namespace.name.span);
            self.mark_provided(&id, namespace.provided);
            self.grants(&id, &namespace.grants);
        }
    }

    fn extension(&mut self, syntax: &ExtensionSyntax) {
        let Some(name) = self.ident(&syntax.name) else { return };
        if name.as_str() == "pgvector" {
            let message = "there is no extension `pgvector`";
            self.error(syntax.name.span, message, "the extension of pgvector is named `vector`");
        }
        if let Some(written) = &syntax.namespace
            && self.ident(written).is_none()
        {
            return;
        }
        let Some(namespace) = self.scope.extensions.get(&name).cloned() else { return };
        let version = syntax.version.clone();
        let id = ObjectId::global(ObjectKind::Extension, name.clone());
        self.mark_provided(&id, syntax.provided);
        self.insert(Extension { name, namespace, version }, syntax.name.span);
    }

    fn enum_type(&mut self, syntax: &EnumSyntax) {
        let Some(name) = self.qualified(&syntax.name) else { return };
        let id = ObjectId::named(ObjectKind::Enum, &name);
        let mut places: BTreeMap<&str, Span> = BTreeMap::new();
        let mut labels = Vec::new();
        for label in &syntax.labels {
            let text = label.name.as_str();
            self.label_length(&label.name);
            if let Some(first) = places.insert(text, label.name.span) {
                let message = format!("label `{text}` occurs twice");
                let problem = Diagnostic::error(label.name.span, message);
                self.problem(problem.also(first, "first one"));
            }
            if let Some(from) = &label.renamed_from {
                let key = (id.clone(), text.to_owned());
                self.hints.label_renames.insert(key, from.value.clone());
            }
            labels.push(text.to_owned());
        }
        self.grants(&id, &syntax.grants);
        self.mark_provided(&id, syntax.provided);
        self.rename_qualified(id, syntax.renamed_from.as_ref());
        if syntax.code != EnumHints::default() {
            self.code.enums.insert(name.clone(), syntax.code.clone());
        }
        let comment = syntax.comment.clone();
        self.insert(EnumType { name, labels, comment }, syntax.name.span);
    }

    fn label_length(&mut self, label: &Name) {
        let len = label.value.len();
        if len > crate::model::ident::MAX_IDENT_BYTES {
            let message = format!("the label has {len} bytes; the maximum is 63");
            self.problem(Diagnostic::error(label.span, message));
        }
    }

    /// A table is a type too, so it cannot have the name of an enum.
    fn free_of_enums(&mut self, table: &QualifiedName, span: Span) {
        if let Some(first) = self.scope.enums.get(table).copied() {
            let message = format!("{} is the name of an enum", shown_name(table));
            let problem = Diagnostic::error(span, message).also(first, "this enum");
            self.problem(problem.help(
                "a table is also a type, and type names must be unique in a \
                                       schema",
            ));
        }
    }

    fn sequence(&mut self, syntax: &SequenceSyntax) {
        let Some(name) = self.qualified(&syntax.name) else { return };
        let id = ObjectId::named(ObjectKind::Sequence, &name);
        self.take_relation(&name, "sequence", syntax.name.span);
        let bigint = PgType::named("bigint");
        let options = self.counting(&syntax.counting, bigint, syntax.name.span);
        let owned_by = syntax.owned_by.as_ref().and_then(|it| self.owner(&name, it));
        let persistence =
            if syntax.unlogged { Persistence::Unlogged } else { Persistence::Permanent };
        self.grants(&id, &syntax.grants);
        self.mark_provided(&id, syntax.provided);
        self.rename_qualified(id, syntax.renamed_from.as_ref());
        let comment = syntax.comment.clone();
        self.insert(Sequence { name, options, owned_by, persistence, comment }, syntax.name.span);
    }

    /// `owned_by`: a column of a table in the same namespace.
    fn owner(&mut self, sequence: &QualifiedName, written: &Name) -> Option<ColumnRef> {
        let mut parts = self.parts(written, 3)?;
        let column = parts.pop()?;
        let Some(table) = parts.pop() else {
            let message = format!("`{}` is not a column", written.value);
            self.error(written.span, message, "write it as `table.column`");
            return None;
        };
        let namespace = parts.pop().unwrap_or_else(Ident::public);
        let table = QualifiedName { namespace, name: table };
        if !self.table_exists(&table, written.span) {
            return None;
        }
        if self.scope.column(&table, &column).is_none() {
            self.unknown_column(&table, &column, written.span);
        }
        if table.namespace != sequence.namespace {
            let message = "a sequence must be in the schema of the table that owns it";
            self.problem(Diagnostic::error(written.span, message));
        }
        Some(ColumnRef { table, column })
    }

    /// How a sequence counts, with PostgreSQL's defaults and bounds.
    pub(super) fn counting(
        &mut self,
        syntax: &CountingSyntax,
        default_type: PgType,
        span: Span,
    ) -> SequenceOptions {
        let data_type = match &syntax.data_type {
            Some(written) => self.counting_type(written).unwrap_or(default_type),
            None => default_type,
        };
        let increment = syntax.increment.as_ref().map_or(1, |it| it.value);
        let bounds = SequenceOptions::with_increment(data_type.clone(), 1);
        let lowest = SequenceOptions::with_increment(data_type.clone(), -1).min;
        for written in [&syntax.start, &syntax.min, &syntax.max].into_iter().flatten() {
            if written.value < lowest || written.value > bounds.max {
                let message = format!("`{}` is out of range for `{data_type}`", written.value);
                self.problem(Diagnostic::error(written.span, message));
            }
        }
        let mut options = SequenceOptions::with_increment(data_type, increment);
        options.min = syntax.min.as_ref().map_or(options.min, |it| it.value);
        options.max = syntax.max.as_ref().map_or(options.max, |it| it.value);
        let first = if increment < 0 { options.max } else { options.min };
        options.start = syntax.start.as_ref().map_or(first, |it| it.value);
        options.cache = syntax.cache.as_ref().map_or(1, |it| it.value);
        options.cycle = syntax.cycle;
        self.counting_limits(syntax, &options, span);
        options
    }

    fn counting_type(&mut self, written: &Name) -> Option<PgType> {
        let data_type = PgType::parse(&written.value).ok();
        let data_type = data_type.filter(is_integer);
        if data_type.is_none() {
            let message = format!("a sequence cannot be of type `{}`", written.value);
            self.error(written.span, message, "one of: `smallint`, `integer`, `bigint`");
        }
        data_type
    }

    fn counting_limits(&mut self, syntax: &CountingSyntax, options: &SequenceOptions, span: Span) {
        let place = |it: &Option<At<i64>>| it.as_ref().map_or(span, |it| it.span);
        if options.increment == 0 {
            let place = place(&syntax.increment);
            self.problem(Diagnostic::error(place, "`increment` must not be zero"));
        }
        if options.cache < 1 {
            let place = place(&syntax.cache);
            self.problem(Diagnostic::error(place, "`cache` must be greater than zero"));
        }
        let (min, max, start) = (options.min, options.max, options.start);
        if min >= max {
            let place = syntax.min.as_ref().map_or_else(|| place(&syntax.max), |it| it.span);
            let message = format!("`min` ({min}) must be less than `max` ({max})");
            self.problem(Diagnostic::error(place, message));
        } else if start < min || start > max {
            let message =
                format!("`start` ({start}) is not between `min` ({min}) and `max` ({max})");
            self.problem(Diagnostic::error(place(&syntax.start), message));
        }
    }
}

/// Whether sequences can be of this type.
pub(super) fn is_integer(data_type: &PgType) -> bool {
    data_type.plain_base().is_some_and(BaseType::is_integer)
}
