//! Tables invented at random, with their constraints and indexes.

use aludel::model::column::Column;
use aludel::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Key, Timing};
use aludel::model::expr::SqlExpr;
use aludel::model::ident::{Ident, QualifiedName, object_name};
use aludel::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use aludel::model::object::{Object, ObjectId, ObjectKind};
use aludel::model::options::Options;
use aludel::model::pg_type::VectorType;
use aludel::model::table::{Persistence, ReplicaIdentity, RowSecurity, Table};

use super::Maker;

const CONDITIONS: &[&str] = &["1 > 0", "'a' <> 'b'", "(CASE\nWHEN true THEN 1\nEND) = 1", "true"];

const SECURITY: &[RowSecurity] = &[
    RowSecurity::Disabled,
    RowSecurity::Enabled,
    RowSecurity::Forced,
    RowSecurity::DisabledForced,
];

impl Maker {
    pub(super) fn table(&mut self) {
        let mut table = Table::new(self.free_name());
        if self.flag() {
            table.persistence = Persistence::Unlogged;
        }
        table.options = self.options(&[
            ("fillfactor", "70"),
            ("autovacuum_vacuum_scale_factor", "0.05"),
            ("toast.autovacuum_enabled", "false"),
        ]);
        table.row_security = self.pick(SECURITY);
        table.replica_identity = match self.below(8) {
            1 => ReplicaIdentity::Full,
            2 => ReplicaIdentity::Nothing,
            _ => ReplicaIdentity::Default,
        };
        table.comment = self.comment();
        self.schema.insert(table.clone());
        let columns = self.columns(&table);
        if columns.is_empty() {
            return;
        }
        self.keys(&table, &columns);
        self.foreign_key(&table, &columns);
        self.checks(&table);
        for _ in 0..self.below(4) {
            self.index(&table, &columns);
        }
        self.mark_an_index(table);
    }

    /// Clusters on an index, and lets one identify the rows.
    fn mark_an_index(&mut self, mut table: Table) {
        let Some(mut index) = self.schema.indexes(&table.name).next().cloned() else { return };
        if index.method.as_str() != "btree" {
            return;
        }
        index.clustered = self.flag();
        let columns = self.schema.columns(&table.name);
        let not_null = index.keys.iter().all(|key| {
            let named = |it: &&&Column| key.value == IndexValue::Column(it.name.clone());
            columns.iter().find(named).is_some_and(|it| it.not_null)
        });
        if not_null && index.unique && index.predicate.is_none() {
            table.replica_identity = ReplicaIdentity::Index(index.name.clone());
        }
        self.schema.insert(index);
        self.schema.insert(table);
    }

