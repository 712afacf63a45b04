{{ header }}
"""Model, response types and queries for ``{{ sql_name }}``."""

from __future__ import annotations

{{ imports }}

{% for it in vectors -%}
{{ it.constant }}_DIMENSIONS = {{ it.dimensions }}
{% endfor -%}
{% for it in metrics -%}
{{ it }}
{% endfor %}

{{ class_line }}
    {{ documentation }}

    __tablename__ = {{ table }}
{%- if view %}
    metadata = support.VIEWS
{%- endif %}
{% for it in fields %}
{{ it }}
{%- endfor %}
{%- if !table_args.is_empty() %}

{{ table_args }}
{%- endif %}
{%- if let Some(it) = mapper_args %}

    @orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # Nothing is mapped that has no key.
{{ it }}
{%- endif %}

{% if !scopes.is_empty() %}
class Scope:
    """The rows of a partial index: searches with this filter use it."""
{% for it in scopes %}
    {{ it }}
{%- endfor %}
{% endif %}
{% for it in distances %}
def {{ it.name }}(
    query: {{ it.query_type }} | sa.ColumnElement[Any],
) -> sa.ColumnElement[float]:
    """{{ it.note }}"""
{{ it.operator }}
    return by(query)

{% endfor %}
{% for it in embeddings %}
{{ it }}
{% endfor %}

{% if has_wire %}
{{ heads.out }}
{%- for it in out %}
{{ it }}
{%- endfor %}
{%- if out.is_empty() %}
    pass
{%- endif %}

{% if !searches.is_empty() %}
{{ heads.hit }}
    """A response of a search."""

    {{ hit_distance }}: float

    @classmethod
{{ heads.of }}
{{ heads.row }}
        return cls(**row, {{ hit_distance }}=hit.distance)

{% endif %}
{% endif %}
{% if writable %}
{{ heads.create }}
{%- for it in create %}
{{ it }}
{%- endfor %}
{%- if create.is_empty() %}
    pass
{%- endif %}

{% if has_patch %}
{{ heads.patch }}
{%- for it in patch %}
{{ it }}
{%- endfor %}

{% endif %}
{% endif %}
{% if paged %}
{{ heads.cursor }}
{%- for it in cursor %}
{{ it }}
{%- endfor %}

{% endif %}
{%- if hybrid.is_some() %}
{{ heads.ranked }}

{% endif %}
{% for it in objects %}
{{ it }}
{%- endfor %}

{%- if !searches.is_empty() %}
# ---------------------------------------------------------------- search

{% for it in searches %}
async def nearest{{ it.suffix }}(
    session: AsyncSession,
    query: {{ it.query_type }},
    k: int = 10,
    *,
    where: support.Where = (),
    max_distance: float | None = None,
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = {{ it.usual.effort }},
    iterative_scan: support.IterativeScan | None = {{ it.usual.iterative_scan }},
{%- endif %}
{%- if it.hnsw %}
    max_scan_tuples: int | None = None,
{%- endif %}
    exact: bool = False,
) -> list[support.Hit[{{ model }}]]:
    """{{ it.note }}"""
    search = support.Search(
        method="{{ it.method }}",
{%- if let Some(other) = it.other %}
        other="{{ other }}",
{%- endif %}
        k=k,
{{ it.size }}
{{ it.conditions }}
        max_distance=max_distance,
{%- if let Some(effort) = it.effort %}
        effort={{ effort }},
        iterative_scan=iterative_scan,
{%- endif %}
{%- if it.hnsw %}
        max_scan_tuples=max_scan_tuples,
{%- endif %}
        exact=exact,
    )
{{ it.by_query }}
    return await support.nearest(session, _rows.model, distance, search)

{% if has_key %}
async def nearest_to_row{{ it.suffix }}(
    session: AsyncSession,
    key: {{ key_type }},
    k: int = 10,
    *,
    where: support.Where = (),
    max_distance: float | None = None,
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = {{ it.usual.effort }},
{%- endif %}
) -> list[support.Hit[{{ model }}]]:
    """The k rows nearest to the vector of another row, itself left out; none where
    there is no such row. The vector stays in the database."""
    other = orm.aliased(_rows.model)
    vector = other.{{ it.attribute }}
    same = _rows.same(key, other)
    row = sa.select(vector).where(*same, vector.is_not(None))
    itself = sa.and_(*_rows.same(key))
    search = support.Search(
        method="{{ it.method }}",
{%- if let Some(other) = it.other %}
        other="{{ other }}",
{%- endif %}
        k=k,
{{ it.size }}
        where=[
            row.exists(),
{%- if it.nullable %}
{{ it.has_vector }}
{%- endif %}
        ],
        filter=where,
        itself=itself,
        max_distance=max_distance,
{%- if let Some(effort) = it.effort %}
        effort={{ effort }},
{%- endif %}
    )
{{ it.by_row }}
    return await support.nearest(session, _rows.model, distance, search)

