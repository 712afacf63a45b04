//! Writing rows of a table: the names of fields in the model, and the transfer of their values.

use super::draft::{Draft, is_written};
use super::layout::{Code, fits, string};
use super::model::ColumnView;
use super::needs::Needs;
use super::types::Encoder;
use super::values::Value;
use crate::codegen::blueprint::Field;

impl Draft<'_> {
    pub(super) fn attributes(&self) -> String {
        let both = self.entity.fields.iter().zip(&self.views);
        let renamed = both.filter(|(it, view)| is_written(it) && view.field != view.attribute);
        let items = renamed
            .map(|(_, it)| Code::text(format!("{}: {}", string(&it.field), string(&it.attribute))));
        let group = Code::Group { open: "{".to_owned(), items: items.collect(), close: "}" };
        let lines = group.lines(0, "_ATTRIBUTE: dict[str, str] = ", "");
        format!("# Fields whose attributes have another name.\n{lines}")
    }

    pub(super) fn defaulted(&self) -> String {
        let both = self.entity.fields.iter().zip(&self.views);
        let names = both
            .filter(|(it, view)| is_written(it) && it.has_default && !it.nullable && !is_json(view))
            .map(|(_, view)| Code::text(string(&view.field)));
        let items: Vec<Code> = names.collect();
        let lines = if items.is_empty() {
            "_DEFAULTED: frozenset[str] = frozenset()".to_owned()
        } else {
            let group = Code::Group { open: "{".to_owned(), items, close: "}" };
            group.lines(0, "_DEFAULTED = ", "")
        };
        format!("# Fields in which None means the default.\n{lines}")
    }

    pub(super) fn encoders(&self, needs: &mut Needs) -> String {
        let both = self.entity.fields.iter().zip(&self.views).filter(|(it, _)| is_written(it));
        let items = both.map(|(it, view)| {
            let encoder = match self.encoder(it, view) {
                Some(encoder) => {
                    needs.support(encoder.module);
                    format!("support.{}", encoder.name)
                }
                None => "None".to_owned(),
            };
            Code::text(format!("{}: {encoder}", string(&view.attribute)))
        });
        let items: Vec<Code> = items.collect();
        let group = Code::Group { open: "{".to_owned(), items, close: "}" };
        group.lines(0, "_COPY: dict[str, support.Encoder | None] = ", "")
    }

    /// The function that makes the bytes of a column for COPY, which policies rule out.
    fn encoder(&self, it: &Field, view: &ColumnView) -> Option<Encoder> {
        let plain = it.hints.python_type.is_none() && !self.entity.row_security;
        view.python.encoder.filter(|_| plain)
    }

    /// The columns that cannot go by COPY.
    fn by_insert(&self) -> Vec<&str> {
        let both = self.entity.fields.iter().zip(&self.views);
        let slow = both.filter(|(it, view)| is_written(it) && self.encoder(it, view).is_none());
        slow.map(|(_, view)| view.field.as_str()).collect()
    }

    /// The types of what can go by INSERT as an array, where something must.
    pub(super) fn load_types(&self) -> String {
        let head = "_TYPES: dict[str, str] = ";
        if self.by_insert().is_empty() {
            return format!("{head}{{}}");
        }
        let both = self.entity.fields.iter().zip(&self.views);
        let flat = both.filter(|(it, _)| is_written(it) && it.has_array());
        let items = flat.map(|(it, view)| {
            Code::text(format!("{}: {}", string(&view.attribute), string(&it.bare_type)))
        });
        let items = items.collect();
        Code::Group { open: "{".to_owned(), items, close: "}" }.lines(0, head, "")
    }

    /// Which way rows go.
    pub(super) fn load_note(&self) -> String {
        let slow = self.by_insert();
        if slow.is_empty() {
            return "They are inserted with COPY.".to_owned();
        }
        if self.entity.row_security {
            return "They are inserted with INSERT, because COPY does not work with policies."
                .to_owned();
        }
        let names: Vec<String> = slow.iter().map(|it| format!("``{it}``")).collect();
        let names = names.join(", ");
        let text = format!("They are inserted with COPY; those that set {names} with INSERT.");
        filled(&text)
    }
}

/// The lines of a docstring's later paragraph.
fn filled(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is one");
        if !last.is_empty() && !fits(&format!("    {last} {word}")) {
            lines.push(word.to_owned());
        } else {
            last.push_str(if last.is_empty() { "" } else { " " });
            last.push_str(word);
        }
    }
    lines.join("\n    ")
}

pub(super) fn is_json(view: &ColumnView) -> bool {
    view.python.value == Value::Json
}