    fn options(&mut self, known: &[(&str, &str)]) -> Options {
        let chosen = known.iter().filter(|_| self.flag());
        chosen.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn timing(&mut self) -> Timing {
        self.pick(&[
            Timing::NotDeferrable,
            Timing::NotDeferrable,
            Timing::Deferrable,
            Timing::Deferred,
        ])
    }

    /// A few of the columns, different ones, that a btree takes.
    fn some(&mut self, columns: &[Column]) -> Vec<Ident> {
        let plain = columns.iter().filter(|it| it.data_type.name != "json");
        let mut names: Vec<Ident> = plain.map(|it| it.name.clone()).collect();
        let at = self.below(names.len());
        names.rotate_left(at);
        names.truncate(1 + self.below(3));
        names
    }

    fn keys(&mut self, table: &Table, columns: &[Column]) {
        if self.below(2) == 1 {
            let names = self.some(columns);
            let made = object_name(table.name.name.as_str(), None, "pkey");
            for name in &names {
                let id = ObjectId::child(ObjectKind::Column, &table.name, name);
                let Some(Object::Column(mut column)) = self.schema.remove(&id) else { panic!() };
                column.not_null = true;
                self.schema.insert(column);
            }
            self.key(table, columns, names, &made, ConstraintRule::PrimaryKey);
        }
        for _ in 0..self.below(3) {
            let names = self.some(columns);
            let joined = names.iter().map(Ident::as_str).collect::<Vec<_>>().join("_");
            let made = object_name(table.name.name.as_str(), Some(&joined), "key");
            self.key(table, columns, names, &made, ConstraintRule::Unique);
        }
    }

    fn key(
        &mut self,
        table: &Table,
        columns: &[Column],
        names: Vec<Ident>,
        made: &Ident,
        rule: fn(Key) -> ConstraintRule,
    ) {
        let mut key = Key::new(names);
        if self.flag() {
            key.include = self.some(columns);
        }
        key.nulls_not_distinct =
            matches!(rule(key.clone()), ConstraintRule::Unique(_)) && self.flag();
        key.options = self.options(&[("fillfactor", "70"), ("deduplicate_items", "off")]);
        let wish = if self.flag() { "Some Key" } else { made.as_str() };
        let name = self.free(&table.name.namespace, wish).name;
        let timing = self.timing();
        let comment = self.comment();
        let constraint = Constraint::new(table.name.clone(), name, rule(key));
        self.schema.insert(Constraint { timing, comment, ..constraint });
    }

    /// A foreign key from this table to itself or to an earlier one, where the types allow it.
    fn foreign_key(&mut self, table: &Table, columns: &[Column]) {
        let keys: Vec<(QualifiedName, Vec<Ident>)> = self
            .schema
            .iter()
            .filter_map(|(_, it)| match it {
                Object::Constraint(it) if it.timing == Timing::NotDeferrable => match &it.rule {
                    ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                        Some((it.table.clone(), key.columns.clone()))
                    }
                    _ => None,
                },
                _ => None,
            })
            .collect();
        if keys.is_empty() {
            return;
        }
        let (references, referenced_columns) = keys[self.below(keys.len())].clone();
        let targets = self.schema.columns(&references);
        let mut own: Vec<Ident> = Vec::new();
        for referenced in &referenced_columns {
            let target = targets.iter().find(|it| it.name == *referenced).unwrap();
            let fits = columns
                .iter()
                .find(|it| it.data_type == target.data_type && !own.contains(&it.name));
            let Some(fits) = fits else { return };
            own.push(fits.name.clone());
        }
        let joined = own.iter().map(Ident::as_str).collect::<Vec<_>>().join("_");
        let made = object_name(table.name.name.as_str(), Some(&joined), "fkey");
        let wish = if self.flag() { "Some Key" } else { made.as_str() };
        let name = self.free(&table.name.namespace, wish).name;
        let actions = [Action::NoAction, Action::Cascade, Action::SetNull, Action::Restrict];
        let on_delete = self.pick(&actions);
        let set_null = on_delete == Action::SetNull;
        let key = ForeignKey {
            period: false,
            on_delete_columns: if set_null && self.flag() { own.clone() } else { Vec::new() },
            columns: own,
            references,
            referenced_columns,
            on_update: self.pick(&actions),
            on_delete,
            match_full: self.flag(),
        };
        let constraint = Constraint::new(table.name.clone(), name, ConstraintRule::ForeignKey(key));
        let (timing, validated, comment) = (self.timing(), !self.flag(), self.comment());
        self.schema.insert(Constraint { timing, validated, comment, ..constraint });
    }

    fn checks(&mut self, table: &Table) {
        for _ in 0..self.below(3) {
            let name = self.free(&table.name.namespace, "Check it").name;
            let expression = SqlExpr::new(self.pick(CONDITIONS));
            let rule = ConstraintRule::Check { expression, no_inherit: self.flag() };
            let constraint = Constraint::new(table.name.clone(), name, rule);
            let (validated, comment) = (!self.flag(), self.comment());
            self.schema.insert(Constraint { validated, comment, ..constraint });
        }
        if self.flag() {
            let name = self.free(&table.name.namespace, "no_overlap").name;
            let definition = "EXCLUDE USING gist (during WITH &&) WHERE (('a' <> 'b'))".to_owned();
            let rule = ConstraintRule::Exclude { definition };
            let constraint = Constraint::new(table.name.clone(), name, rule);
            let (timing, comment) = (self.timing(), self.comment());
            self.schema.insert(Constraint { timing, comment, ..constraint });
        }
    }

