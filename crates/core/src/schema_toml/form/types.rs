//! Domains and composite types.

use super::*;

form! {
    /// An entry of `[domains]`.
    DomainForm = "domain", "A domain: its base type."
        .short(Self::TYPE.any, "a type, or a table with `type`")
        .required(&[&[Self::TYPE.any.name]]);
    TYPE: Text = "type", "The type.";
    NOT_NULL: Flag = "not_null", "NOT NULL: whether values must not be NULL.";
    DEFAULT: Scalar = "default", "The default, an SQL expression.";
    CHECK: Text = "check", "A condition on `VALUE`.";
    CHECKS: Map<Table<CheckForm>> = "checks", "Conditions on `VALUE` by name.";
    + NOT_NULL_CONSTRAINT, COLLATION, GRANTS, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of `[composite_types]`.
    CompositeForm = "composite_type", "A composite type.";
    ATTRIBUTES: Map<Table<AttributeForm>> = "attributes", "The attributes in order.";
    + GRANTS, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An attribute of a composite type.
    AttributeForm = "attribute", "An attribute of a composite type: its type."
        .short(Self::TYPE.any, "a type, or a table with `type`")
        .required(&[&[Self::TYPE.any.name]]);
    TYPE: Text = "type", "The type.";
    + COLLATION, COMMENT;
}
