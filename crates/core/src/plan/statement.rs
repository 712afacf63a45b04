//! Statements of PostgreSQL, typed: one value per statement, no SQL text.

use crate::model::column::{Column, Compression, Identity, Storage};
use crate::model::composite::{Attribute, CompositeType};
use crate::model::constraint::{Constraint, Timing};
use crate::model::definition::{Definition, Firing, Removal};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::enum_type::EnumType;
use crate::model::expr::SqlExpr;
use crate::model::extension::Extension;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::not_null::NotNull;
use crate::model::object::ObjectId;
use crate::model::options::Options;
use crate::model::pg_type::PgType;
use crate::model::privileges::Grantee;
use crate::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use crate::model::table::{PartitionOf, Persistence, ReplicaIdentity, RowSecurity, Table};

pub use crate::plan::mirror::{FillValue, Mirror, MirrorAction};

/// One SQL statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// CREATE SCHEMA.
    CreateNamespace(Ident),
    /// CREATE SCHEMA for an extension, which an administrator may have created beforehand.
    CreateExtensionNamespace(Ident),
    /// DROP SCHEMA.
    DropNamespace(Ident),
    /// DROP SCHEMA of an extension, unless it is another role's.
    DropExtensionNamespace(Ident),
    /// CREATE EXTENSION IF NOT EXISTS.
    CreateExtension(Extension),
    /// DROP EXTENSION, unless it is another role's.
    DropExtension(Ident),
    /// ALTER EXTENSION … SET SCHEMA.
    SetExtensionNamespace {
        /// The extension.
        name: Ident,
        /// Where its objects go.
        namespace: Ident,
    },
    /// ALTER EXTENSION … UPDATE TO.
    UpdateExtension {
        /// The extension.
        name: Ident,
        /// The version wanted.
        version: String,
    },
    /// CREATE TYPE … AS ENUM.
    CreateEnum(EnumType),
    /// DROP TYPE.
    DropEnum(QualifiedName),
    /// ALTER TYPE … ADD VALUE.
    AddLabel {
        /// The type.
        name: QualifiedName,
        /// The new label.
        label: String,
        /// The label that it is put before; none puts it at the end.
        before: Option<String>,
    },
    /// ALTER TYPE … RENAME VALUE.
    RenameLabel {
        /// The type.
        name: QualifiedName,
        /// The label now.
        from: String,
        /// The label then.
        to: String,
    },
    /// CREATE DOMAIN, with its constraints.
    CreateDomain(Box<Domain>),
    /// ALTER DOMAIN.
    AlterDomain {
        /// The domain.
        name: QualifiedName,
        /// What changes.
        action: DomainAction,
    },
    /// CREATE TYPE … AS (…).
    CreateComposite(Box<CompositeType>),
    /// ALTER TYPE … ATTRIBUTE.
    AlterComposite {
        /// The type.
        name: QualifiedName,
        /// What changes.
        action: AttributeAction,
    },
    /// CREATE, as the definition says it.
    Define {
        /// The object.
        definition: Box<Definition>,
        /// CREATE OR REPLACE: the object stays and only its definition changes.
        or_replace: bool,
    },
    /// What a definition says after CREATE.
    Complete {
        /// The object.
        object: ObjectId,
        /// The statement as PostgreSQL prints it.
        sql: String,
    },
    /// ALTER TABLE … ENABLE TRIGGER, ENABLE RULE; ALTER EVENT TRIGGER … ENABLE.
    SetFiring {
        /// The trigger or rule.
        object: ObjectId,
        /// When it shall fire.
        firing: Firing,
    },
    /// DROP of a domain, a composite type, or what is known by its definition.
    Drop {
        /// The object.
        object: ObjectId,
        /// What takes it away.
        removal: Removal,
    },
    /// GRANT and REVOKE.
    Grant {
        /// The object.
        on: ObjectId,
        /// Who is meant.
        grantee: Grantee,
        /// What is given or taken.
        granting: Granting,
    },
    /// ALTER DEFAULT PRIVILEGES.
    GrantByDefault {
        /// Whose new objects; none for the current role.
        role: Option<Ident>,
        /// In which namespace.
        namespace: Option<Ident>,
        /// Which objects: `TABLES`.
        objects: String,
        /// Who is meant.
        grantee: Grantee,
        /// What is given or taken.
        granting: Granting,
    },
    /// Fails where a column that is to take the place of another has no value yet.
    RequireFilled {
        /// The table.
        table: QualifiedName,
        /// The column that has the values now.
        column: Ident,
        /// The column that shall have them.
        new: Ident,
    },
    /// Reads the owners and privileges of objects that are dropped and created again.
    NoteOwners {
        /// The objects; of a column only its privileges are read.
        objects: Vec<ObjectId>,
        /// Whether the privileges are read, too.
        privileges: bool,
    },
    /// Gives objects the owners and privileges that were read.
    RestoreOwners {
        /// Those of the objects that have been created again.
        objects: Vec<ObjectId>,
        /// Whether their privileges were read, too.
        privileges: bool,
    },
    /// SET check_function_bodies: off, so that a routine may name what is made after it.
    CheckFunctionBodies(bool),
    /// CREATE SEQUENCE, without OWNED BY.
    CreateSequence(Sequence),
    /// ALTER SEQUENCE with the options that differ.
    AlterSequence {
        /// The sequence.
        name: QualifiedName,
        /// Its options now.
        from: SequenceOptions,
        /// Its options then.
        to: SequenceOptions,
    },
    /// SELECT setval(…): a sequence that stands below its coming MINVALUE is raised to it.
    RaiseSequence {
        /// The sequence.
        name: QualifiedName,
        /// The coming MINVALUE.
        least: i64,
    },
    /// ALTER SEQUENCE … OWNED BY.
    SetSequenceOwner {
        /// The sequence.
        name: QualifiedName,
        /// The column; none for OWNED BY NONE.
        owner: Option<ColumnRef>,
    },
    /// SELECT setval(…): a new identity starts after the largest existing value.
    ContinueIdentity {
        /// The identity column.
        column: ColumnRef,
    },
    /// DROP SEQUENCE.
    DropSequence(QualifiedName),
    /// CREATE TABLE.
    CreateTable(Box<TableDefinition>),
    /// DROP TABLE.
    DropTable(QualifiedName),
    /// DROP FOREIGN TABLE.
    DropForeignTable(QualifiedName),
    /// ALTER TABLE … ATTACH PARTITION.
    AttachPartition {
        /// The table that becomes a partition.
        table: QualifiedName,
        /// Its parent and bound.
        link: PartitionOf,
    },
    /// ALTER TABLE … DETACH PARTITION.
    DetachPartition {
        /// The partition.
        table: QualifiedName,
        /// Its parent.
        parent: QualifiedName,
        /// Without blocking queries of the parent, outside a transaction.
        concurrently: bool,
    },
    /// ALTER TABLE … INHERIT, NO INHERIT.
    SetInherit {
        /// The child.
        table: QualifiedName,
        /// The parent.
        parent: QualifiedName,
        /// INHERIT rather than NO INHERIT.
        inherit: bool,
    },
    /// ALTER TABLE … OF; none for NOT OF.
    SetType {
        /// The table.
        table: QualifiedName,
        /// The composite type.
        of_type: Option<QualifiedName>,
    },
    /// ALTER TABLE … SET ACCESS METHOD; none for `heap`.
    SetAccessMethod {
        /// The table.
        table: QualifiedName,
        /// The access method.
        method: Option<Ident>,
    },
    /// ALTER FOREIGN TABLE … OPTIONS.
    SetForeignOptions {
        /// The table.
        table: QualifiedName,
        /// As they are.
        from: Options,
        /// As they shall be.
        to: Options,
    },
    /// ALTER INDEX … ATTACH PARTITION.
    AttachIndex {
        /// The index of the partitioned table.
        parent: QualifiedName,
        /// The index of the partition.
        index: QualifiedName,
        /// The partitioned table.
        table: QualifiedName,
    },
    /// COMMENT ON FOREIGN TABLE.
    CommentForeignTable {
        /// The table.
        table: QualifiedName,
        /// The text; none removes it.
        text: Option<String>,
    },
    /// ALTER TABLE or ALTER SEQUENCE … SET LOGGED or UNLOGGED.
    SetPersistence {
        /// The table or sequence.
        relation: ObjectId,
        /// What it shall be.
        persistence: Persistence,
    },
    /// ALTER TABLE or ALTER INDEX … SET (…), RESET (…).
    SetOptions {
        /// The table or index.
        relation: ObjectId,
        /// Parameters to set.
        set: Options,
        /// Parameters to put back to their default.
        reset: Vec<String>,
    },
    /// ALTER TABLE … ENABLE, DISABLE, FORCE, NO FORCE ROW LEVEL SECURITY.
    SetRowSecurity {
        /// The table.
        table: QualifiedName,
        /// As it is.
        from: RowSecurity,
        /// As it shall be.
        to: RowSecurity,
    },
    /// ALTER TABLE … REPLICA IDENTITY.
    SetReplicaIdentity {
        /// The table.
        table: QualifiedName,
        /// What identifies a row.
        identity: ReplicaIdentity,
    },
    /// ALTER TABLE … CLUSTER ON, or SET WITHOUT CLUSTER.
    SetCluster {
        /// The table.
        table: QualifiedName,
        /// The index; none for no clustering.
        index: Option<Ident>,
    },
    /// ALTER TABLE … ADD COLUMN.
    AddColumn(Box<Column>),
    /// ALTER TABLE … DROP COLUMN.
    DropColumn {
        /// The column.
        column: ColumnRef,
        /// ONLY: children keep theirs.
        only: bool,
    },
    /// ALTER TABLE … ALTER COLUMN.
    AlterColumn {
        /// The column.
        column: ColumnRef,
        /// What changes.
        action: ColumnAction,
    },
    /// ALTER TABLE, on the NOT NULL constraint of a column (from PostgreSQL 18).
    NotNull {
        /// The column.
        column: ColumnRef,
        /// What is said.
        action: NotNullAction,
    },
    /// ALTER TABLE … ADD CONSTRAINT.
    AddConstraint(Box<Constraint>),
    /// ALTER TABLE … ADD CONSTRAINT … USING INDEX.
    AddConstraintUsing {
        /// The primary key or unique constraint.
        constraint: Box<Constraint>,
        /// The existing index, which is renamed to the constraint.
        index: Ident,
    },
    /// UPDATE of the rows in which a column has not its value yet, in batches.
    Fill {
        /// The column.
        column: ColumnRef,
        /// What it gets.
        value: FillValue,
        /// The columns by which rows are told apart.
        key: Vec<Ident>,
        /// How many rows a batch has.
        rows: u32,
    },
    /// What keeps a second column equal to the one whose place it takes.
    Mirror {
        /// The two columns.
        mirror: Box<Mirror>,
        /// What is done.
        action: MirrorAction,
    },
    /// SELECT setval(…): an identity starts at the value of another sequence.
    ContinueSequence {
        /// The identity column.
        column: ColumnRef,
        /// The sequence.
        from: QualifiedName,
    },
    /// ALTER TABLE … DROP CONSTRAINT.
    DropConstraint(Box<Constraint>),
    /// ALTER TABLE … VALIDATE CONSTRAINT.
    ValidateConstraint(Box<Constraint>),
    /// ALTER TABLE … ALTER CONSTRAINT (foreign keys).
    SetConstraintTiming {
        /// The table.
        table: QualifiedName,
        /// The constraint.
        name: Ident,
        /// When it shall be checked.
        timing: Timing,
    },
    /// CREATE INDEX.
    CreateIndex {
        /// The index.
        index: Box<Index>,
        /// Without blocking writes, outside a transaction.
        concurrently: bool,
        /// Not on the partitions: the index is invalid until theirs are attached.
        only: bool,
    },
    /// DROP INDEX.
    DropIndex {
        /// The table.
        table: QualifiedName,
        /// The index.
        name: Ident,
        /// Without blocking queries, outside a transaction.
        concurrently: bool,
        /// With the constraints of partitions whose indexes are attached to it.
        cascade: bool,
    },
    /// ALTER … RENAME TO, RENAME COLUMN, RENAME CONSTRAINT.
    Rename {
        /// What is renamed.
        object: ObjectId,
        /// Its new name.
        name: Ident,
    },
    /// ALTER … SET SCHEMA.
    Move {
        /// What is moved.
        object: ObjectId,
        /// The namespace it goes to.
        namespace: Ident,
    },
    /// COMMENT ON.
    Comment {
        /// What is described.
        object: ObjectId,
        /// The text; none removes it.
        text: Option<String>,
    },
}

