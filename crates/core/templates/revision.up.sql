{{ header }}
{% match content %}
{%- when Content::Plan(script) -%}
{% include "revision.script.sql" -%}
{% when Content::ByHand -%}
-- SQL of the migration.
{% when Content::Merge -%}
-- Merge revision: no statements.
{% when Content::Nothing -%}
-- Nothing to do.
{% when Content::Unrendered -%}
-- Alembic's offline mode could not render this revision. Write its SQL here.
{% when Content::Sql(text) -%}
{{ text }}{% endmatch -%}
