//! All declared names, collected before the objects are checked.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Span};
use crate::model::definition::DefinedKind;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::pg_type::PgType;
use crate::schema_toml::syntax::{CompositeSyntax, Document, Name, Problems, TableSyntax};
use crate::schema_toml::{extensions, names};

/// The names that a document declares.
pub(super) struct Scope {
    /// The extensions and the namespaces of their objects.
    pub(super) extensions: BTreeMap<Ident, Ident>,
    /// The namespaces that are declared or that something is declared in.
    pub(super) namespaces: BTreeSet<Ident>,
    /// Whether anything but an extension names `public`.
    public_is_named: bool,
    /// The enums.
    pub(super) enums: BTreeMap<QualifiedName, Span>,
    /// Other declared types: domains, composite, range and base types, rows of views; with
    /// their nouns.
    pub(super) types: BTreeMap<QualifiedName, (Span, &'static str)>,
    /// The access methods that are declared.
    pub(super) access_methods: BTreeSet<Ident>,
    /// Whether a range type is declared: its multirange type has a name that nobody wrote.
    pub(super) has_multiranges: bool,
    /// The tables.
    pub(super) tables: BTreeMap<QualifiedName, TableScope>,
}

/// What other tables can know of a table.
pub(super) struct TableScope {
    /// Where it is declared.
    pub(super) span: Span,
    /// The tables that it has columns from.
    pub(super) parents: Vec<QualifiedName>,
    /// Its columns.
    pub(super) columns: BTreeMap<Ident, ColumnScope>,
}

/// What a key, an index or a foreign key can know of a column.
pub(super) struct ColumnScope {
    /// Whether its type is left to a parent.
    pub(super) inherited: bool,
    /// Where it is declared.
    pub(super) span: Span,
    /// The type; none before it is resolved, or if it cannot be.
    pub(super) data_type: Option<PgType>,
}

impl Scope {
    /// Collects all names, and reports those that are bad or there twice.
    pub(super) fn collect(document: &Document, problems: &mut Problems) -> Self {
        let mut scope = Self {
            extensions: BTreeMap::new(),
            namespaces: BTreeSet::from([Ident::public()]),
            public_is_named: false,
            enums: BTreeMap::new(),
            types: BTreeMap::new(),
            access_methods: BTreeSet::new(),
            has_multiranges: false,
            tables: BTreeMap::new(),
        };
        scope.extensions(document, problems);
        scope.namespaces(document, problems);
        scope.enums(document, problems);
        scope.tables(document, problems);
        scope.types(document, problems);
        for it in &document.definitions {
            if it.kind == DefinedKind::AccessMethod {
                scope.access_methods.insert(Ident::new(it.name.as_str()));
            }
            if let Some(namespace) = names::namespace_of_key(it.kind, &it.name.value) {
                scope.note_namespace(&namespace, it.name.span, problems);
            }
        }
        for sequence in &document.sequences {
            if let Ok(name) = names::qualified(&sequence.name.value, &Ident::public()) {
                scope.note_namespace(&name.namespace, sequence.name.span, problems);
            }
        }
        scope
    }

    /// The namespaces that are managed unless the configuration says otherwise: `public` only if
    /// something is declared there, or nothing at all is.
    pub(super) fn managed_namespaces(&self) -> BTreeSet<Ident> {
        let mut namespaces = self.namespaces.clone();
        if !self.public_is_named && namespaces.len() > 1 {
            namespaces.remove(&Ident::public());
        }
        namespaces
    }

    /// Whether all columns of a relation are known: those of a view are not.
    pub(super) fn knows_columns(&self, relation: &QualifiedName) -> bool {
        self.tables.contains_key(relation)
    }

    /// The names of the columns of a table.
    pub(super) fn column_names(&self, table: &QualifiedName) -> Vec<&str> {
        let columns = self.tables.get(table).map(|it| it.columns.keys());
        columns.into_iter().flatten().map(Ident::as_str).collect()
    }

    /// A column of a table.
    pub(super) fn column(&self, table: &QualifiedName, column: &Ident) -> Option<&ColumnScope> {
        let scope = self.tables.get(table)?;
        let own = scope.columns.get(column);
        let inherited = || scope.parents.iter().find_map(|it| self.column(it, column));
        own.filter(|it| !it.inherited).or_else(inherited).or(own)
    }

    fn extensions(&mut self, document: &Document, problems: &mut Problems) {
        let mut places = BTreeMap::new();
        for extension in &document.extensions {
            let name = Ident::new(extension.name.as_str());
            once(&mut places, &name, "extension", &extension.name, problems);
            let default = extensions::default_namespace(name.as_str());
            let namespace = match &extension.namespace {
                Some(written) => Ident::new(written.as_str()),
                None => Ident::new(default),
            };
            if namespace.as_str() != "pg_catalog" {
                self.namespaces.insert(namespace.clone());
            }
            self.extensions.insert(name, namespace);
        }
    }

