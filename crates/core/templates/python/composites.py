{{ header }}
"""The composite types."""

from __future__ import annotations

{{ imports }}
{% for it in composites %}

@dataclass(slots=True)
class {{ it.model }}:
    {{ it.documentation }}
{% for attribute in it.attributes %}
{{ attribute }}
{%- endfor %}
{% endfor %}
