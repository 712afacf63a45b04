{{ header }}

//! The enumerated types.

use serde::{Deserialize, Serialize};

use super::support;
{% for it in enums %}
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
{% endfor %}