    fn namespaces(&mut self, document: &Document, problems: &mut Problems) {
        let mut places = BTreeMap::new();
        for namespace in &document.namespaces {
            let name = Ident::new(namespace.name.as_str());
            once(&mut places, &name, "schema", &namespace.name, problems);
            self.note_namespace(&name, namespace.name.span, problems);
        }
    }

    fn enums(&mut self, document: &Document, problems: &mut Problems) {
        for it in &document.enums {
            let Ok(name) = names::qualified(&it.name.value, &Ident::public()) else { continue };
            once(&mut self.enums, &name, "enum", &it.name, problems);
            self.note_namespace(&name.namespace, it.name.span, problems);
        }
    }

    fn types(&mut self, document: &Document, problems: &mut Problems) {
        let domains = document.domains.iter().map(|it| (&it.name, "domain"));
        let composites = document.composites.iter().map(|it| (&it.name, "composite type"));
        let made = document.definitions.iter();
        let made = made.filter(|it| it.kind.is_type() || it.kind.is_relation());
        let made = made.map(|it| (&it.name, it.kind.form().noun));
        for (written, noun) in domains.chain(composites).chain(made) {
            let Ok(name) = names::qualified(&written.value, &Ident::public()) else { continue };
            self.free_type(&name, noun, written, problems);
            self.types.entry(name.clone()).or_insert((written.span, noun));
            self.note_namespace(&name.namespace, written.span, problems);
        }
        let mut kinds = document.definitions.iter().map(|it| it.kind);
        self.has_multiranges = kinds.any(|it| it == DefinedKind::RangeType);
    }

    /// Types of a schema differ, and a relation is one, too. Relations among themselves are looked at
    /// elsewhere.
    fn free_type(&self, name: &QualifiedName, noun: &str, written: &Name, problems: &mut Problems) {
        let is_view = |it: &str| it.ends_with("view");
        let table = self.tables.get(name).filter(|_| !is_view(noun)).map(|it| (it.span, "table"));
        let made = self.types.get(name).filter(|it| !(is_view(noun) && is_view(it.1)));
        let taken = self.enums.get(name).map(|it| (*it, "enum"));
        let Some((first, other)) = taken.or(table).or(made.copied()) else { return };
        let message = format!("the name `{}` of this {noun} is already used", written.value);
        let problem = Diagnostic::error(written.span, message);
        problems.push(problem.also(first, format!("by this {other}")));
    }

    fn tables(&mut self, document: &Document, problems: &mut Problems) {
        let mut places = BTreeMap::new();
        for table in &document.tables {
            let Ok(name) = names::qualified(&table.name.value, &Ident::public()) else { continue };
            if !once(&mut places, &name, "table", &table.name, problems) {
                continue;
            }
            self.note_namespace(&name.namespace, table.name.span, problems);
            let column = |name: &Name, inherited: bool| {
                let scope = ColumnScope { inherited, span: name.span, data_type: None };
                (Ident::new(name.as_str()), scope)
            };
            let of_type = composite_of(document, table);
            let attributes = of_type.into_iter().flat_map(|it| &it.attributes);
            let columns = attributes
                .map(|it| column(&it.name, false))
                .chain(table.columns.iter().map(|it| column(&it.name, it.inherited.is_some())));
            let written = table.inheritance.partition_of.iter().chain(&table.inheritance.inherits);
            let parents =
                written.filter_map(|it| names::qualified(&it.value, &Ident::public()).ok());
            let scope = TableScope {
                span: table.name.span,
                parents: parents.collect(),
                columns: columns.collect(),
            };
            self.tables.insert(name, scope);
        }
    }

    fn note_namespace(&mut self, name: &Ident, span: Span, problems: &mut Problems) {
        let reserved = name.as_str().starts_with("pg_") || name.as_str() == "information_schema";
        if reserved {
            let message = format!("the schema `{}` belongs to PostgreSQL", name.as_str());
            problems.push(Diagnostic::error(span, message).help("declare it in another schema"));
            return;
        }
        self.public_is_named |= *name == Ident::public();
        self.namespaces.insert(name.clone());
    }
}

/// Notes a name, and reports it if it was there before; `false` in that case.
fn once<K: Ord + Clone>(
    places: &mut BTreeMap<K, Span>,
    key: &K,
    noun: &str,
    name: &Name,
    problems: &mut Problems,
) -> bool {
    let Some(first) = places.get(key) else {
        places.insert(key.clone(), name.span);
        return true;
    };
    let message = format!("{noun} `{}` is declared twice", name.value);
    problems.push(Diagnostic::error(name.span, message).also(*first, "first declared here"));
    false
}

/// The composite type that a table has its columns from.
fn composite_of<'d>(document: &'d Document, table: &TableSyntax) -> Option<&'d CompositeSyntax> {
    let written = table.inheritance.of_type.as_ref()?;
    let name = names::qualified(&written.value, &Ident::public()).ok()?;
    let is_it = |it: &&CompositeSyntax| {
        names::qualified(&it.name.value, &Ident::public()).is_ok_and(|it| it == name)
    };
    document.composites.iter().find(is_it)
}
