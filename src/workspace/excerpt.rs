//! The part of a schema that must be created on a scratch database to read some of its objects:
//! these objects, those that can be printed differently because of them, and all objects that these
//! need.
//!
//! The module `web` finds dependencies. Objects that are needed without being named, like casts and
//! operators, are always created; if one of those changes, or almost everything does, there is no
//! excerpt.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::printed::holds_expressions;
use crate::model::snapshot::{Bounds, Dependencies, Snapshot};
use crate::model::table::Table;

use super::web::{Web, is_nameless};

/// Of how many objects an excerpt is worth while, of each hundred.
const WORTH_WHILE: usize = 60;

/// The part of a schema that is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// What is asked about, with what may be printed otherwise because of it.
    asked: BTreeSet<ObjectId>,
    /// What is made as it is, to be there.
    whole: BTreeSet<ObjectId>,
    /// Tables of which only columns and keys are made.
    outlined: BTreeSet<ObjectId>,
}

impl Excerpt {
    /// What has to be made when some objects are changed, dropped or new. None where everything has to.
    pub(super) fn around(web: &Web<'_>, changed: &BTreeSet<ObjectId>) -> Option<Self> {
        Self::around_with(web, changed, &BTreeSet::new())
    }

    /// The same with types that only have more labels than before, by which nothing is printed otherwise.
    pub(super) fn around_with(
        web: &Web<'_>,
        changed: &BTreeSet<ObjectId>,
        longer: &BTreeSet<ObjectId>,
    ) -> Option<Self> {
        let mut asked = web.touched_by(changed);
        asked.extend(longer.iter().cloned());
        let has_nameless = asked.iter().any(|it| is_nameless(it.kind));
        if has_nameless { None } else { Self::with_needs(web, asked) }
    }

    /// What has to be made to look at some objects as they are.
    pub(super) fn showing(web: &Web<'_>, shown: &BTreeSet<ObjectId>) -> Option<Self> {
        Self::with_needs(web, web.with_siblings(shown))
    }

    fn with_needs(web: &Web<'_>, asked: BTreeSet<ObjectId>) -> Option<Self> {
        let nameless = web.ids().filter(|it| is_nameless(it.kind) && !asked.contains(it));
        let whole: BTreeSet<ObjectId> = nameless.cloned().collect();
        let mut open: Vec<&ObjectId> = web.ids().filter(|it| asked.contains(it)).collect();
        open.extend(web.ids().filter(|it| whole.contains(it)));
        let mut excerpt = Self { asked, whole, outlined: BTreeSet::new() };
        while let Some(id) = open.pop() {
            // Rows go to partitions.
            let outline =
                excerpt.outlined.contains(id).then(|| web.types_of(id).chain(web.inherited(id)));
            for needed in web.needs(id).chain(outline.into_iter().flatten()) {
                if excerpt.need(needed) {
                    open.push(needed);
                }
            }
        }
        let Self { asked, whole, outlined } = &excerpt;
        let made = asked.len() + whole.len() + outlined.len();
        (made * 100 <= web.ids().count() * WORTH_WHILE).then_some(excerpt)
    }

    /// Takes in what is needed; whether that is new, and may need more.
    fn need(&mut self, needed: &ObjectId) -> bool {
        if self.asked.contains(needed) {
            return false;
        }
        match needed.kind {
            ObjectKind::Table => self.outlined.insert(needed.clone()),
            _ => self.whole.insert(needed.clone()),
        }
    }

    /// Whether it is asked about an object, or about what it belongs to.
    pub(super) fn asks_about(&self, schema: &Schema, id: &ObjectId) -> bool {
        holds(&self.asked, schema, id)
    }

    /// Whether an object is made only because others need it.
    fn is_context(&self, schema: &Schema, id: &ObjectId) -> bool {
        let made = [&self.whole, &self.outlined].iter().any(|it| holds(it, schema, id));
        made && !self.asks_about(schema, id)
    }

