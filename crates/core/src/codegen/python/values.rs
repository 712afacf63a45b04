//! What values are in Python: annotations before they are text.

use super::needs::{Import, Needs, named_in};
use super::runtime::Module;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A name that is always there: `int`.
    Plain(&'static str),
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    Decimal,
    Uuid,
    Json,
    /// An array of numpy.
    Array,
    Sparse,
    Inet,
    Cidr,
    Range(Box<Self>),
    /// An enum or a composite type, by the name that it has in the module.
    Class {
        import: Import,
        name: String,
    },
    /// An enum with labels that are not known.
    Open(Box<Self>),
    List(Box<Self>),
    Nullable(Box<Self>),
    /// As the declaration says.
    Declared(String),
}

/// Where an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On a model, or as an argument.
    Row,
    /// In a response.
    Response,
    /// In the values of an insert or an update, where a time says whether it has a zone.
    Written,
}

impl Value {
    /// What the declaration says, which can be one of ours.
    pub(super) fn declared(text: &str) -> Self {
        match text {
            "JsonValue" => Self::Json,
            "SparseVector" => Self::Sparse,
            "bytes" => Self::Plain("bytes"),
            "support.Array" => Self::Array,
            other => Self::Declared(other.to_owned()),
        }
    }

    pub(super) fn text(&self, place: Place) -> String {
        let fixed = match (self, place) {
            (Self::Plain(name), _) => name,
            (Self::Date, _) => "dt.date",
            (Self::Time, _) => "dt.time",
            (Self::Timestamptz, Place::Written) => "support.Aware",
            (Self::Timestamp, Place::Written) => "pydantic.NaiveDatetime",
            (Self::Timestamp | Self::Timestamptz, _) => "dt.datetime",
            (Self::Interval, _) => "dt.timedelta",
            (Self::Decimal, _) => "Decimal",
            (Self::Uuid, _) => "UUID",
            (Self::Json, _) => "JsonValue",
            (Self::Array, Place::Row) => "support.Array",
            (Self::Array, _) => "support.ArrayField",
            (Self::Sparse, Place::Row) => "SparseVector",
            (Self::Sparse, _) => "support.SparseField",
            (Self::Inet, _) => "support.Inet",
            (Self::Cidr, _) => "support.Cidr",
            (Self::Range(of), _) => return format!("pg.Range[{}]", of.text(Place::Row)),
            (Self::Class { name, .. }, _) => name,
            (Self::Open(of), place) => return format!("{} | str", of.text(place)),
            (Self::List(of), place) => return format!("list[{}]", of.text(place)),
            (Self::Nullable(of), place) => return format!("{} | None", of.text(place)),
            (Self::Declared(text), _) => text,
        };
        fixed.to_owned()
    }

    /// The same with None, which any JSON can be anyway.
    pub(super) fn or_none(&self, place: Place) -> String {
        let text = self.text(place);
        if self.has_none() { text } else { format!("{text} | None") }
    }

    fn has_none(&self) -> bool {
        match self {
            Self::Json | Self::Nullable(_) => true,
            Self::Declared(text) => text.ends_with("| None"),
            _ => false,
        }
    }

    /// Whether its text names a type of Pydantic by its module. What a declaration says is known from the
    /// model, which says the same.
    pub(super) fn is_of_pydantic(&self, place: Place) -> bool {
        match self {
            Self::Timestamp => place == Place::Written,
            Self::Open(of) | Self::List(of) | Self::Nullable(of) => of.is_of_pydantic(place),
            _ => false,
        }
    }

    /// What is imported for it on a model. What Pydantic classes have instead comes from the same
    /// modules, but for [`Value::is_of_pydantic`].
    pub(super) fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        match self {
            Self::Plain(_) => {}
            Self::Date | Self::Time | Self::Timestamp | Self::Timestamptz | Self::Interval => {
                needs.import(Import::Dt);
            }
            Self::Decimal => needs.import(Import::Decimal),
            Self::Uuid => needs.import(Import::Uuid),
            Self::Json => needs.import(Import::JsonValue),
            Self::Array => needs.support(Module::Arrays),
            Self::Sparse => {
                needs.import(Import::SparseVector);
                needs.support(Module::Sparse);
            }
            Self::Inet | Self::Cidr => needs.support(Module::Values),
            Self::Range(of) => {
                needs.import(Import::Pg);
                needs.add(of.needs());
            }
            Self::Class { import, .. } => needs.import(import.clone()),
            Self::Open(of) | Self::List(of) | Self::Nullable(of) => needs.add(of.needs()),
            Self::Declared(text) => needs.imports.extend(named_in(text)),
        }
        needs
    }

    /// Whether SQLAlchemy does not see in the annotation if a column can be NULL.
    pub(super) fn hides_null(&self) -> bool {
        matches!(self, Self::Json | Self::Declared(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_differ_by_their_place() {
        let times = Value::List(Box::new(Value::Timestamptz));
        assert_eq!(times.text(Place::Response), "list[dt.datetime]");
        assert_eq!(times.or_none(Place::Written), "list[support.Aware] | None");
        let range = Value::Range(Box::new(Value::Timestamptz));
        assert_eq!(range.text(Place::Written), "pg.Range[dt.datetime]");
        assert_eq!(Value::declared("JsonValue").or_none(Place::Row), "JsonValue");
        assert_eq!(Value::declared("a.B | None").or_none(Place::Row), "a.B | None");
        let nullable = Value::List(Box::new(Value::Nullable(Box::new(Value::Plain("int")))));
        assert_eq!(nullable.or_none(Place::Row), "list[int | None] | None");
    }
}
