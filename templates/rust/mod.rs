{{ header }}
//
// What these files need:
//
// [dependencies]
{%- for it in dependencies %}
// {{ it }}
{%- endfor %}

//! The tables of the database, a module each.
{%- if !example.is_empty() %}
//!
//! ```ignore
//! let pool = support::pool("host=… dbname=…".parse()?, 16)?;
//! let mut db = pool.get().await?;
//! {{ example }}::verify(&db).await?;
//! let page = {{ example }}::list_page(&db, 50, None, None).await?;
//! ```
{%- endif %}
#![allow(
    clippy::module_inception,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "no program uses every function, and the schema has the comments"
)]

{% for it in modules -%}
#[rustfmt::skip]
pub mod {{ it }};
{% endfor %}
