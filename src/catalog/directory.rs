//! The OIDs that the catalog uses, and the objects that were read under them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use super::CatalogError;
use super::collation::CollationRow;
use super::comment::CommentRow;
use crate::model::Schema;
use crate::model::ident::{Ident, PUBLIC, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::options::Options;
use crate::model::parameters::{ParameterTarget, is_documented};

/// The oids of system catalogs never change (`src/include/catalog/*.h` in the server).
pub(super) const PG_TYPE: u32 = 1247;
pub(super) const PG_CLASS: u32 = 1259;
pub(super) const PG_ATTRDEF: u32 = 2604;
pub(super) const PG_CONSTRAINT: u32 = 2606;
pub(super) const PG_NAMESPACE: u32 = 2615;
pub(super) const PG_OPFAMILY: u32 = 2753;
pub(super) const PG_EXTENSION: u32 = 3079;

/// A row of a system catalog, as `pg_depend` writes it: catalog, row, and column number or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) class: u32,
    pub(super) object: u32,
    pub(super) sub_object: i32,
}

impl Address {
    /// A whole row.
    pub(super) fn whole(class: u32, object: u32) -> Self {
        Self { class, object, sub_object: 0 }
    }
}

/// What is known of a column beside the model: what indexes on it go by.
#[derive(Debug, Clone)]
pub(super) struct ColumnFacts {
    pub(super) name: Ident,
    pub(super) type_oid: u32,
    pub(super) collation: u32,
}

/// The objects read so far, by what the catalog calls them. A table that is not in here is not
/// managed, and neither is what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Directory {
    schema: Schema,
    addresses: HashMap<Address, ObjectId>,
    tables: HashMap<u32, QualifiedName>,
    columns: HashMap<(u32, i16), ColumnFacts>,
    collations: HashMap<u32, String>,
    comments: HashMap<Address, String>,
    column_comments: HashMap<u32, BTreeMap<Ident, String>>,
    unmanaged: BTreeSet<String>,
}

impl Directory {
    pub(super) fn new(collations: &[CollationRow], comments: Vec<CommentRow>) -> Self {
        let collations = collations.iter().map(|it| (it.oid, collation_sql(it))).collect();
        let mut directory = Self { collations, ..Self::default() };
        for CommentRow { class, object, sub_object, column_name, comment } in comments {
            if let Some(name) = column_name {
                let columns = directory.column_comments.entry(object).or_default();
                columns.insert(Ident::new(name), comment.clone());
            }
            directory.comments.insert(Address { class, object, sub_object }, comment);
        }
        directory
    }

    /// Hands out the comments on the columns of a relation.
    pub(super) fn take_column_comments(&mut self, relation: u32) -> BTreeMap<Ident, String> {
        self.column_comments.remove(&relation).unwrap_or_default()
    }

    /// Hands out the comment on an object; there is one at most.
    pub(super) fn take_comment(&mut self, address: Address) -> Option<String> {
        self.comments.remove(&address)
    }

    /// The parameters that are documented; the others are named as what is not managed.
    pub(super) fn documented(
        &mut self,
        found: Options,
        target: ParameterTarget<'_>,
        owner: &ObjectId,
    ) -> Options {
        let (documented, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(name, _)| is_documented(name, target));
        let named = others.iter().map(|(name, _)| format!("parameter {name} of {owner}"));
        self.unmanaged.extend(named);
        documented.into_iter().collect()
    }

    /// What was read; none, and named as what is not managed, where it is in a code that this release
    /// does not know.
    pub(super) fn known<T>(
        &mut self,
        read: Result<T, CatalogError>,
    ) -> Result<Option<T>, CatalogError> {
        match read {
            Ok(known) => Ok(Some(known)),
            Err(CatalogError::UnknownCode { what, code, owner }) => {
                self.unmanaged.insert(format!("{what} `{code}` of {owner}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Adds an object under its catalog addresses.
    pub(super) fn add(
        &mut self,
        object: impl Into<Object>,
        addresses: impl IntoIterator<Item = Address>,
    ) {
        let object = object.into();
        let id = object.id();
        self.addresses.extend(addresses.into_iter().map(|it| (it, id.clone())));
        self.schema.insert(object);
    }

    /// Lets addresses stand for an object that has been added already.
    pub(super) fn add_addresses(
        &mut self,
        id: Option<ObjectId>,
        addresses: impl IntoIterator<Item = Address>,
    ) {
        if let Some(id) = id {
            self.addresses.extend(addresses.into_iter().map(|it| (it, id.clone())));
        }
    }

    /// The objects read so far, to put them right.
    pub(super) fn schema_mut(&mut self) -> &mut Schema {
        &mut self.schema
    }

    /// Notes the name of a managed table or view.
    pub(super) fn add_table(&mut self, oid: u32, name: QualifiedName) {
        self.tables.insert(oid, name);
    }

    /// The managed tables and views, by number.
    pub(super) fn relations(&self) -> impl Iterator<Item = (u32, &QualifiedName)> {
        self.tables.iter().map(|(oid, name)| (*oid, name))
    }

    /// Notes a column of a managed table.
    pub(super) fn add_column(&mut self, table: u32, number: i16, facts: ColumnFacts) {
        self.columns.insert((table, number), facts);
    }

    /// The name of a managed table.
    pub(super) fn table(&self, oid: u32) -> Option<&QualifiedName> {
        self.tables.get(&oid)
    }

    /// The column of a managed table; `owner` asks for it.
    pub(super) fn column(
        &self,
        table: u32,
        number: i16,
        owner: &dyn fmt::Display,
    ) -> Result<&ColumnFacts, CatalogError> {
        self.columns.get(&(table, number)).ok_or_else(|| CatalogError::Dangling {
            what: "column",
            number: number.into(),
            owner: owner.to_string(),
        })
    }

    /// The names of several columns of a managed table.
    pub(super) fn column_names(
        &self,
        table: u32,
        numbers: &[i16],
        owner: &dyn fmt::Display,
    ) -> Result<Vec<Ident>, CatalogError> {
        numbers.iter().map(|number| Ok(self.column(table, *number, owner)?.name.clone())).collect()
    }

    /// A collation as SQL, where it differs from the one that would be taken without saying so.
    pub(super) fn collation(
        &self,
        oid: u32,
        unless: u32,
        owner: &dyn fmt::Display,
    ) -> Result<Option<String>, CatalogError> {
        if oid == 0 || oid == unless {
            return Ok(None);
        }
        let name = self.collations.get(&oid).ok_or_else(|| CatalogError::Dangling {
            what: "collation",
            number: oid.into(),
            owner: owner.to_string(),
        })?;
        Ok(Some(name.clone()))
    }

    /// The object at an address.
    pub(super) fn id(&self, address: Address) -> Option<&ObjectId> {
        self.addresses.get(&address)
    }

    /// Whether there is such a namespace among the objects.
    pub(super) fn namespace_id(&self, name: &Ident) -> Option<ObjectId> {
        let id = ObjectId::global(ObjectKind::Namespace, name.clone());
        self.schema.contains(&id).then_some(id)
    }

    /// All objects read so far.
    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The objects, and the names of what is not managed.
    pub(super) fn into_parts(self) -> (Schema, BTreeSet<String>) {
        (self.schema, self.unmanaged)
    }
}

/// `"C"`, `public.german` without its namespace, `extensions."de-x-icu"`.
fn collation_sql(row: &CollationRow) -> String {
    let name = Ident::new(row.name.as_str());
    match row.namespace.as_str() {
        "pg_catalog" | PUBLIC => name.to_string(),
        other => format!("{}.{name}", Ident::new(other)),
    }
}
