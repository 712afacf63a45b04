{% if let Some(path) = script.search_path -%}
-- Names without a schema are those of public here.
SET search_path TO {{ path }};

{% endif -%}
{% for transaction in script.transactions -%}
{% if !loop.first %}
{% endif -%}
{% if transaction.is_block -%}
BEGIN;

{% endif -%}
{% for it in transaction.statements -%}
{% if !loop.first %}
{% endif -%}
{% for line in it.comment -%}
-- {{ line }}
{% endfor -%}
{% if let Some(directive) = it.directive -%}
-- aludel: {{ directive }}
{% endif -%}
{{ it.sql }};
{% endfor -%}
{% if transaction.is_block %}
COMMIT;
{% endif -%}
{% endfor -%}
