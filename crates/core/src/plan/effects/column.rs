//! The effects of statements on one column.

use crate::model::base_type::BaseType;
use crate::model::column::{Column, ColumnValue};
use crate::model::ident::{Ident, PUBLIC, QualifiedName};
use crate::model::index::{Index, IndexValue};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::pgvector::{LARGEST_HALF, VectorType};
use crate::model::sequence::ColumnRef;
use crate::plan::cast::{loss, rewrites};
use crate::plan::decisions::rebuild::{is_rebuilt, same_order};
use crate::plan::effects::context::{Context, is_check, key, narrows, restarts};
use crate::plan::online::proves_not_null;
use crate::plan::statement::{ColumnAction, FillValue, Mirror, MirrorAction, NotNullAction};
use crate::plan::step::{Effect, LockLevel};

impl Context<'_> {
    /// ADD COLUMN. A default that is worked out once is kept beside the rows; one that has a value of
    /// its own in each row is written into them (manual, ALTER TABLE, "Notes"), and so is whatever
    /// a domain with constraints has to look at.
    pub(in crate::plan) fn add_column(&self, column: &Column) -> Effect {
        let mut effect = self.on_tree(&column.table, LockLevel::AccessExclusive);
        if !self.has_rows(&column.table) {
            return effect;
        }
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
        let domain = self.domains(&column.data_type);
        let is_constrained = domain.iter().any(|(_, constrained, _)| *constrained);
        // That of the column wins over that of its domain.
        let of_domain = domain.iter().find(|(_, _, has_default)| *has_default).map(|it| &it.0);
        effect.rewrites = is_constrained
            || match &column.value {
                ColumnValue::Stored(_) | ColumnValue::Identity(_) => true,
                ColumnValue::Default(_) => self.after.volatile.contains(&id),
                ColumnValue::None => of_domain.is_some_and(|it| self.after.volatile.contains(it)),
                ColumnValue::Virtual(_) => false,
            };
        let is_empty = matches!(column.value, ColumnValue::None) && of_domain.is_none();
        if is_empty && column.not_null {
            effect.scans = true;
            let fails = "the table has rows: the column is NOT NULL without a default";
            effect.fails = Some(fails.to_owned());
        }
        effect
    }

    /// The domains that a type is made of, the outermost first: which, whether it has constraints,
    /// whether it has a default.
    fn domains(&self, data_type: &PgType) -> Vec<(ObjectId, bool, bool)> {
        let mut found = Vec::new();
        let mut data_type = data_type.clone();
        loop {
            let namespace = data_type.namespace.clone().unwrap_or_else(|| Ident::new(PUBLIC));
            let name = QualifiedName::new(namespace, Ident::new(data_type.name.as_str()));
            let id = ObjectId::named(ObjectKind::Domain, &name);
            let Some(Object::Domain(domain)) = self.after.schema.get(&id) else { return found };
            let is_constrained = domain.not_null || !domain.checks.is_empty();
            // A domain over itself there is not.
            found.push((id, is_constrained, domain.default.is_some()));
            data_type = domain.data_type.clone();
        }
    }

    /// DROP COLUMN.
    pub(in crate::plan) fn drop_column(&self, column: &ColumnRef) -> Effect {
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.column);
        let generated = matches!(
            self.from.get(&id),
            Some(Object::Column(it)) if crate::plan::column::is_generated(it)
        );
        Effect {
            loss: (!generated).then(|| "the values of the column".to_owned()),
            ..self.on_tree(&column.table, LockLevel::AccessExclusive)
        }
    }

    /// ALTER COLUMN.
    pub(in crate::plan) fn alter_column(
        &self,
        column: &ColumnRef,
        action: &ColumnAction,
    ) -> Effect {
        let mut effect = self.on_tree(&column.table, LockLevel::AccessExclusive);
        match action {
            ColumnAction::SetType { from, to, using, collation } => {
                // A binary coercible type without USING leaves the rows as they are
                // (`ATColumnChangeRequiresRewrite` in tablecmds.c).
                let has_rows = self.has_rows(&column.table);
                effect.rewrites = has_rows && (using.is_some() || rewrites(from, to));
                if !effect.rewrites {
                    effect.rebuilds = self.rebuilt(column, collation.as_deref(), (from, to));
                }
                effect.scans = effect.rewrites
                    || !effect.rebuilds.is_empty()
                    || has_rows && self.has_checks(column);
                effect.loss = loss(from, to).map(str::to_owned);
                effect.fails = may_fail(from, to, using.is_some());
                self.lock_references(column, &mut effect);
            }
            ColumnAction::SetNotNull => {
                // A valid CHECK that excludes NULL makes the scan unnecessary
                // (`NotNullImpliedByRelConstraints` in tablecmds.c, PostgreSQL 12).
                let mut checks = self.standing.proved(&column.table);
                let proved = checks.any(|it| proves_not_null(it, &column.column))
                    || self.standing.is_filled(column);
                effect.scans = self.has_rows(&column.table) && !proved;
                effect.fails = effect.scans.then(|| "the column contains a NULL".to_owned());
            }
            ColumnAction::AlterIdentity { from, to } => {
                effect = self.on_table(&column.table, LockLevel::AccessExclusive);
                effect.loss = restarts(&from.options, &to.options);
                effect.fails = narrows(&from.options, &to.options);
            }
            // The lock of each form is in `AlterTableGetLockLevel` (tablecmds.c) and in the manual,
            // ALTER TABLE.
            ColumnAction::SetStatistics(_) => {
                effect = self.on_tree(&column.table, LockLevel::ShareUpdateExclusive);
            }
            ColumnAction::SetOptions { .. } => {
                effect = self.on_table(&column.table, LockLevel::ShareUpdateExclusive);
            }
            ColumnAction::SetForeignOptions { .. }
            | ColumnAction::AddIdentity(_)
            | ColumnAction::DropIdentity
            | ColumnAction::SetCompression(_) => {
                effect = self.on_table(&column.table, LockLevel::AccessExclusive);
            }
            ColumnAction::SetDefault(_)
            | ColumnAction::DropDefault
            | ColumnAction::DropNotNull
            | ColumnAction::DropExpression
            | ColumnAction::SetStorage(_) => {}
        }
        effect
    }

    /// What keeps a second column equal to the first.
    pub(in crate::plan) fn mirror(&self, mirror: &Mirror, action: MirrorAction) -> Effect {
        match action {
            MirrorAction::CreateFunction | MirrorAction::DropFunction => Effect::default(),
            MirrorAction::CreateTrigger | MirrorAction::EnableAlways => {
                self.on_table(&mirror.table, LockLevel::ShareRowExclusive)
            }
            MirrorAction::DropTrigger
            | MirrorAction::DropOld
            | MirrorAction::AddCheck
            | MirrorAction::DropCheck => self.on_table(&mirror.table, LockLevel::AccessExclusive),
            // The trigger has kept both equal.
            MirrorAction::ValidateCheck => Effect {
                scans: true,
                ..self.on_table(&mirror.table, LockLevel::ShareUpdateExclusive)
            },
            MirrorAction::Analyze => self.on_table(&mirror.table, LockLevel::ShareUpdateExclusive),
        }
    }

    /// What a second column cannot hold of the first.
    pub(in crate::plan) fn loss_of_copy(&self, value: &FillValue) -> Option<String> {
        let (from, to) = self.copied(value)?;
        loss(&from, &to).map(str::to_owned)
    }

    /// When a value of the first column cannot be in the second.
    pub(in crate::plan) fn failure_of_copy(&self, value: &FillValue) -> Option<String> {
        let (from, to) = self.copied(value)?;
        may_fail(&from, &to, false)
    }

    fn copied(&self, value: &FillValue) -> Option<(PgType, PgType)> {
        let FillValue::Mirror(mirror) = value else { return None };
        let id = ObjectId::child(ObjectKind::Column, &mirror.table, &mirror.old);
        match self.from.get(&id) {
            Some(Object::Column(it)) => Some((it.data_type.clone(), mirror.data_type.clone())),
            _ => None,
        }
    }

    /// What is said of a NOT NULL constraint by its name.
    pub(in crate::plan) fn not_null(&self, column: &ColumnRef, action: &NotNullAction) -> Effect {
        let (level, scans) = match action {
            NotNullAction::Add(it) => (LockLevel::AccessExclusive, it.validated),
            NotNullAction::Validate(_) => (LockLevel::ShareUpdateExclusive, true),
            NotNullAction::SetInherit { .. } => (LockLevel::AccessExclusive, false),
        };
        let scans = scans && self.has_rows(&column.table) && !self.standing.is_filled(column);
        let fails = scans.then(|| "the column contains a NULL".to_owned());
        Effect { scans, fails, ..self.on_tree(&column.table, level) }
    }

    /// The indexes that a type change rebuilds although it leaves the rows alone: those over
    /// expressions and parts of the table, always; others where their order is another one
    /// (`CheckIndexCompatible` in the server).
    fn rebuilt(
        &self,
        column: &ColumnRef,
        collation: Option<&str>,
        (from, to): (&PgType, &PgType),
    ) -> Vec<String> {
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.column);
        let before = match self.from.get(&id) {
            Some(Object::Column(it)) => it.collation.as_deref(),
            _ => return Vec::new(),
        };
        let is_reordered = before != collation || !same_order(from, to);
        let tree = self.standing.tree(&column.table);
        let mut names = Vec::new();
        for table in tree.iter().filter(|it| self.keeps_rows(it)) {
            let of_column = ObjectId::child(ObjectKind::Column, table, &column.column);
            for index in self.from.indexes(table) {
                let id = ObjectId::child(ObjectKind::Index, table, &index.name);
                let uses_column = self.before.dependencies.of(&id).any(|it| *it == of_column);
                let rebuilt = is_rebuilt(index, &column.column, is_reordered);
                if uses_column && rebuilt && self.standing.has(&id) {
                    names.push(table.sibling(index.name.clone()).to_string());
                }
            }
            for constraint in self.from.constraints(table) {
                let id = ObjectId::child(ObjectKind::Constraint, table, &constraint.name);
                let key = key(constraint).is_some_and(|it| it.columns.contains(&column.column));
                if is_reordered && key && self.standing.has(&id) {
                    names.push(table.sibling(constraint.name.clone()).to_string());
                }
            }
        }
        names
    }

    /// Whether a check reads a column: a type change looks at all rows again for it.
    fn has_checks(&self, column: &ColumnRef) -> bool {
        self.standing.tree(&column.table).iter().any(|table| {
            let of_column = ObjectId::child(ObjectKind::Column, table, &column.column);
            self.from.constraints(table).any(|it| {
                let id = ObjectId::child(ObjectKind::Constraint, table, &it.name);
                is_check(it)
                    && self.standing.has(&id)
                    && self.before.dependencies.of(&id).any(|it| *it == of_column)
            })
        })
    }

    /// Whether an index has a column as its first key: then its largest value is found at once.
    pub(in crate::plan) fn is_first_key(&self, column: &ColumnRef) -> bool {
        let is_first = |it: Option<&Ident>| it == Some(&column.column);
        let of_index = |it: &Index| match it.keys.first().map(|it| &it.value) {
            Some(IndexValue::Column(name)) => {
                is_first(Some(name)) && it.method.as_str() == "btree" && it.predicate.is_none()
            }
            Some(IndexValue::Expression(_)) | None => false,
        };
        self.from.indexes(&column.table).any(of_index)
            || self
                .from
                .constraints(&column.table)
                .any(|it| key(it).is_some_and(|it| is_first(it.columns.first())))
    }

    /// A type change looks at the foreign keys of the column again, and locks their other side.
    fn lock_references(&self, column: &ColumnRef, effect: &mut Effect) {
        let (table, name) = (&column.table, &column.column);
        let outward = self.standing.keys_of(table).filter(|it| it.columns.contains(name));
        let mut others: Vec<&QualifiedName> = outward.map(|it| &it.references).collect();
        let inward = self.standing.keys_to(table);
        let inward = inward.filter(|(_, it)| it.referenced_columns.contains(name));
        others.extend(inward.map(|(of, _)| of));
        for other in others.into_iter().filter(|it| *it != table) {
            effect.locks.extend(self.on_tree(other, LockLevel::AccessExclusive).locks);
        }
    }
}

/// When a change of type fails on stored values.
fn may_fail(from: &PgType, to: &PgType, using: bool) -> Option<String> {
    if using {
        return Some(format!("a value cannot be converted to {to}"));
    }
    let narrower = match (from.length(), to.length()) {
        (None, Some(_)) => true,
        (Some(from), Some(to)) => to < from,
        (_, None) => false,
    };
    let largest = |it: &PgType| it.base()?.integer_bounds().map(|it| it.1);
    let smaller_integer = largest(from).zip(largest(to)).is_some_and(|(from, to)| from > to);
    let half = from.base() == Some(BaseType::Vector(VectorType::Vector))
        && to.base() == Some(BaseType::Vector(VectorType::Halfvec));
    match (narrower, smaller_integer, half) {
        (true, _, _) if to.vector_type().is_some() => {
            Some(format!("a stored value has other dimensions than {to}"))
        }
        (true, _, _) => Some(format!("a value does not fit {to}")),
        (_, true, _) => Some(format!("a value is out of range for {to}")),
        (_, _, true) => {
            Some(format!("an element is beyond {LARGEST_HALF}, the largest of {}", to.name))
        }
        (false, false, false) => None,
    }
}