/// Everything that one CREATE TABLE holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDefinition {
    /// The table.
    pub table: Table,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// The constraints that can stand inside it.
    pub constraints: Vec<Constraint>,
    /// Columns that come from elsewhere, and the names of their NOT NULL constraints.
    pub not_nulls: Vec<(Ident, Ident)>,
}

/// What is said of a NOT NULL constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNullAction {
    /// ADD CONSTRAINT … NOT NULL.
    Add(NotNull),
    /// VALIDATE CONSTRAINT.
    Validate(Ident),
    /// ALTER CONSTRAINT … INHERIT, NO INHERIT.
    SetInherit {
        /// Its name.
        name: Ident,
        /// INHERIT rather than NO INHERIT.
        inherit: bool,
    },
}

/// What GRANT and REVOKE do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Granting {
    /// GRANT.
    Grant {
        /// The privileges.
        privileges: Vec<String>,
        /// WITH GRANT OPTION.
        option: bool,
    },
    /// REVOKE.
    Revoke {
        /// The privileges.
        privileges: Vec<String>,
        /// GRANT OPTION FOR.
        option_only: bool,
    },
    /// REVOKE ALL.
    RevokeAll,
}

impl Granting {
    /// Whether nothing is given or taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Grant { privileges, .. } | Self::Revoke { privileges, .. } => {
                privileges.is_empty()
            }
            Self::RevokeAll => false,
        }
    }
}