{% for rerank in it.reranks %}
async def nearest_rerank{{ rerank.suffix }}(
    session: AsyncSession,
    query: {{ it.query_type }},
    k: int = 10,
    *,
    oversample: int = 20,
    where: support.Where = (),
{%- if let Some(effort) = rerank.effort %}
    {{ effort }}: int | None = {{ rerank.usual.effort }},
{%- endif %}
) -> list[support.Hit[{{ model }}]]:
    """Two stages: ``k * oversample`` candidates by {{ rerank.first }} over
    {{ rerank.index }}, then the exact {{ it.phrase }} of those.
{%- if rerank.partial %}
    That index holds some rows only, and others are not found.
{%- endif -%}
    """
{{ rerank.candidates }}
    search = support.Search(
        method="{{ rerank.method }}",
        k=k * max(oversample, 1),
{{ rerank.size }}
{{ rerank.conditions }}
{%- if let Some(effort) = rerank.effort %}
        effort={{ effort }},
{%- endif %}
    )
{{ it.by_query }}
    return await support.nearest_rerank(
        session,
        _rows.model,
        _rows.key,
        candidates,
        distance,
        search,
        k,
    )

{% endfor %}
{% endif %}
{% if it.mmr %}
async def nearest_mmr{{ it.suffix }}(
    session: AsyncSession,
    query: {{ numbers }},
    k: int = 4,
    *,
    fetch_k: int = 20,
    weight: float = 0.5,
    where: support.Where = (),
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = {{ it.usual.effort }},
{%- endif %}
) -> list[support.Hit[{{ model }}]]:
    """Maximal marginal relevance: of the ``fetch_k`` nearest, ``k`` are picked for
    closeness (weight 1.0) against variety (weight 0.0)."""
    search = support.Search(
        method="{{ it.method }}",
{%- if let Some(other) = it.other %}
        other="{{ other }}",
{%- endif %}
        k=fetch_k,
{{ it.size }}
{{ it.conditions }}
{%- if let Some(effort) = it.effort %}
        effort={{ effort }},
{%- endif %}
    )
    return await support.nearest_mmr(
        session,
        _rows.model,
        {{ model }}.{{ it.attribute }},
{{ it.distance_of_query }}
        query,
        search,
        k,
        weight,
    )

{% endif %}
{% endfor %}
{% if let Some(it) = hybrid %}
async def hybrid(
    session: AsyncSession,
    query: {{ it.query_type }},
    text_query: str,
    k: int = 10,
    *,
    candidates: int | None = None,
    rrf_k: float = 60.0,
    vector_weight: float = 1.0,
    text_weight: float = 1.0,
    where: support.Where = (),
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = {{ it.usual.effort }},
{%- endif %}
) -> list[{{ model }}Ranked]:
    """Vector and full-text search fused by reciprocal rank in one statement.
    ``text_query`` is what a person types (websearch_to_tsquery{{ it.config_note }})."""
    search = support.Search(
        method="{{ it.method }}",
{%- if let Some(other) = it.other %}
        other="{{ other }}",
{%- endif %}
        k=candidates or max(4 * k, 40),
{{ it.size }}
{{ it.conditions }}
{%- if let Some(effort) = it.effort %}
        effort={{ effort }},
{%- endif %}
    )
{{ it.document }}
    tsquery: sa.ColumnElement[Any] = sa.func.websearch_to_tsquery(
{%- for argument in it.arguments %}
        {{ argument }},
{%- endfor %}
    )
    return await support.hybrid(
        session,
        _rows.model,
        _rows.key,
{{ it.distance_of_query }}
        document,
        tsquery,
        search,
        k,
        where,
        rrf_k,
        (vector_weight, text_weight),
    )

{% endif %}
{%- endif %}
