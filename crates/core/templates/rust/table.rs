{{ header }}

//! {{ title }}

{% if serialized -%}
use serde::{Deserialize, Serialize};

{% endif -%}
{% for it in imports -%}
{{ it }}
{% endfor -%}

{% for it in vectors %}
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
{%- if !searches.is_empty() %}

pub type Nearest = support::Nearest<This>;
{%- endif %}
{%- if hybrid.is_some() %}
pub type Hybrid = support::Hybrid<This>;
pub type {{ model }}Ranked = support::Ranked<{{ model }}>;
{%- endif %}

table! {
{{ table }}
}

columns! {
{%- for it in fields %}
{{ it.column_constant }}
{%- endfor %}
}

row! {
{{ documentation }}    {% if one_wire %}{{ row_derive }}{% else %}#[derive(Debug, Clone, PartialEq)]{% endif %}
    pub struct {{ model }} {
{%- for it in light %}
{% if one_wire %}{{ it.rename }}{% endif %}{{ it.documentation }}{{ it.declaration }}
{%- endfor %}
    }
}
{%- if !heavy.is_empty() %}

full_row! {
    /// One row with {{ rest }}, read only on request (`get_full`).
    #[derive(Debug, Clone, PartialEq)]
    pub struct {{ model }}Full {
        pub {{ row_field }}: {{ model }},
{%- for it in heavy %}
{{ it.documentation }}{{ it.declaration }}
{%- endfor %}
    }
}
{%- endif %}
{% if one_wire %}
/// The serialized form, for responses{{ without }}: the row itself.
pub type {{ model }}Dto = {{ model }};
{%- else if has_wire %}
/// The serialized form, for responses{{ without }}.
{{ wire_derive }}
pub struct {{ model }}Dto {
{%- for it in wire %}
{{ it.wire_rename }}{{ it.wire_declaration }}
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
{%- endif %}
{%- if writable %}

written! {
{{ written }}
}
{%- endif %}
{%- if paged %}

pages! {
    /// Position in `list_page`, which is sorted by {{ order }}{{ order_note }}.
    {{ row_derive }}
    pub struct {{ model }}Cursor of {{ model }} {
{%- for it in cursor %}
{{ it.declaration }}
{%- endfor %}
    }
}
{%- endif %}

{% for it in calls -%}
{{ it }}
{% endfor -%}

{% if !constraints.is_empty() %}
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
{%- if let Some(usual) = it.usual %}
    let opts = &opts.usual({{ usual }});
{%- endif %}
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
{%- if let Some(usual) = it.usual %}
    let opts = &opts.usual({{ usual }});
{%- endif %}
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
{%- if let Some(usual) = rerank.usual %}
    let opts = &opts.usual({{ usual }});
{%- endif %}
    support::nearest_rerank(client, search, first, query, opts).await
}
{%- endfor %}
{%- endif %}
{%- if it.mmr %}

/// Maximal marginal relevance: of the rows selected by `opts`, `k` are selected for closeness
/// (lambda 1.0) against variety (lambda 0.0).
{{ it.mmr_signature }}
    let search = &{{ it.constant }};
{%- if let Some(usual) = it.usual %}
    let opts = &opts.usual({{ usual }});
{%- endif %}
    support::nearest_mmr(client, search, query, (k, lambda), opts).await
}
{%- endif %}
{%- endfor %}
{%- if let Some(it) = hybrid %}

/// Vector and full-text search fused by reciprocal rank in one statement. `text` is what a person
/// types (`websearch_to_tsquery`{{ it.config_note }}).
{{ it.signature }}
    let search = &{{ it.search }};
{%- if let Some(usual) = it.usual %}
    let opts = &opts.usual({{ usual }});
{%- endif %}
    support::hybrid(client, search, TEXT, (query, text), opts).await
}

{{ it.text_constant }}
{%- endif %}
{%- endif %}
