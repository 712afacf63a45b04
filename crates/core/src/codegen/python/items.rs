//! The names in the module of a table, to find collisions.

use super::names;
use crate::codegen::blueprint::{Blueprint, Entity};
use crate::codegen::distinct::{Item, Places, shared_items};
use crate::codegen::names::pascal_case;
use crate::model::code_hints::CodePart;

/// A module has its classes, functions and constants all in one place.
const MODULE: &str = "module";

const PLACES: Places =
    Places { types: MODULE, functions: MODULE, type_name: names::type_name, scope: names::scope };

pub(super) fn of(blueprint: &Blueprint, entity: &Entity) -> Vec<Item> {
    let mut items = classes(entity);
    items.extend(shared_items(blueprint, entity, &PLACES));
    items
}

fn classes(entity: &Entity) -> Vec<Item> {
    let model = names::model(&entity.model);
    let searched = !entity.searches.is_empty();
    let (reads, writes) = (entity.has(CodePart::Read), entity.has(CodePart::Write));
    let own = [
        ("", "the model", true),
        ("Out", "what a response holds", entity.has(CodePart::Wire)),
        ("HitOut", "what a response of a search holds", searched && entity.has(CodePart::Wire)),
        ("Create", "what an insert takes", writes),
        ("Patch", "what an update takes", writes && entity.has_key()),
        ("Cursor", "the position of a page", reads && entity.order.is_some()),
        ("Ranked", "a row of a hybrid search", searched && entity.text_search.is_some()),
    ];
    let own = own.iter().filter(|it| it.2);
    let mut items: Vec<Item> =
        own.map(|(suffix, what, _)| Item::new(MODULE, format!("{model}{suffix}"), *what)).collect();
    let vectors = entity.fields.iter().filter(|it| it.value_type.is_vector());
    items.extend(vectors.map(|it| {
        let what = format!("the type of column `{}`", it.column.name.as_str());
        Item::new(MODULE, format!("{}In", pascal_case(&it.name)), what)
    }));
    items
}
