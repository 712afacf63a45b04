//! The Pydantic classes of a table: responses, inserts and updates.

use super::draft::{Draft, is_written};
use super::layout::{Code, annotated, string};
use super::model::ColumnView;
use super::names;
use super::needs::{Import, Needs};
use super::values::Place;
use crate::codegen::blueprint::{Field, ListOrder};
use crate::codegen::names::pascal_case;
use crate::codegen::value_type::ValueType;
use crate::model::code_hints::CodePart;
use crate::model::pg_type::VectorType;

impl Draft<'_> {
    /// The types of embeddings in Pydantic classes, which know their length.
    pub(super) fn embeddings(&self, needs: &mut Needs) -> Vec<String> {
        let mut lines = Vec::new();
        for (it, view) in self.entity.fields.iter().zip(&self.views) {
            if !is_dense(it) || !is_written(it) || !self.entity.has(CodePart::Write) {
                continue;
            }
            let constant = names::constant(&it.name);
            let half = matches!(it.value_type.base(), ValueType::Vector(VectorType::Halfvec, _));
            let mut items = vec![Code::text("support.check_embedding")];
            items.push(Code::text(format!("{constant}_DIMENSIONS")));
            items.extend(half.then(|| Code::text("half=True")));
            let check = Code::call("pydantic.AfterValidator", vec![Code::call("partial", items)]);
            let held = view.python.value.text(Place::Response);
            let length = vec![Code::text(format!("{constant}_DIMENSIONS"))];
            let sized = Code::call("support.sized", length);
            let items = vec![Code::text(held), check, sized];
            let group = Code::Group { open: "Annotated[".to_owned(), items, close: "]" };
            lines.push(group.lines(0, &format!("{} = ", embedding_in(it)), ""));
            for it in [Import::Annotated, Import::Partial, Import::Pydantic] {
                needs.import(it);
            }
        }
        lines
    }

    /// The annotation of a field that is written, with None where it can be that.
    fn written(&self, it: &Field, view: &ColumnView, none: bool, needs: &mut Needs) -> String {
        let value = &view.python.value;
        if it.hints.python_type.is_none() && is_dense(it) {
            let bare = embedding_in(it);
            return if none { format!("{bare} | None") } else { bare };
        }
        if value.is_of_pydantic(Place::Written) {
            needs.import(Import::Pydantic);
        }
        if none { value.or_none(Place::Written) } else { value.text(Place::Written) }
    }

    /// Responses: the fields of a row.
    pub(super) fn out(&self, needs: &mut Needs) -> Vec<String> {
        let both = self.entity.fields.iter().zip(&self.views);
        both.filter(|(it, _)| it.wire).map(|(it, view)| out_field(it, view, needs)).collect()
    }

    /// The columns by which pages are sorted.
    pub(super) fn cursor(&self, order: &ListOrder, needs: &mut Needs) -> Vec<String> {
        let mut lines = Vec::new();
        for (idx, _) in &order.terms {
            let view = &self.views[*idx];
            let annotation = view.python.value.text(Place::Response);
            lines.push(field_line(view, &annotation, None, None, &view.field, needs));
        }
        lines
    }

    /// Required fields first, as arguments would be.
    pub(super) fn create(&self, needs: &mut Needs) -> Vec<String> {
        let both = || self.entity.fields.iter().zip(&self.views).filter(|(it, _)| is_written(it));
        let required = |it: &Field| !it.has_default && !it.nullable;
        let mut lines = Vec::new();
        for (it, view) in both().filter(|(it, _)| required(it)) {
            let annotation = self.written(it, view, it.nullable, needs);
            lines.push(field_line(view, &annotation, None, unseen(it), &it.name, needs));
        }
        for (it, view) in both().filter(|(it, _)| !required(it)) {
            let annotation = self.written(it, view, true, needs);
            let none = Some("None");
            lines.push(field_line(view, &annotation, none, unseen(it), &it.name, needs));
        }
        lines
    }

    pub(super) fn patch_field(&self, it: &Field, view: &ColumnView, needs: &mut Needs) -> String {
        let annotation = self.written(it, view, it.nullable, needs);
        field_line(view, &annotation, Some("support.UNSET"), unseen(it), &it.name, needs)
    }
}

/// Vectors are too long to be printed.
fn unseen(it: &Field) -> Option<Code> {
    it.value_type.is_vector().then(|| Code::text("repr=False"))
}

/// Whether it is a vector of a known length that Python has as a list.
fn is_dense(it: &Field) -> bool {
    let of = it.value_type.base();
    matches!(of, ValueType::Vector(VectorType::Vector | VectorType::Halfvec, Some(_)))
}

fn embedding_in(it: &Field) -> String {
    format!("{}In", pascal_case(&it.name))
}

fn out_field(it: &Field, view: &ColumnView, needs: &mut Needs) -> String {
    // On a model a renamed attribute comes first: `metadata` of a model is something
    // else.
    let mut known = vec![it.name.clone()];
    if view.attribute != view.field && view.attribute != it.name {
        known.insert(0, view.attribute.clone());
    }
    aliased_line(view, &view.annotation(Place::Response), (None, None), known, &it.name, needs)
}

/// A field of a Pydantic class. A renamed one is also known by the name of its column.
fn field_line(
    view: &ColumnView,
    annotation: &str,
    default: Option<&str>,
    option: Option<Code>,
    own: &str,
    needs: &mut Needs,
) -> String {
    aliased_line(view, annotation, (default, option), vec![own.to_owned()], own, needs)
}

/// A field with the names that it is read by besides its own. `alias` would be the only one that type
/// checkers take in a call.
fn aliased_line(
    view: &ColumnView,
    annotation: &str,
    (default, option): (Option<&str>, Option<Code>),
    mut known: Vec<String>,
    own: &str,
    needs: &mut Needs,
) -> String {
    let mut items: Vec<Code> = option.into_iter().collect();
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
    if items.is_empty() {
        return annotated(4, &view.field, annotation, default.map(Code::text).as_ref());
    }
    needs.import(Import::Pydantic);
    if let Some(default) = default {
        items.insert(0, Code::text(format!("default={default}")));
    }
    annotated(4, &view.field, annotation, Some(&Code::call("pydantic.Field", items)))
}
