{{ header }}
//
// What these files need:
//
// [dependencies]
{%- for it in dependencies %}
// {{ it }}
{%- endfor %}

//! The tables of the database, one module each.
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
    clippy::disallowed_names,
    clippy::enum_variant_names,
    clippy::just_underscores_and_digits,
    clippy::module_inception,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::upper_case_acronyms,
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "names are those of the schema, and no program uses every function"
)]
{%- if package %}

pub use aludel_runtime as support;
{%- endif %}


#[macro_use]
#[rustfmt::skip]
mod macros;
{% for it in modules %}
#[rustfmt::skip]
pub mod {{ it }};
{%- endfor %}
