//! Dependencies within a schema, from names and, if available, from `pg_depend`: an object depends
//! on everything whose name it mentions. That finds too many rather than too few.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::model::Schema;
use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::printed::is_made_of_expressions;
use crate::model::snapshot::Dependencies;

/// The objects of some schemas, and which mentions which.
pub(super) struct Web<'a> {
    numbers: HashMap<&'a ObjectId, usize>,
    nodes: Vec<Node<'a>>,
}

/// One object.
struct Node<'a> {
    id: &'a ObjectId,
    /// The relation that it belongs to, or what it gives privileges on.
    owner: Option<usize>,
    children: Vec<usize>,
    /// What it mentions of what belongs to no relation.
    needs: BTreeSet<usize>,
    needed_by: BTreeSet<usize>,
}

impl<'a> Web<'a> {
    /// The web of all that some schemas have: what any of them says of an object counts.
    pub(super) fn of(schemas: &[&'a Schema], dependencies: &Dependencies) -> Self {
        let mut web = Self { numbers: HashMap::new(), nodes: Vec::new() };
        for (id, _) in schemas.iter().flat_map(|it| it.iter()) {
            let next = web.nodes.len();
            if *web.numbers.entry(id).or_insert(next) == next {
                web.nodes.push(Node::of(id));
            }
        }
        for schema in schemas {
            web.assign(schema);
        }
        let named = web.named();
        for (id, object) in schemas.iter().flat_map(|it| it.iter()) {
            let words = words(object);
            // A name without a word may be mentioned anywhere.
            let words = words.iter().map(String::as_str).chain([""]);
            let mentioned = words.filter_map(|it| named.get(it)).flatten();
            mentioned.for_each(|needed| web.link(web.numbers[id], *needed));
        }
        for (dependent, needed) in dependencies.iter() {
            let number = |it| web.numbers.get(it).copied();
            if let (Some(dependent), Some(needed)) = (number(dependent), number(needed)) {
                web.link(dependent, web.root(needed));
            }
        }
        web
    }

    /// Assigns the objects of a schema to the relations that they belong to there.
    fn assign(&mut self, schema: &Schema) {
        for (id, object) in schema.iter() {
            let owner = match object {
                Object::Privileges(it) => Some(schema.owner(&it.on).unwrap_or(it.on.clone())),
                _ => schema.owner(id),
            };
            let number = self.numbers[id];
            let owner = owner.and_then(|it| self.numbers.get(&it).copied());
            if let Some(owner) = owner.filter(|_| self.nodes[number].owner.is_none()) {
                self.nodes[number].owner = Some(owner);
                self.nodes[owner].children.push(number);
            }
        }
    }

    /// What belongs to no relation, under a word of its name in small letters.
    fn named(&self) -> HashMap<String, Vec<usize>> {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, node) in self.nodes.iter().enumerate() {
            if node.owner.is_none() && node.id.relation.is_none() && !is_nameless(node.id.kind) {
                let word = parts(node.id.name.as_str()).max_by_key(|it| it.len());
                named.entry(word.unwrap_or_default().to_lowercase()).or_default().push(number);
            }
        }
        named
    }

    fn link(&mut self, dependent: usize, needed: usize) {
        if self.root(dependent) != needed {
            self.nodes[dependent].needs.insert(needed);
            self.nodes[needed].needed_by.insert(dependent);
        }
    }

    fn root(&self, number: usize) -> usize {
        self.nodes[number].owner.unwrap_or(number)
    }

    /// Whether a table has inherited or parents, in which what belongs to it shows.
    fn inherits_or_is_inherited(&self, number: usize) -> bool {
        let Node { needs, needed_by, .. } = &self.nodes[number];
        let is_table = self.nodes[number].is_table();
        is_table && needs.iter().chain(needed_by).any(|it| self.nodes[*it].is_table())
    }

