//! A second column with the values of another one in a new type, which replaces it later.

use crate::model::Schema;
use crate::model::base_type::BaseType;
use crate::model::column::{Column, ColumnValue};
use crate::model::definition::DefinedKind;
use crate::model::ident::{Ident, QualifiedName, object_name};
use crate::model::object::ObjectKind;
use crate::model::pg_type::PgType;
use crate::plan::free::{first_free, is_taken};

/// A column beside another, and what keeps both equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// The table.
    pub table: QualifiedName,
    /// The column as it is.
    pub old: Ident,
    /// The second column.
    pub new: Ident,
    /// The columns by which the rows of the table are told apart.
    pub key: Vec<Ident>,
    /// Its type.
    pub data_type: PgType,
    /// Whether its values are made by way of text.
    pub by_text: bool,
    /// The name of the trigger and of its function.
    pub trigger: Ident,
    /// The check that both are equal, and that no value is missing where none may be.
    pub check: Ident,
    /// Whether no value may be missing.
    pub not_null: bool,
}

/// What a column is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FillValue {
    /// DEFAULT, where it is NULL.
    Default,
    /// The value of the column whose place it takes, where it has another one.
    Mirror(Box<Mirror>),
}

/// What is done about a second column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MirrorAction {
    /// CREATE FUNCTION of the trigger.
    CreateFunction,
    /// CREATE TRIGGER.
    CreateTrigger,
    /// ALTER TABLE … ENABLE ALWAYS TRIGGER: also for replicated changes.
    EnableAlways,
    /// DROP TRIGGER.
    DropTrigger,
    /// DROP FUNCTION.
    DropFunction,
    /// ADD CONSTRAINT of the check that both are equal, NOT VALID.
    AddCheck,
    /// VALIDATE CONSTRAINT of it.
    ValidateCheck,
    /// DROP CONSTRAINT of it.
    DropCheck,
    /// ANALYZE of the second column, which has no statistics yet.
    Analyze,
    /// DROP COLUMN of the old one, whose values the second has.
    DropOld,
}

impl Mirror {
    /// The second column for another, under names that nothing has on either side and no other second
    /// column of the plan has.
    pub(super) fn new(
        sides: [&Schema; 2],
        from: &Column,
        to: &Column,
        by_text: bool,
        key: Vec<Ident>,
        others: &[&Self],
    ) -> Self {
        let table = &to.table;
        let named = |prefix: &str, label: &str| {
            let made = |label: &str| object_name(prefix, Some(to.name.as_str()), label);
            first_free(label, made, |it| {
                is_taken(sides, &table.sibling(it.clone()))
                    || others.iter().any(|other| other.trigger == *it || other.check == *it)
            })
        };
        // Triggers fire in the order of their names, and this one is to see what all others make.
        let last = triggers(sides[0], table).max();
        let prefixes = ["zz_", "zzzz_", "~~_", "~~~~_"];
        let trigger = prefixes
            .iter()
            .map(|it| named(&format!("{it}{}", table.name.as_str()), "copy"))
            .find(|it| last.is_none_or(|last| last.as_str() < it.as_str()))
            .unwrap_or_else(|| named("~~~~~~", "copy"));
        let beside = |label: &str| object_name(to.name.as_str(), None, label);
        let has = |it: &Ident| sides.iter().any(|side| side.column(table, it).is_some());
        Self {
            old: from.name.clone(),
            new: first_free("new", beside, has),
            key,
            data_type: to.data_type.clone(),
            by_text,
            trigger,
            check: named(table.name.as_str(), "copy_check"),
            not_null: to.not_null,
            table: table.clone(),
        }
    }

    /// The new value, of the old column as it is called where the expression stands.
    #[must_use]
    pub fn value(&self, old: &str) -> String {
        let array = if self.data_type.array { "[]" } else { "" };
        let by_text = if self.by_text { format!("::text{array}") } else { String::new() };
        format!("{old}{by_text}::{}", self.data_type)
    }

    /// What the check says.
    #[must_use]
    pub fn condition(&self) -> String {
        let [new, old] = self.compared();
        let same = format!("{new} IS NOT DISTINCT FROM {old}");
        if self.not_null { format!("{} IS NOT NULL AND {same}", self.new) } else { same }
    }

    /// The second column and what it should be, in a form that can be compared. Operators of a type that is
    /// not where names are looked for are not found, and some types have none: their texts are compared.
    #[must_use]
    pub fn compared(&self) -> [String; 2] {
        let has_operator = self.data_type.namespace.is_none()
            && !matches!(self.data_type.base(), Some(BaseType::Json | BaseType::Xml));
        let text = if has_operator { "" } else { "::text" };
        [format!("{}{text}", self.new), format!("{}{text}", self.value(&self.old.to_string()))]
    }

    /// The second column, empty at first.
    pub(super) fn column(&self, to: &Column) -> Column {
        Column {
            name: self.new.clone(),
            not_null: false,
            not_null_constraint: Default::default(),
            value: ColumnValue::None,
            comment: None,
            ..to.clone()
        }
    }
}

/// The names of the triggers of a table.
pub(super) fn triggers<'a>(
    side: &'a Schema,
    table: &'a QualifiedName,
) -> impl Iterator<Item = &'a Ident> {
    let trigger = ObjectKind::Defined(DefinedKind::Trigger);
    let ids = side.iter().map(|it| it.0).filter(move |it| it.kind == trigger);
    ids.filter(|it| it.table_name().as_ref() == Some(table)).map(|it| &it.name)
}

/// Whether a cast to a shorter type cuts values off.
fn is_cut(base: BaseType) -> bool {
    matches!(
        base,
        BaseType::Varchar
            | BaseType::Character
            | BaseType::Bpchar
            | BaseType::Bit
            | BaseType::Varbit
    )
}

/// Whether settings of a session say how values are printed (manual section 19.11.2).
fn is_printed_by_settings(base: BaseType) -> bool {
    base.is_clock()
        || matches!(
            base,
            BaseType::Date
                | BaseType::Interval
                | BaseType::Money
                | BaseType::Bytea
                | BaseType::Real
                | BaseType::DoublePrecision
        )
}

/// Why values cannot be copied from one type to another and stay the same, whatever session writes them.
pub(super) fn not_copied(from: &PgType, to: &PgType) -> Option<&'static str> {
    let is = |it: &PgType, asked: fn(BaseType) -> bool| it.base().is_some_and(asked);
    let cuts = is(to, is_cut) && to.modifier.is_some();
    // What names an object says so by the search path.
    let by_settings = |it: &PgType| it.name.starts_with("reg") || is(it, is_printed_by_settings);
    let is_text = |it: &PgType| is(it, BaseType::is_text);
    let zone = |it: &PgType| is(it, BaseType::has_time_zone);
    let money = |it: &PgType| is(it, |it| it == BaseType::Money);
    let other = from.name != to.name;
    let has_no_order = is(to, |it| it == BaseType::Geometric);
    if cuts {
        Some("a cast truncates values that are too long, where ALTER COLUMN TYPE fails")
    } else if other
        && (by_settings(from) && is_text(to)
            || is_text(from) && by_settings(to)
            || zone(from) != zone(to)
            || money(from) != money(to))
    {
        Some("the new values depend on settings of the session that writes them, such as TimeZone")
    } else if has_no_order {
        Some("values of the new type cannot be compared")
    } else {
        None
    }
}