    /// What is made: what is asked about as one schema has it, the rest as another.
    pub(super) fn of(&self, asked: &Schema, rest: &Schema) -> Schema {
        let whole = rest.iter().filter(|(id, _)| self.whole.contains(id));
        let mut made: Schema = whole.map(|(_, object)| object.clone()).collect();
        for table in self.outlined.iter().filter_map(|it| rest.get(it)) {
            let Object::Table(table) = table else { continue };
            outline(rest, table).into_iter().for_each(|it| drop(made.insert(it)));
        }
        let objects = asked.iter().filter(|(id, _)| self.asks_about(asked, id));
        objects.for_each(|(_, object)| drop(made.insert(object.clone())));
        made
    }

    /// What is known, with what was found on the scratch database in place of what was asked about.
    pub(super) fn answered(&self, known: &Snapshot, found: &Snapshot) -> Snapshot {
        let stays = |id: &ObjectId| !self.asks_about(&known.schema, id);
        let answers = |id: &ObjectId| !self.is_context(&found.schema, id);
        let mut answered = Snapshot {
            dependencies: Dependencies::default(),
            volatile: BTreeSet::new(),
            bounds: Bounds::default(),
            ..known.clone()
        };
        answered.schema.retain(|id, _| stays(id));
        let objects = found.schema.iter().filter(|(id, _)| answers(id));
        objects.for_each(|(_, object)| drop(answered.schema.insert(object.clone())));
        let pairs = known.dependencies.iter().filter(|(it, _)| stays(it));
        let pairs = pairs.chain(found.dependencies.iter().filter(|(it, _)| answers(it)));
        for (dependent, needed) in pairs {
            answered.dependencies.insert(dependent.clone(), needed.clone());
        }
        let volatile = known.volatile.iter().filter(|it| stays(it));
        answered.volatile =
            volatile.chain(found.volatile.iter().filter(|it| answers(it))).cloned().collect();
        let bounds = known.bounds.iter().filter(|(it, _)| stays(&ObjectId::table(it)));
        let new = found.bounds.iter().filter(|(it, _)| answers(&ObjectId::table(it)));
        answered.bounds =
            bounds.chain(new).map(|(it, text)| (it.clone(), text.to_owned())).collect();
        answered
    }
}

/// Whether an object, the relation that it belongs to or what it gives privileges on is among some.
fn holds(ids: &BTreeSet<ObjectId>, schema: &Schema, id: &ObjectId) -> bool {
    if let Some(Object::Privileges(it)) = schema.get(id) {
        return holds(ids, schema, &it.on);
    }
    ids.contains(id) || schema.owner(id).is_some_and(|it| ids.contains(&it))
}

/// A table as others need it: its columns without where their values come from, its keys, and where it
/// stands in a inheritance.
fn outline(schema: &Schema, table: &Table) -> Vec<Object> {
    let plain = Table {
        partition_by: table.partition_by.clone(),
        partition_of: table.partition_of.clone(),
        inherits: table.inherits.clone(),
        of_type: table.of_type.clone(),
        foreign: table.foreign.clone(),
        ..Table::new(table.name.clone())
    };
    let columns = schema.columns(&table.name).into_iter();
    let plain_columns = columns.map(|it| Column { value: ColumnValue::None, ..it.clone() }.into());
    let keys = schema.constraints(&table.name).filter(|it| is_key(it)).cloned().map(Object::from);
    let indexes = schema.indexes(&table.name).filter(|it| it.unique).cloned().map(Object::from);
    let plain_indexes = indexes.filter(|it| !holds_expressions(it));
    std::iter::once(plain.into()).chain(plain_columns).chain(keys).chain(plain_indexes).collect()
}