    /// All objects.
    pub(super) fn ids(&self) -> impl Iterator<Item = &'a ObjectId> {
        self.nodes.iter().map(|it| it.id)
    }

    /// What an object mentions, and what it belongs to.
    pub(super) fn needs(&self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        let node = self.numbers.get(id).map(|it| &self.nodes[*it]);
        let needs = node.into_iter().flat_map(|it| it.owner.iter().chain(&it.needs));
        needs.map(|it| self.nodes[*it].id)
    }

    /// The tables that have columns or rows from a table.
    pub(super) fn inherited(&self, table: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        let node = self.numbers.get(table).map(|it| &self.nodes[*it]);
        let needed_by = node.into_iter().flat_map(|it| &it.needed_by).map(|it| &self.nodes[*it]);
        needed_by.filter(|it| it.is_table()).map(|it| it.id)
    }

    /// What the columns of a table are made of.
    pub(super) fn types_of(&self, table: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        let node = self.numbers.get(table).map(|it| &self.nodes[*it]);
        let children = node.into_iter().flat_map(|it| &it.children).map(|it| &self.nodes[*it]);
        let columns = children.filter(|it| it.id.kind == ObjectKind::Column);
        columns.flat_map(|it| &it.needs).map(|it| self.nodes[*it].id).filter(|it| is_type(it.kind))
    }

    /// What may be printed otherwise when some objects are changed: these with all that belongs to the
    /// same relation, what mentions them, and so on.
    pub(super) fn touched_by(&self, changed: &BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
        let mut touched = BTreeSet::new();
        let changed = changed.iter().filter_map(|it| self.numbers.get(it));
        let mut open: Vec<usize> = changed.map(|it| self.root(*it)).collect();
        while let Some(number) = open.pop() {
            let node = &self.nodes[number];
            if !touched.insert(node.id.clone()) {
                continue;
            }
            let children = || node.children.iter().map(|it| &self.nodes[*it]);
            touched.extend(children().map(|it| it.id.clone()));
            // What is inherited is said where it comes from.
            let parents =
                node.needs.iter().filter(|it| node.is_table() && self.nodes[**it].is_table());
            open.extend(parents);
            for number in std::iter::once(node).chain(children()).flat_map(|it| &it.needed_by) {
                let dependent = &self.nodes[*number];
                match dependent.owner {
                    None => open.push(*number),
                    Some(owner)
                        if dependent.is_made_of(node) || self.inherits_or_is_inherited(owner) =>
                    {
                        open.push(owner);
                    }
                    // Nothing is of another type for it.
                    Some(_) => touched.extend([dependent.id.clone()]),
                }
            }
        }
        touched
    }

    /// Some objects with all that belongs to the same relations.
    pub(super) fn with_siblings(&self, ids: &BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
        let roots = ids.iter().filter_map(|it| self.numbers.get(it)).map(|it| self.root(*it));
        let all = roots.flat_map(|it| std::iter::once(it).chain(self.nodes[it].children.clone()));
        all.map(|it| self.nodes[it].id.clone()).collect()
    }
}

impl<'a> Node<'a> {
    fn of(id: &'a ObjectId) -> Self {
        Self {
            id,
            owner: None,
            children: Vec::new(),
            needs: BTreeSet::new(),
            needed_by: BTreeSet::new(),
        }
    }

    /// Whether what this needs is what it is made of.
    fn is_made_of(&self, needed: &Self) -> bool {
        self.id.kind == ObjectKind::Column && is_type(needed.id.kind)
    }

    fn is_table(&self) -> bool {
        self.id.kind == ObjectKind::Table
    }
}

/// Whether columns can be of it.
fn is_type(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Table => true,
        ObjectKind::Defined(kind) => {
            kind.is_type() || matches!(kind, DefinedKind::View | DefinedKind::MaterializedView)
        }
        ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Sequence
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => false,
    }
}

/// Whether objects of a kind are used where nobody names them, or are there for all of a database.
pub(super) fn is_nameless(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Namespace | ObjectKind::Extension | ObjectKind::DefaultPrivileges => true,
        ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::Composite
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges => false,
        ObjectKind::Defined(kind) => !is_made_of_expressions(kind),
    }
}

/// The words in all that is said of an object but its comments, in small letters.
fn words(object: &Object) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    // Every object can be stored.
    if let Ok(stored) = serde_json::to_value(object) {
        collect(&stored, &mut words);
    }
    words
}

fn collect(stored: &Value, words: &mut BTreeSet<String>) {
    match stored {
        Value::String(text) => words.extend(parts(text).map(str::to_lowercase)),
        Value::Array(items) => items.iter().for_each(|it| collect(it, words)),
        Value::Object(fields) => {
            let said = fields.iter().filter(|(key, _)| !key.contains("comment"));
            said.for_each(|(_, it)| collect(it, words));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
    text.split(move |it: char| !is_part(it)).filter(|it| !it.is_empty())
}