    fn index(&mut self, table: &Table, columns: &[Column]) {
        let wish = self.pick(&["an_index", "An Index", "idx"]);
        let name = self.free(&table.name.namespace, wish).name;
        let vector = columns.iter().find_map(|it| {
            let dimensions = it.data_type.length()?;
            it.data_type.vector_type().map(|kind| (it.name.clone(), kind, dimensions))
        });
        let mut index = match vector {
            Some(vector) if self.below(2) == 1 && self.vector.is_some() => {
                self.vector_index(table, name, vector)
            }
            _ => self.btree(table, name, columns),
        };
        if self.flag() {
            index.predicate = Some(SqlExpr::new(self.pick(CONDITIONS)));
        }
        index.comment = self.comment();
        self.schema.insert(index);
    }

    fn btree(&mut self, table: &Table, name: Ident, columns: &[Column]) -> Index {
        let mut keys: Vec<IndexKey> =
            self.some(columns).into_iter().map(IndexKey::column).collect();
        if self.flag() {
            let expression = SqlExpr::new(self.pick(&["lower('A')", "(1 + 2)", "f(\"Odd\")"]));
            keys.push(IndexKey::new(IndexValue::Expression(expression)));
        }
        for key in &mut keys {
            key.descending = self.flag();
            key.nulls_first = self.flag() != key.descending;
            if self.flag() {
                key.collation = Some("\"C\"".to_owned());
            }
            if self.flag() {
                let namespace = self.flag().then(|| Ident::new("Odd.Space"));
                let parameters = self.options(&[("siglen", "32")]);
                let name = Ident::new("text_pattern_ops");
                key.opclass = Some(OperatorClass { namespace, name, parameters });
            }
        }
        let mut index = Index::new(table.name.clone(), name, keys);
        index.unique = self.flag();
        index.nulls_not_distinct = index.unique && self.flag();
        if self.flag() {
            index.include = self.some(columns);
        }
        index.options = self.options(&[("fillfactor", "70")]);
        index
    }

    fn vector_index(
        &mut self,
        table: &Table,
        name: Ident,
        (column, kind, dimensions): (Ident, VectorType, u64),
    ) -> Index {
        let hidden = self.vector.clone().filter(|it| it.as_str() != "public");
        let (value, kind) = if kind == VectorType::Vector && self.flag() {
            let expression = format!("({column})::halfvec({dimensions})");
            (IndexValue::Expression(SqlExpr::new(expression)), VectorType::Halfvec)
        } else {
            (IndexValue::Column(column), kind)
        };
        let metrics: &[&str] =
            if kind == VectorType::Bit { &["hamming"] } else { &["l2", "ip", "cosine"] };
        let opclass = format!("{}_{}_ops", kind.name(), self.pick(metrics));
        let ivfflat = kind != VectorType::Sparsevec && self.flag();
        let mut key = IndexKey::new(value);
        if !(ivfflat && opclass == "vector_l2_ops") {
            let parameters = Options::default();
            let name = Ident::new(opclass);
            key.opclass = Some(OperatorClass { namespace: hidden, name, parameters });
        }
        let mut index = Index::new(table.name.clone(), name, vec![key]);
        index.method = Ident::new(if ivfflat { "ivfflat" } else { "hnsw" });
        index.options = if ivfflat {
            self.options(&[("lists", "10")])
        } else {
            self.options(&[("m", "16"), ("ef_construction", "64")])
        };
        index
    }
}
