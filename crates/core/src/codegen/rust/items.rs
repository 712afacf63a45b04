//! The names in the file of a table, to find collisions.

use super::columns;
use super::names;
use super::searches;
use super::table;
use crate::codegen::blueprint::{Blueprint, Entity};
use crate::codegen::distinct::{Item, Places, shared_items};
use crate::model::code_hints::CodePart;

const TYPES: &str = "types";
const CONSTANTS: &str = "constants";

const PLACES: Places = Places {
    types: TYPES,
    functions: "functions",
    type_name: names::type_name,
    scope: searches::scope_variant,
};

pub(super) fn of(blueprint: &Blueprint, entity: &Entity) -> Vec<Item> {
    let mut items = types(entity);
    items.extend(shared_items(blueprint, entity, &PLACES));
    for field in &entity.fields {
        let what = format!("the constant of column `{}`", field.column.name.as_str());
        items.push(Item::new(CONSTANTS, names::constant(&field.name), what));
    }
    items
}

fn types(entity: &Entity) -> Vec<Item> {
    let model = names::model(&entity.model);
    let marker = names::marker(entity.name.name.as_str(), &model);
    let (reads, writes) = (entity.has(CodePart::Read), entity.has(CodePart::Write));
    let own = [
        (model.clone(), "the row", true),
        (marker, "the type that stands for the table", true),
        (format!("New{model}"), "what an insert takes", writes),
        (format!("{model}Cursor"), "the position of a page", reads && entity.order.is_some()),
        (format!("{model}Dto"), "what a response holds", entity.has(CodePart::Wire)),
        (format!("{model}Full"), "the row with its vectors", table::has_full(entity)),
        (format!("{model}Patch"), "what an update takes", writes && entity.has_key()),
        (format!("{model}Ranked"), "a row of a hybrid search", searches::has_hybrid(entity)),
    ];
    let own = own.into_iter().filter(|it| it.2);
    let mut items: Vec<Item> = own.map(|(name, what, _)| Item::new(TYPES, name, what)).collect();
    for field in &entity.fields {
        let what = format!("the type of column `{}`", field.column.name.as_str());
        let alias = columns::alias(&model, field).filter(|_| field.hints.rust_type.is_none());
        items.extend(alias.map(|(alias, ..)| Item::new(TYPES, alias, what)));
    }
    items
}
