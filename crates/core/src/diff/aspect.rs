//! Which properties of an object differ, for messages and for the leftover check.

use serde::Serialize;
use serde_json::Value;

use crate::model::object::Object;
use crate::model::pg_type::PgType;

/// One property that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aspect {
    /// The property, with dots for what lies inside: `options.m`.
    pub name: String,
    /// Its value now; none where it is absent.
    pub from: Option<String>,
    /// Its value then.
    pub to: Option<String>,
}

/// The properties in which two objects of one kind differ. A column's position is none of them.
#[must_use]
pub fn aspects(from: &Object, to: &Object) -> Vec<Aspect> {
    let mut found = Vec::new();
    if let (Object::Column(from), Object::Column(to)) = (from, to)
        && from.data_type != to.data_type
    {
        let shown = |it: &PgType| Some(it.to_string());
        let (from, to) = (shown(&from.data_type), shown(&to.data_type));
        found.push(Aspect { name: "type".to_owned(), from, to });
    }
    let value = |it: &Object| serde_json::to_value(it).expect("objects have string keys only");
    compare("", &value(from), &value(to), &mut found);
    found.retain(|it| it.name != "position" && !it.name.starts_with("data_type"));
    found
}

fn compare(name: &str, from: &Value, to: &Value, found: &mut Vec<Aspect>) {
    if from == to {
        return;
    }
    match (from, to) {
        (Value::Object(left), Value::Object(right)) => {
            let mut keys: Vec<_> = left.keys().chain(right.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                let inner = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                let side = |it: &serde_json::Map<String, Value>| {
                    it.get(key).cloned().unwrap_or(Value::Null)
                };
                compare(&inner, &side(left), &side(right), found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                compare(&format!("{name}[{at}]"), left, right, found);
            }
        }
        _ => found.push(Aspect { name: name.to_owned(), from: shown(from), to: shown(to) }),
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        other => Some(text(other)),
    }
}

/// A value for people: lists by commas, variants as words.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let pairs = fields.iter().filter(|(_, value)| !value.is_null());
            pairs
                .map(|(name, value)| format!("{name} {}", text(value)))
                .collect::<Vec<_>>()
                .join(", ")
        }
        other => other.to_string(),
    }
}
