{{ header }}

//! The composite types.

use postgres_types::{FromSql, ToSql};
use serde::{Deserialize, Serialize};

{% for it in enums -%}
use super::enums::{{ it }};
{% endfor -%}
{%- if needs_support -%}
use super::support;
{% endif %}
{% for it in composites %}
{{ it.documentation }}{{ derive }}
#[postgres(name = {{ it.sql_name }})]
pub struct {{ it.model }} {
{%- for attribute in it.attributes %}
    #[postgres(name = {{ attribute.sql_name }})]
{{ attribute.declaration }}
{%- endfor %}
}
{% endfor %}
