//! The Pydantic classes of a table: responses, inserts and updates.

use super::draft::{Draft, is_written};
use super::layout::{Code, annotated, string};
use super::model::ColumnView;
use super::names;
use crate::codegen::blueprint::Field;
use crate::codegen::names::pascal_case;
use crate::codegen::value_type::{Builtin, ValueType};
use crate::model::pg_type::VectorType;

impl Draft<'_> {
    /// The types of embeddings in Pydantic classes, which know their length.
    pub(super) fn embeddings(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (it, view) in self.entity.fields.iter().zip(&self.views) {
            if !is_dense(it) || !is_written(it) {
                continue;
            }
            let constant = names::constant(&it.name);
            let half = matches!(it.value_type.base(), ValueType::Vector(VectorType::Halfvec, _));
            let mut items = vec![Code::text("support.check_embedding")];
            items.push(Code::text(format!("{constant}_DIMENSIONS")));
            items.extend(half.then(|| Code::text("half=True")));
            let check = Code::call("pydantic.AfterValidator", vec![Code::call("partial", items)]);
            let held = field_annotation(&view.python.annotation);
            let items = vec![Code::text(held), check];
            let group = Code::Group { open: "Annotated[".to_owned(), items, close: "]" };
            lines.push(group.lines(0, &format!("{} = ", embedding_in(it)), ""));
        }
        lines
    }

    /// The annotation of a field that is written.
    fn written(&self, it: &Field, view: &ColumnView) -> String {
        let own = it.hints.python_type.is_none();
        let bare = match own {
            true if is_dense(it) => embedding_in(it),
            true => written_annotation(it, &view.python.annotation),
            false => view.python.annotation.clone(),
        };
        if it.nullable && bare != "JsonValue" { format!("{bare} | None") } else { bare }
    }

    /// Required fields first, as arguments would be.
    pub(super) fn create(&self) -> Vec<String> {
        let both = || self.entity.fields.iter().zip(&self.views).filter(|(it, _)| is_written(it));
        let required = |it: &Field| !it.has_default && !it.nullable;
        let mut lines = Vec::new();
        for (it, view) in both().filter(|(it, _)| required(it)) {
            let mut options = Vec::new();
            options.extend(it.value_type.is_vector().then(|| Code::text("repr=False")));
            lines.push(field_line(view, &self.written(it, view), options, &it.name));
        }
        for (it, view) in both().filter(|(it, _)| !required(it)) {
            let annotation = self.written(it, view);
            let optional = annotation.ends_with("| None") || annotation == "JsonValue";
            let annotation = if optional { annotation } else { format!("{annotation} | None") };
            let mut options = vec![Code::text("default=None")];
            options.extend(it.value_type.is_vector().then(|| Code::text("repr=False")));
            lines.push(field_line(view, &annotation, options, &it.name));
        }
        lines
    }

    pub(super) fn patch_field(&self, it: &Field, view: &ColumnView) -> String {
        let mut options = vec![Code::text("default=support.UNSET")];
        options.extend(it.value_type.is_vector().then(|| Code::text("repr=False")));
        field_line(view, &self.written(it, view), options, &it.name)
    }
}

/// A time in a class that is written says whether it has a zone.
fn written_annotation(it: &Field, annotation: &str) -> String {
    let parts = it.value_type.parts();
    let has = |of| parts.contains(&&ValueType::Builtin(of));
    if has(Builtin::Timestamptz) {
        return annotation.replace("dt.datetime", "support.Aware");
    }
    if has(Builtin::Timestamp) {
        return annotation.replace("dt.datetime", "pydantic.NaiveDatetime");
    }
    annotation.to_owned()
}

/// Whether it is a vector of a known length that Python has as a list.
fn is_dense(it: &Field) -> bool {
    let of = it.value_type.base();
    matches!(of, ValueType::Vector(VectorType::Vector | VectorType::Halfvec, Some(_)))
}

fn embedding_in(it: &Field) -> String {
    format!("{}In", pascal_case(&it.name))
}

/// Types that Pydantic knows nothing of.
pub(super) fn is_arbitrary(annotation: &str) -> bool {
    annotation.contains("pg.Range")
}

pub(super) fn out_field(it: &Field, view: &ColumnView) -> String {
    // On a model a renamed attribute comes first: `metadata` of a model is something
    // else.
    let mut known = vec![it.name.clone()];
    if view.attribute != view.field && view.attribute != it.name {
        known.insert(0, view.attribute.clone());
    }
    aliased_line(view, &view.annotation(), Vec::new(), known, &it.name)
}

/// The type of a field of a Pydantic class, which must be told about arrays.
fn field_annotation(annotation: &str) -> String {
    let annotation = annotation.replace("support.Array", "support.ArrayField");
    annotation.replace("SparseVector", "support.SparseField")
}

/// A field of a Pydantic class. A renamed one is also known by the name of its column.
pub(super) fn field_line(
    view: &ColumnView,
    annotation: &str,
    options: Vec<Code>,
    own: &str,
) -> String {
    aliased_line(view, annotation, options, vec![own.to_owned()], own)
}

/// A field with the names that it is read by besides its own. `alias` would be the only one that type
/// checkers take in a call.
fn aliased_line(
    view: &ColumnView,
    annotation: &str,
    options: Vec<Code>,
    mut known: Vec<String>,
    own: &str,
) -> String {
    let annotation = field_annotation(annotation);
    let mut items = options;
    if !known.contains(&view.field) {
        known.push(view.field.clone());
    }
    if known.len() > 1 {
        let names = known.iter().map(|it| Code::text(string(it))).collect();
        let choices = Code::call("pydantic.AliasChoices", names);
        items.push(Code::keyword("validation_alias", choices));
    }
    if view.field != own {
        items.push(Code::text(format!("serialization_alias={}", string(own))));
    }
    match items.as_slice() {
        [] => annotated(4, &view.field, &annotation, None),
        [Code::Text(only)] if only.starts_with("default=") => {
            let default = Code::text(&only["default=".len()..]);
            annotated(4, &view.field, &annotation, Some(&default))
        }
        _ => {
            let call = Code::call("pydantic.Field", items);
            annotated(4, &view.field, &annotation, Some(&call))
        }
    }
}
