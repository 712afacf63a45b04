{{ header }}

//! What the modules of all tables use: verbatim copies of files of aludel's runtime.
{%- if let Some(derive) = wire_derive %}

/// Types that are parts of responses derive these traits.
macro_rules! wire {
    ($($item:item)*) => {$(
        {{ derive }}
        $item
    )*};
}
{%- endif %}
{% for it in modules %}
mod {{ it }};
{%- endfor %}
{% for it in names %}
pub use {{ it }}::*;
{%- endfor %}
