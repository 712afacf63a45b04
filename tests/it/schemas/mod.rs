//! Schemas invented at random, for properties: valid ones, small, odd in as many ways as can be.
//!
//! A schema is drawn from a row of bytes, so that fewer and smaller bytes make a simpler schema and
//! failures shrink by themselves.

mod columns;
mod definitions;
mod tables;

use std::collections::BTreeSet;

use aludel::model::Schema;
use aludel::model::enum_type::EnumType;
use aludel::model::extension::Extension;
use aludel::model::ident::{Ident, QualifiedName};
use aludel::model::namespace::Namespace;
use aludel::model::object::{ObjectId, ObjectKind};
use aludel::model::pg_type::PgType;
use aludel::model::sequence::{Sequence, SequenceOptions};
use aludel::model::table::Persistence;
use proptest::prelude::*;

/// Any valid schema of tables, types and sequences that a declaration can say.
pub(crate) fn any_schema() -> impl Strategy<Value = Schema> {
    prop::collection::vec(any::<u8>(), 0..1200).prop_map(|bytes| Maker::new(bytes).make())
}

/// Any schema that a declaration can say, with definitions that no server would take.
pub(crate) fn any_declared_schema() -> impl Strategy<Value = Schema> {
    let make = |bytes| {
        let mut maker = Maker::new(bytes);
        maker.definitions();
        maker.make()
    };
    prop::collection::vec(any::<u8>(), 0..1200).prop_map(make)
}

/// Names that are trouble somewhere.
const NAMES: &[&str] = &[
    "users",
    "documents",
    "order",
    "Odd.Name",
    "with space",
    "say \"hi\"",
    "it's",
    "back\\slash",
    "größe",
    "a",
    "a_b",
    "b_c",
    "a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept",
];

const COMMENTS: &[&str] = &["a comment", "it's \"quoted\"", "two\nlines", "tab\there"];

struct Maker {
    bytes: std::vec::IntoIter<u8>,
    schema: Schema,
    /// Names of relations and constraints that are taken.
    taken: BTreeSet<QualifiedName>,
    /// Where the extension `vector` lives, if it is there.
    vector: Option<Ident>,
}

impl Maker {
    fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into_iter(),
            schema: Schema::default(),
            taken: BTreeSet::new(),
            vector: None,
        }
    }

    fn make(mut self) -> Schema {
        self.namespace("public");
        if self.flag() {
            let namespace = self.pick(&["public", "extensions"]);
            let version = self.flag().then(|| "0.8.0".to_owned());
            self.namespace(namespace);
            self.vector = Some(Ident::new(namespace));
            let namespace = Ident::new(namespace);
            self.schema.insert(Extension { name: Ident::new("vector"), namespace, version });
        }
        for _ in 0..self.below(3) {
            self.enum_type();
        }
        for _ in 0..self.below(3) {
            self.sequence();
        }
        for _ in 0..=self.below(4) {
            self.table();
        }
        self.schema
    }

    /// A number below a bound; 0 once the bytes are used up.
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.bytes.next().unwrap_or(0)) % bound
    }

    fn flag(&mut self) -> bool {
        self.below(4) == 1
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn comment(&mut self) -> Option<String> {
        self.flag().then(|| self.pick(COMMENTS).to_owned())
    }

    fn namespace(&mut self, name: &str) {
        let id = ObjectId::global(ObjectKind::Namespace, name);
        if !self.schema.contains(&id) {
            let comment = if name == "public" { None } else { self.comment() };
            self.schema.insert(Namespace { name: Ident::new(name), comment });
        }
    }

    /// A name that is free in its namespace.
    fn free_name(&mut self) -> QualifiedName {
        let namespace = self.pick(&["public", "public", "billing", "Odd Space"]);
        self.namespace(namespace);
        let name = self.pick(NAMES);
        self.free(&Ident::new(namespace), name)
    }

    /// The name itself, or the first one with a number, that is free in a namespace.
    fn free(&mut self, namespace: &Ident, wish: &str) -> QualifiedName {
        let numbered = (0..).map(|it| match it {
            0 => wish.to_owned(),
            _ => format!("{}{it}", wish.chars().take(30).collect::<String>()),
        });
        for name in numbered {
            let name = QualifiedName::new(namespace.clone(), Ident::new(name));
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
        unreachable!("there is no end of numbers")
    }

    fn enum_type(&mut self) {
        let name = self.free_name();
        let labels = ["", "draft", "it's", "\"quoted\"", "Ünïcode"];
        let labels = labels.iter().take(self.below(6)).map(|it| (*it).to_owned()).collect();
        let comment = self.comment();
        self.schema.insert(EnumType { name, labels, comment });
    }

    fn sequence(&mut self) {
        let name = self.free_name();
        let data_type = PgType::named(self.pick(&["bigint", "integer", "smallint"]));
        let options = self.counting(data_type);
        let persistence = if self.flag() { Persistence::Unlogged } else { Persistence::Permanent };
        let comment = self.comment();
        self.schema.insert(Sequence { name, options, owned_by: None, persistence, comment });
    }

    fn counting(&mut self, data_type: PgType) -> SequenceOptions {
        let increment = self.pick(&[1, -1, 7]);
        let mut options = SequenceOptions::with_increment(data_type, increment);
        if self.flag() {
            options.min = -100;
            options.max = 100;
        }
        options.start = match self.below(4) {
            1 => options.min,
            2 => options.max,
            _ if increment < 0 => options.max,
            _ => options.min,
        };
        options.cache = self.pick(&[1, 20]);
        options.cycle = self.flag();
        options
    }
}
