//! Definitions invented at random: views, routines, and what hangs on relations.

use aludel::model::definition::{DefinedKind, Definition, Firing};
use aludel::model::ident::{Ident, QualifiedName, Signature};
use aludel::model::object::{ObjectId, ObjectKind};
use aludel::model::table::Table;

use super::{COMMENTS, Maker, NAMES};

const QUERIES: &[&str] = &[
    "SELECT 1 AS a",
    "SELECT 1 AS a,\n    'it''s' AS b",
    "SELECT E'\\n' AS a, '''' AS \"say \"\"hi\"\"\"\n   FROM pg_class",
];

const BODIES: &[&str] = &["SELECT 1", "\nSELECT 'a\\b';\n", "SELECT '''' || \"x\"\n"];

const ARGUMENTS: &[&str] =
    &["()", "(integer, character varying)", "(\"Odd.Name\")", "(timestamp with time zone[])"];

const FIRING: &[Firing] = &[Firing::Origin, Firing::Disabled, Firing::Replica, Firing::Always];

impl Maker {
    pub(super) fn definitions(&mut self) {
        self.namespace("public");
        for _ in 0..self.below(4) {
            self.view();
        }
        for _ in 0..self.below(4) {
            self.routine();
        }
        for _ in 0..self.below(3) {
            self.guarded_table();
        }
    }

    fn guarded_table(&mut self) {
        let table = Table::new(self.free_name());
        for kind in [DefinedKind::Rule, DefinedKind::Trigger, DefinedKind::Policy] {
            if self.flag() {
                self.hanging(&table.name, kind);
            }
        }
        self.schema.insert(table);
    }

    fn view(&mut self) {
        let kind = self.pick(&[DefinedKind::View, DefinedKind::MaterializedView]);
        let name = self.free_name();
        let options = if self.flag() { " WITH (fillfactor=70)" } else { "" };
        let query = self.pick(QUERIES);
        let sql = format!("CREATE {} {name}{options} AS\n{query}", kind.form().keyword);
        let mut view = self.defined(ObjectId::named(ObjectKind::Defined(kind), &name), sql);
        if self.flag() {
            let comment = self.pick(COMMENTS).to_owned();
            view.column_comments.insert(Ident::new(self.pick(NAMES)), comment);
        }
        self.schema.insert(view);
        if kind == DefinedKind::View && self.flag() {
            self.hanging(&name, DefinedKind::Trigger);
        }
    }

    fn routine(&mut self) {
        let kind = self.pick(&[DefinedKind::Function, DefinedKind::Procedure]);
        let name = self.free_name();
        let arguments = self.pick(ARGUMENTS);
        let body = self.pick(BODIES);
        let sql = format!("CREATE {} {name}{arguments} AS $$ {body} $$", kind.form().keyword);
        let id = ObjectId::named(ObjectKind::Defined(kind), &name);
        let id = ObjectId { signature: Some(Signature::new(arguments)), ..id };
        let routine = self.defined(id, sql);
        self.schema.insert(routine);
    }

    /// A trigger or a policy, and so on.
    fn hanging(&mut self, relation: &QualifiedName, kind: DefinedKind) {
        let name = Ident::new(self.pick(NAMES));
        let sql = format!("CREATE {} {name} ON {relation}", kind.form().keyword);
        let id = ObjectId::child(ObjectKind::Defined(kind), relation, &name);
        let mut hanging = self.defined(id, sql);
        if kind != DefinedKind::Policy {
            hanging.firing = self.pick(FIRING);
        }
        self.schema.insert(hanging);
    }

    fn defined(&mut self, id: ObjectId, sql: String) -> Definition {
        Definition { comment: self.comment(), ..Definition::new(id, sql) }
    }
}
