{{ header }}

//! {{ title }}

use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

{% for it in imports -%}
{{ it }}
{% endfor -%}

// ---------------------------------------------------------------- constants

/// Represents the table in the types of columns and filters.
#[derive(Debug, Clone, Copy)]
pub enum {{ marker }} {}

type This = {{ marker }};

{{ table_constant }}
{%- for it in vectors %}
pub const {{ it.constant }}_DIMENSIONS: usize = {{ it.dimensions }};
/// The type of column {{ it.column }}. Another length is another type.
{{ it.alias }}
{%- endfor %}
{%- for it in searches %}
{%- if let Some(it) = it.metric %}
/// {{ it.note }}
{{ it.line }}
{%- endif %}
{%- endfor %}

pub type Filter = Cond<This>;
{%- if !searches.is_empty() %}
pub type Nearest = support::Nearest<This>;
{%- endif %}
{%- if hybrid.is_some() %}
pub type Hybrid = support::Hybrid<This>;
pub type {{ model }}Ranked = support::Ranked<{{ model }}>;
{%- endif %}

/// Typed columns, for filters: `col::{{ first_column }}.eq(..)`.
pub mod col {
    use super::*;
{% for it in fields %}
{{ it.column_constant }}
{%- endfor %}
}
{%- if !constraints.is_empty() %}

/// Constraint names, for `Error::violates`.
pub mod constraint {
{%- for it in constraints %}
{{ it }}
{%- endfor %}
}
{%- endif %}
{%- if !scopes.is_empty() %}

/// The rows of a partial index: searches with this filter use it, and return no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
{%- for it in scopes %}
    {{ it.variant }},
{%- endfor %}
}

impl Scope {
    /// The predicate of the index, word for word.
    pub fn filter(self) -> Filter {
        let predicate = match self {
{%- for it in scopes %}
{{ it.arm }}
{%- endfor %}
        };
        Cond::raw(predicate)
    }
}
{%- endif %}

impl Table for This {
    type Light = {{ model }};
    const NAME: &'static str = TABLE;
{{ light_constant }}
    const WIDTH: usize = {{ width }};
{%- if has_key %}
    const KEY: &'static [ColumnInfo] = KEY;
{%- endif %}
{%- if writable %}
    const COLUMNS: &'static [ColumnInfo] = COLUMNS;
{%- endif %}
{%- if !indexes_array.is_empty() %}
    const INDEXES: &'static [&'static str] = INDEXES;
{%- endif %}
{%- if row_security %}
    const COPIED: bool = false;
{%- endif %}
    const EXPECTED: &'static [(&'static str, &'static str, bool)] = EXPECTED;

    fn light(row: &Row) -> Result<{{ model }}> {
{%- if light.is_empty() %}
        let _ = row;
{%- endif %}
        Ok({{ read_literal }})
    }
}

{% if has_key -%}
{{ key_array }}
{% endif -%}
{% for it in uniques -%}
{{ it.array }}
{% endfor -%}
{% if writable -%}
{{ columns_array }}
{% endif -%}
{% if !indexes_array.is_empty() -%}
{{ indexes_array }}
{% endif -%}
{{ expected_array }}

// ---------------------------------------------------------------- rows

{{ documentation }}#[derive(Debug, Clone, PartialEq)]
pub struct {{ model }} {
{%- for it in light %}
{{ it.documentation }}{{ it.declaration }}
{%- endfor %}
{%- if !light.is_empty() %}
{% endif -%}
}
{%- if !heavy.is_empty() %}

/// One row with {{ rest }}, read only on request (`get_full`).
#[derive(Debug, Clone, PartialEq)]
pub struct {{ model }}Full {
    pub {{ row_field }}: {{ model }},
{%- for it in heavy %}
{{ it.documentation }}{{ it.declaration }}
{%- endfor %}
}
{%- endif %}

/// The serialized form, for responses{{ without }}.
{{ wire_derive }}
pub struct {{ model }}Dto {
{%- for it in wire %}
{{ it.rename }}{{ it.wire_declaration }}
{%- endfor %}
{%- if !wire.is_empty() %}
{% endif -%}
}

impl From<{{ model }}> for {{ model }}Dto {
    fn from(row: {{ model }}) -> Self {
{%- if wire.is_empty() %}
        let _ = row;
{%- endif %}
        {{ wire_literal }}
    }
}
{%- if writable %}

/// For `insert`. `None` in a column that has a default means the default; what has none and cannot
/// be NULL is an argument of `new`.
#[derive(Debug, Clone, PartialEq{% if !requires %}, Default{% endif %})]
pub struct New{{ model }} {
{%- for it in insertable %}
{{ it.new_declaration }}
{%- endfor %}
{%- if !insertable.is_empty() %}
{% endif -%}
}