fn is_key(constraint: &Constraint) -> bool {
    matches!(constraint.rule, ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::schema_toml;

    /// A declaration among tables with nothing else.
    fn schema(text: &str) -> Schema {
        let others: String = (0..30)
            .map(|it| format!("[tables.other_{it}.columns]\nid = \"bigint\"\nword = \"text\"\n"))
            .collect();
        let files = [SourceFile::new("schema.toml", format!("{text}\n{others}"))];
        schema_toml::parse(&files).expect("a declaration").schema
    }

    /// What is asked about and what is only there when an object changes.
    fn around(schema: &Schema, changed: &str) -> Option<(Vec<String>, Vec<String>)> {
        let dependencies = Dependencies::default();
        let web = Web::of(&[schema], &dependencies);
        let ids = schema.iter().map(|(id, _)| id);
        let changed: BTreeSet<ObjectId> =
            ids.filter(|it| it.to_string() == changed).cloned().collect();
        assert_eq!(changed.len(), 1, "there is such an object");
        let Excerpt { asked, whole, outlined } = Excerpt::around(&web, &changed)?;
        let shown = |ids: &BTreeSet<ObjectId>| -> Vec<String> {
            let beside = |it: &&ObjectId| it.kind != ObjectKind::Column && !is_nameless(it.kind);
            ids.iter().filter(beside).map(ToString::to_string).collect()
        };
        Some((shown(&asked), [shown(&whole), shown(&outlined)].concat()))
    }

    const PEOPLE: &str = r#"
[enums]
mood = ["sad", "ok"]

[tables.people]
primary_key = ["id"]

[tables.people.columns]
id   = "bigint"
mood = "mood"

[tables.posts.columns]
person_id = { type = "bigint", references = "people.id" }
text      = { type = "text", default = "greeting()" }

[tables.posts.indexes.posts_text_idx]
columns = ["text"]

[functions]
"greeting()" = "CREATE FUNCTION greeting() RETURNS text LANGUAGE sql AS 'SELECT text'"

[views]
happy   = "SELECT * FROM People"
happier = "SELECT * FROM happy"
"#;

    #[test]
    fn a_column_touches_its_table_and_what_reads_it() {
        let (asked, there) = around(&schema(PEOPLE), "column people.mood").expect("an excerpt");
        let expected = [
            "table people",
            "constraint people_pkey on people",
            "constraint posts_person_id_fkey on posts",
            "view happier",
            "view happy",
        ];
        assert_eq!(asked, expected);
        // The other end of the reference has columns alone, and needs no function for them.
        assert_eq!(there, ["enum mood", "table posts"]);
    }

    #[test]
    fn what_is_named_in_a_default_changes_no_type() {
        let (asked, there) = around(&schema(PEOPLE), "function greeting()").expect("an excerpt");
        assert_eq!(
            (asked, there),
            (vec!["function greeting()".into()], vec!["table posts".into()])
        );
    }

    #[test]
    fn a_type_touches_all_that_is_made_of_it() {
        let (asked, _) = around(&schema(PEOPLE), "enum mood").expect("an excerpt");
        assert!(asked.contains(&"view happier".to_owned()), "{asked:?}");
        assert!(!asked.contains(&"table posts".to_owned()), "{asked:?}");
    }

    #[test]
    fn what_nobody_names_touches_everything() {
        let cast =
            "[casts]\n\"(mood AS text)\" = \"CREATE CAST (mood AS text) WITH INOUT AS IMPLICIT\"";
        let schema = schema(&format!("{PEOPLE}\n{cast}"));
        let id = schema.iter().map(|(id, _)| id.to_string()).find(|it| it.starts_with("cast"));
        assert_eq!(around(&schema, &id.expect("a cast")), None);
    }

    #[test]
    fn what_is_found_takes_the_place_of_what_was_asked() {
        let (before, after) = (schema(PEOPLE), schema(&PEOPLE.replace("\"mood\"\n", "\"text\"\n")));
        let known = Snapshot { schema: before.clone(), ..Snapshot::default() };
        let changed = BTreeSet::from([ObjectId::child(
            ObjectKind::Column,
            &crate::model::ident::QualifiedName::new("public", "people"),
            &crate::model::ident::Ident::new("mood"),
        )]);
        let dependencies = Dependencies::default();
        let web = Web::of(&[&before, &after], &dependencies);
        let excerpt = Excerpt::around(&web, &changed).expect("an excerpt");
        let made = excerpt.of(&after, &before);
        assert!(made.iter().count() * 3 < after.iter().count());
        let found = Snapshot { schema: made, ..Snapshot::default() };
        assert_eq!(excerpt.answered(&known, &found).schema, after);
    }
}
