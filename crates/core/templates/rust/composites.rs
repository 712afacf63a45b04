{{ header }}

//! The composite types.

use postgres_types::{FromSql, ToSql};
use serde::{Deserialize, Serialize};
{%- if !enums.is_empty() || needs.names_runtime() %}
{% for it in enums %}
use super::enums::{{ it }};
{%- endfor %}
{%- if needs.names_runtime() %}
use super::support;
{%- endif %}
{%- endif %}
{%- for it in composites %}

{{ it.documentation }}{{ derive }}
#[postgres(name = {{ it.sql_name }})]
pub struct {{ it.model }} {
{%- for attribute in it.attributes %}
    #[postgres(name = {{ attribute.sql_name }})]
{{ attribute.declaration }}
{%- endfor %}
}
{%- endfor %}