impl New{{ model }} {
{{ new_signature }}
        {{ new_literal }}
    }
}

impl New for New{{ model }} {
    type Of = This;

    fn given(&self) -> Given<'_> {
        {% if insertable.is_empty() %}Given::new(){% else %}let mut given = Given::new();
{%- for it in insertable %}
{%- if it.optional %}
        if let Some(value) = &self.{{ it.name }} {
            given.push({{ it.place }}, value);
        }
{%- else %}
        given.push({{ it.place }}, &self.{{ it.name }});
{%- endif %}
{%- endfor %}
        given{% endif %}
    }
}
{%- endif %}
{%- if !patchable.is_empty() %}

/// For `update`: `None` does not change a column; `Some(None)` sets a nullable column to NULL.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct {{ model }}Patch {
{%- for it in patchable %}
{{ it.patch_declaration }}
{%- endfor %}
}

impl {{ model }}Patch {
    fn given(&self) -> Given<'_> {
        let mut given = Given::new();
{%- for it in patchable %}
        if let Some(value) = &self.{{ it.name }} {
            given.push({{ it.place }}, value);
        }
{%- endfor %}
        given
    }
}
{%- endif %}
{%- if paged %}

/// Keyset position in `list_page` ({{ order }}).
{{ wire_derive }}
pub struct {{ model }}Cursor {
{%- for it in cursor %}
{{ it.declaration }}
{%- endfor %}
}

impl From<&{{ model }}> for {{ model }}Cursor {
    fn from(row: &{{ model }}) -> Self {
        {{ cursor_literal }}
    }
}
{%- endif %}

// ---------------------------------------------------------------- read
{%- if has_key %}

{{ functions.get }}
    let mut key = Params::new();
{%- for it in key %}
    key.push(&{{ it.argument }});
{%- endfor %}
    support::get::<This, C>(client, key).await
}
{%- if !heavy.is_empty() %}

/// As `get`, with {{ rest }}.
{{ functions.get_full }}
    let mut key = Params::new();
{%- for it in key %}
    key.push(&{{ it.argument }});
{%- endfor %}
    support::find::<This, C, _>(client, KEY, key, VECTORS, full).await
}

{{ vectors_constant }}

fn full(row: &Row) -> Result<{{ model }}Full> {
    Ok({{ full_literal }})
}
{%- endif %}

{%- if many %}

/// Rows of these keys in the order asked for; keys that are not there are left out.
{{ functions.get_many }}
{%- if key.len() == 1 %}
    let mut arrays = Params::new();
    arrays.push(&keys);
{%- else %}
{%- for it in key %}
    let part{{ loop.index0 }}: Vec<_> = keys.iter().map(|key| &key.{{ loop.index0 }}).collect();
{%- endfor %}
    let mut arrays = Params::new();
{%- for it in key %}
    arrays.push(&part{{ loop.index0 }});
{%- endfor %}
{%- endif %}
    support::get_many::<This, C>(client, arrays).await
}
{%- endif %}
{%- endif %}
{%- for it in uniques %}

{{ it.get_signature }}
    let mut key = Params::new();
{%- for argument in it.arguments %}
    key.push(&{{ argument }});
{%- endfor %}
    let by = {{ it.constant }};
    support::find::<This, C, _>(client, by, key, "", This::light).await
}
{%- endfor %}
{%- if paged %}

/// One page{{ without }}, in the order {{ order }}{{ order_note }}.
/// Keyset, so page 1000 costs what page 1 costs.
pub async fn list_page<C: Session>(
    client: &C,
    limit: u32,
    after: Option<&{{ model }}Cursor>,
    filter: Option<&Filter>,
) -> Result<Page<{{ model }}, {{ model }}Cursor>> {
    let mut params = Params::new();
    let mut seek = "";
    if let Some(after) = after {
{%- for it in cursor %}
        params.push(&after.{{ it.name }});
{%- endfor %}
        seek = SEEK;
    }
    support::page::<This, C, _>(client, (seek, params), ORDER, limit, filter).await
}

{{ order_constant }}
{{ seek_constant }}
{%- else %}

/// The first rows, in no order: the table has no key.
pub async fn list_page<C: Session>(
    client: &C,
    limit: u32,
    filter: Option<&Filter>,
) -> Result<Vec<{{ model }}>> {
    support::list::<This, C>(client, limit, filter).await
}
{%- endif %}

