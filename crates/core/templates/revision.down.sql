{% match content %}
{%- when Content::Plan(script) -%}
{% include "revision.script.sql" -%}
{% when Content::ByHand -%}
-- SQL that reverts the up migration. Delete this file to make the revision irreversible.
{% when Content::Merge -%}
-- Merge revision: no statements.
{% when Content::Nothing -%}
-- Nothing to do.
{% when Content::Unrendered -%}
-- Alembic's offline mode could not render this revision. Write its SQL here.
{% when Content::Sql(text) -%}
{{ text }}{% endmatch -%}
