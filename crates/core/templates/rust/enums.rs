{{ header }}

//! The enumerated types.

use serde::{Deserialize, Serialize};
use tokio_postgres::types;

use super::support;

/// Conversions by the name of the type and by labels, so that a new label breaks no running program.
macro_rules! pg_enum {
    ($t:ty, $name:literal $(,)?) => {
        impl support::PgEnum for $t {
            const NAME: &'static str = $name;
            fn label(&self) -> &str {
                self.as_str()
            }
            fn of_label(label: &str) -> Option<Self> {
                Self::from_label(label)
            }
        }
        impl types::ToSql for $t {
            fn to_sql(
                &self,
                _: &types::Type,
                out: &mut support::BytesMut,
            ) -> support::SqlResult<types::IsNull> {
                support::write_label(self, out)
            }
            fn accepts(ty: &types::Type) -> bool {
                ty.name() == $name
            }
            types::to_sql_checked!();
        }
        impl<'a> types::FromSql<'a> for $t {
            fn from_sql(_: &types::Type, raw: &'a [u8]) -> support::SqlResult<Self> {
                support::read_label(raw)
            }
            fn accepts(ty: &types::Type) -> bool {
                ty.name() == $name
            }
        }
    };
}
{%- for it in enums %}

{{ it.documentation }}{{ it.derive }}
pub enum {{ it.model }} {
{%- for label in it.labels %}
    #[serde(rename = {{ label.text }})]
    {{ label.variant }},
{%- endfor %}
{%- if it.open %}
    /// A label that was added since this was generated.
    #[serde(untagged)]
    Other(String),
{%- endif %}
}

impl {{ it.model }} {
    {{ it.all }}

    pub {% if !it.open %}const {% endif %}fn as_str({% if it.open %}&self{% else %}self{% endif %}) -> &'{% if it.open %}_{% else %}static{% endif %} str {
        match self {
{%- for label in it.labels %}
{{ label.arm }}
{%- endfor %}
{%- if it.open %}
            Self::Other(label) => label,
{%- endif %}
        }
    }

    pub fn from_label(label: &str) -> Option<Self> {
{%- if it.open %}
        let known = Self::ALL.iter().find(|it| it.as_str() == label);
        Some(known.cloned().unwrap_or_else(|| Self::Other(label.into())))
{%- else %}
        Self::ALL.into_iter().find(|it| it.as_str() == label)
{%- endif %}
    }
}

{{ it.conversions }}
{%- endfor %}