/// What ALTER DOMAIN changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainAction {
    /// SET DEFAULT.
    SetDefault(SqlExpr),
    /// DROP DEFAULT.
    DropDefault,
    /// SET NOT NULL.
    SetNotNull,
    /// ADD CONSTRAINT … NOT NULL.
    AddNotNull(Ident),
    /// DROP NOT NULL.
    DropNotNull,
    /// RENAME CONSTRAINT.
    RenameConstraint {
        /// The name now.
        from: Ident,
        /// The name then.
        to: Ident,
    },
    /// ADD CONSTRAINT.
    AddCheck(DomainCheck),
    /// DROP CONSTRAINT.
    DropCheck(Ident),
    /// VALIDATE CONSTRAINT.
    ValidateCheck(Ident),
    /// COMMENT ON CONSTRAINT … ON DOMAIN; none removes it.
    CommentCheck(Ident, Option<String>),
}

/// What ALTER TYPE changes in a composite type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeAction {
    /// ADD ATTRIBUTE.
    Add(Attribute),
    /// DROP ATTRIBUTE.
    Drop(Ident),
    /// ALTER ATTRIBUTE … TYPE.
    SetType(Attribute),
}

/// What ALTER COLUMN changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnAction {
    /// TYPE … COLLATE … USING.
    SetType {
        /// The type now.
        from: PgType,
        /// The type then.
        to: PgType,
        /// The collation then, where it is not the type's own.
        collation: Option<String>,
        /// The expression that makes the new value, where a cast does not.
        using: Option<SqlExpr>,
    },
    /// SET DEFAULT.
    SetDefault(SqlExpr),
    /// DROP DEFAULT.
    DropDefault,
    /// SET NOT NULL.
    SetNotNull,
    /// DROP NOT NULL.
    DropNotNull,
    /// ADD GENERATED … AS IDENTITY.
    AddIdentity(Identity),
    /// SET GENERATED …, SET sequence options.
    AlterIdentity {
        /// As it is.
        from: Identity,
        /// As it shall be.
        to: Identity,
    },
    /// DROP IDENTITY.
    DropIdentity,
    /// DROP EXPRESSION: a stored generated column becomes an ordinary one.
    DropExpression,
    /// SET STORAGE; none for the type's own.
    SetStorage(Option<Storage>),
    /// SET COMPRESSION; none for the server's default.
    SetCompression(Option<Compression>),
    /// SET STATISTICS; none for the server's default.
    SetStatistics(Option<i16>),
    /// SET (…), RESET (…): `n_distinct`.
    SetOptions {
        /// Options to set.
        set: Options,
        /// Options to put back to their default.
        reset: Vec<String>,
    },
    /// OPTIONS (…) of a column of a foreign table.
    SetForeignOptions {
        /// As they are.
        from: Options,
        /// As they shall be.
        to: Options,
    },
}
