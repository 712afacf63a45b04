{{ header }}
"""The tables of the database, one module each.

What these files need: {{ dependencies }}
"""

{{ imports }}

__all__ = [
{%- for it in names %}
    "{{ it }}",
{%- endfor %}
]