pub async fn count<C: Session>(client: &C, filter: Option<&Filter>) -> Result<i64> {
    support::count::<This, C>(client, filter).await
}
{%- if writable %}

// ---------------------------------------------------------------- write

{{ functions.insert }}
    support::insert::<This, C>(client, new.given()).await
}
{%- if upserts %}

/// Inserts, or puts what is given into the row that has the same key. `None` in a column without a
/// default is given, too: NULL.
{{ functions.upsert }}
    support::upsert::<This, C>(client, new.given(), KEY).await
}
{%- endif %}
{%- for it in uniques %}

/// Inserts, or puts what is given into the row with the same {{ it.columns }}. {% if has_key %}Its primary key stays.
/// {% endif %}`None` in a column without a default is given, too: NULL.
{{ it.upsert_signature }}
    let by = {{ it.constant }};
    support::upsert::<This, C>(client, new.given(), by).await
}
{%- endfor %}

/// Many rows with {{ bulk }}, all or nothing; returns how many.
{{ functions.insert_many }}
    support::insert_many(client, rows).await
}
{%- if has_key %}
{%- if !patchable.is_empty() %}

/// Changes the given columns. `None` where no such row is; an empty patch reads.
{{ functions.update }}
    let mut key = Params::new();
{%- for it in key %}
    key.push(&{{ it.argument }});
{%- endfor %}
    support::update::<This, C>(client, key, patch.given()).await
}
{%- endif %}

/// Whether there was such a row.
{{ functions.delete }}
    let mut key = Params::new();
{%- for it in key %}
    key.push(&{{ it.argument }});
{%- endfor %}
    support::delete::<This, C>(client, key).await
}

/// How many rows were deleted.
pub async fn delete_where<C: Session>(client: &C, filter: &Filter) -> Result<u64> {
    support::delete_where::<This, C>(client, filter).await
}
{%- endif %}
{%- endif %}
{%- if !searches.is_empty() %}

// ---------------------------------------------------------------- search
{%- for it in searches %}

const {{ it.constant }}: Search = Search {
    column: {{ it.column }},
    operator: {{ it.operator }},
    index: Indexed {
        method: Method::{{ it.method }},
        bytes: {{ it.bytes }},
        m: {{ it.m }},
    },
    nullable: {{ it.nullable }},
};

/// {{ it.note }}
{{ it.signature }}
    let search = &{{ it.constant }};
    support::nearest(client, search, query, opts).await
}
{%- if has_key %}

/// The k rows nearest to the vector of another row, itself left out; none where there is no such
/// row. The vector stays in the database.
{{ it.to_row_signature }}
    let mut key = Params::new();
{%- for it in key %}
    key.push(&{{ it.argument }});
{%- endfor %}
    let search = &{{ it.constant }};
    support::nearest_to_row(client, search, key, opts).await
}
{%- for rerank in it.reranks %}

/// Two stages: `k * oversample` candidates by {{ rerank.first }} over
/// `{{ rerank.index }}`, then the exact {{ it.phrase }} of those.
{{ rerank.signature }}
    let candidates = Candidates {
        column: {{ rerank.column }},
        query: {{ rerank.query }},
        operator: {{ rerank.operator }},
        index: Indexed {
            method: Method::{{ rerank.method }},
            bytes: {{ rerank.bytes }},
            m: {{ rerank.m }},
        },
        scope: {{ rerank.scope }},
    };
    let search = &{{ it.constant }};
    let first = (&candidates, oversample);
    support::nearest_rerank(client, search, first, query, opts).await
}
{%- endfor %}
{%- endif %}
{%- if it.mmr %}

/// Maximal marginal relevance: of the rows selected by `opts`, `k` are selected for closeness
/// (lambda 1.0) against variety (lambda 0.0).
{{ it.mmr_signature }}
    let search = &{{ it.constant }};
    support::nearest_mmr(client, search, query, (k, lambda), opts).await
}
{%- endif %}
{%- endfor %}
{%- if let Some(it) = hybrid %}

/// Vector and full-text search fused by reciprocal rank in one statement. `text` is what a person
/// types (`websearch_to_tsquery`{{ it.config_note }}).
{{ it.signature }}
    let search = &{{ it.search }};
    support::hybrid(client, search, TEXT, (query, text), opts).await
}

{{ it.text_constant }}
{%- endif %}
{%- endif %}

// ---------------------------------------------------------------- drift

/// Compares the live table with the one that this file was generated for; call it once at start.
/// Added columns are ignored.
pub async fn verify<C: Session>(client: &C) -> Result<()> {
    support::verify::<This, C>(client).await
}
