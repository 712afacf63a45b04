{{ header }}
"""What the modules of the tables share: the runtime, as this project uses it."""

from __future__ import annotations

{{ imports }}

__all__ = [
{%- for it in names %}
    "{{ it }}",
{%- endfor %}
]
{% if base %}
class Base(DeclarativeBase):
    """The declarative base of all models, with the names that PostgreSQL gives."""

    metadata = sa.MetaData(
        naming_convention={
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "%(table_name)s_%(column_0_name)s_key",
        }
    )

{% endif %}
{%- if views %}
# Views have metadata of their own: `create_all` and Alembic see tables only.
VIEWS = sa.MetaData()

{% endif %}
{%- for it in types %}
class {{ it.name }}({{ it.module }}.{{ it.name }}):
    """``{{ it.sql_name }}``, with the schema of pgvector."""

    cache_ok = True
    namespace = {{ it.namespace }}

{% endfor %}
{%- if let Some(schema) = vector_schema %}
def make_engine(
    url: str | sa.URL,
    *,
    vector_schema: str = {{ schema }},
    **options: Any,
) -> AsyncEngine:
    """An engine with asyncpg that transfers vectors in binary."""
    return vector_engine.make_engine(url, vector_schema=vector_schema, **options)

{% endif %}
