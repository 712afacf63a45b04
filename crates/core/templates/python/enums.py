{{ header }}
"""The enumerated types."""

from __future__ import annotations

import enum

{% for it in enums %}

class {{ it.model }}(enum.StrEnum):
    {{ it.documentation }}
{% for label in it.labels %}
{{ label }}
{%- endfor %}
{% endfor %}
