{{ header }}
"""Model, response types and queries for ``{{ sql_name }}``."""

from __future__ import annotations

{{ imports }}

TABLE = {{ regclass }}
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

{{ heads.out }}
    """Response shape{% if no_embedding %}: no embedding{% endif %}."""

    model_config = pydantic.ConfigDict(
        from_attributes=True,
        populate_by_name=True,
        {%- if arbitrary %}
        arbitrary_types_allowed=True,
        {%- endif %}
        {%- if bytes %}
        ser_json_bytes="base64",
        val_json_bytes="base64",
        {%- endif %}
    )
{% for it in out %}
{{ it }}
{%- endfor %}

{% if !searches.is_empty() %}
{{ heads.hit }}
    """A response of a search."""

    {{ hit_distance }}: float

    @classmethod
{{ heads.of }}
{{ heads.row }}
        return cls(**row, {{ hit_distance }}=hit.distance)

{% endif %}
{% if writable %}
{{ heads.create }}
    """The values of ``insert``. An omitted one is the default.
{%- if json_null %}

    None is NULL where a column of JSON can be that. For the null of JSON, set the
    attribute of a row to ``sqlalchemy.JSON.NULL``.
    """
{%- else -%}
    """
{%- endif %}

    model_config = pydantic.ConfigDict(
        extra="forbid",
        populate_by_name=True,
        {%- if arbitrary %}
        arbitrary_types_allowed=True,
        {%- endif %}
        {%- if bytes %}
        ser_json_bytes="base64",
        val_json_bytes="base64",
        {%- endif %}
    )
{% for it in create %}
{{ it }}
{%- endfor %}

{% if has_patch %}
{{ heads.patch }}
    """The values of ``update``. An omitted one is unchanged; None is NULL."""

    model_config = pydantic.ConfigDict(
        extra="forbid",
        populate_by_name=True,
        {%- if arbitrary %}
        arbitrary_types_allowed=True,
        {%- endif %}
        {%- if bytes %}
        ser_json_bytes="base64",
        val_json_bytes="base64",
        {%- endif %}
    )
{% for it in patch %}
{{ it }}
{%- endfor %}

{% endif %}
{% endif %}
{% if paged %}
{{ heads.cursor }}
    """Keyset position in ``list_page`` ({{ order_text }})."""

{% if bytes %}
    model_config = pydantic.ConfigDict(
        populate_by_name=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )
{%- else %}
    model_config = pydantic.ConfigDict(populate_by_name=True)
{%- endif %}
{% for it in cursor %}
{{ it }}
{%- endfor %}

{% endif %}
{%- if hybrid.is_some() %}
{{ heads.ranked }}

{% endif %}
Where = support.Where
_THIS = {{ model }}
{% if writable %}
{{ attributes }}
{{ defaulted }}
{{ encoders }}
{{ types }}
{% endif %}
{%- if has_key %}
{{ key }}
{{ key_types }}

{{ by_key }}
{% endif %}
{%- if paged %}
{{ order }}
{% endif %}

# ---------------------------------------------------------------- read

{% if has_key %}
async def get(
    session: AsyncSession,
{%- for it in key_arguments %}
    {{ it }},
{%- endfor %}
) -> {{ model }} | None:
    """The row with this key."""
{{ by_arguments }}
    return await support.first(session, _THIS, where)

{% if !heavy.is_empty() %}
async def get_full(
    session: AsyncSession,
{%- for it in key_arguments %}
    {{ it }},
{%- endfor %}
) -> {{ model }} | None:
    """As ``get``, with {% if heavy_vectors %}the vectors{% else %}what it leaves out{% endif %}: an object of its own,
    which is in no session."""
{{ by_arguments }}
    full: support.Key = [
{%- for it in heavy %}
        _THIS.{{ it }},
{%- endfor %}
    ]
    return await support.first_full(session, _THIS, where, full)

{% endif %}
async def get_many(
    session: AsyncSession,
{{ key_parameter }}
) -> list[{{ model }}]:
    """Rows in the order of ``keys``, with duplicates; keys without a row are
    omitted."""
    return await support.many(session, _THIS, _KEY, _KEY_TYPES, keys)

{% endif %}
{% for it in uniques %}
async def get_by_{{ it.name }}(
    session: AsyncSession,
{%- for argument in it.arguments %}
    {{ argument }},
{%- endfor %}
) -> {{ model }} | None:
    """The row with this key."""
    where = [
{%- for condition in it.conditions %}
{{ condition }}
{%- endfor %}
    ]
    return await support.first(session, _THIS, where)

{% endfor %}
{% if paged %}
async def list_page(
    session: AsyncSession,
    limit: int = 50,
{{ heads.after }}
    where: Where = (),
{{ page_type }}
    """One page{% if !heavy.is_empty() && heavy_vectors %}, without vectors{% endif %}, sorted by {{ order_text }}. It begins
    behind a row, and page 1000 costs what page 1 costs{{ order_note }}."""
    position = None
    if after is not None:
        position = [
{%- for it in cursor_fields %}
            after.{{ it }},
{%- endfor %}
        ]
    items, more = await support.page(
        session,
        _THIS,
        where,
        _ORDER,
        position,
        limit,
    )
    if not more:
        return support.Page(items, None)
    last = items[-1]
    cursor = {{ model }}Cursor(
{%- for it in cursor_values %}
        {{ it }},
{%- endfor %}
    )
    return support.Page(items, cursor)

{% else %}
async def list_page(
    session: AsyncSession,
    limit: int = 50,
    where: Where = (),
) -> list[{{ model }}]:
    """The first rows, in no order: the table has no key."""
    return await support.some(session, _THIS, where, limit)

{% endif %}
async def count(session: AsyncSession, where: Where = ()) -> int:
    """The number of rows."""
    return await support.count(session, _THIS, where)

{% if writable %}
# ---------------------------------------------------------------- write


{{ heads.given }}
    return support.given(new, _ATTRIBUTE, _DEFAULTED)

async def insert(
    session: AsyncSession,
    new: {{ model }}Create,
) -> {{ model }}:
    """Insert a row and read it back."""
    return await support.insert(session, _THIS, _given(new))

{% if upserts %}
async def upsert(
    session: AsyncSession,
    new: {{ model }}Create,
) -> {{ model }}:
    """Insert, or put the given columns into the row that has the same key."""
    return await support.upsert(session, _THIS, _given(new), _KEY)

{% endif %}
{% for it in uniques %}
async def upsert_on_{{ it.name }}(
    session: AsyncSession,
    new: {{ model }}Create,
) -> {{ model }}:
    """As ``upsert``, by another key than the primary one, which the row keeps."""
    key = [
{%- for column in it.columns %}
        {{ model }}.{{ column }},
{%- endfor %}
    ]
    return await support.upsert(session, _THIS, _given(new), key)

{% endfor %}
async def insert_many(
    session: AsyncSession,
    rows: Iterable[{{ model }}Create],
) -> int:
    """Load many rows, all or nothing; returns how many.

    {{ load_note }}
    """
    values = map(_given, rows)
    return await support.insert_many(session, _THIS, values, _COPY, _TYPES)

{% if has_key %}
{% if has_patch %}
async def update(
    session: AsyncSession,
{%- for it in key_arguments %}
    {{ it }},
{%- endfor %}
    patch: {{ model }}Patch,
) -> {{ model }} | None:
    """Change the columns set in ``patch``. None if there is no such row."""
{{ by_arguments }}
    values = support.given(patch, _ATTRIBUTE)
    return await support.update(session, _THIS, where, values)

{% endif %}
async def delete(
    session: AsyncSession,
{%- for it in key_arguments %}
    {{ it }},
{%- endfor %}
) -> bool:
    """Whether there was such a row."""
{{ by_arguments }}
    return await support.delete(session, _THIS, where) > 0


async def delete_where(session: AsyncSession, where: Where) -> int:
    """The number of deleted rows. An empty ``where`` is an error."""
    return await support.delete(session, _THIS, where)

{% endif %}
{% endif %}
{%- if !searches.is_empty() %}
# ---------------------------------------------------------------- search

{% for it in searches %}
async def nearest{{ it.suffix }}(
    session: AsyncSession,
    query: {{ it.query_type }},
    k: int = 10,
    *,
    where: Where = (),
    max_distance: float | None = None,
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = None,
    iterative_scan: support.IterativeScan | None = None,
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
    return await support.nearest(session, _THIS, distance, search)

{% if has_key %}
async def nearest_to_row{{ it.suffix }}(
    session: AsyncSession,
{%- for argument in key_arguments %}
    {{ argument }},
{%- endfor %}
    k: int = 10,
    *,
    where: Where = (),
    max_distance: float | None = None,
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = None,
{%- endif %}
) -> list[support.Hit[{{ model }}]]:
    """The k rows nearest to the vector of another row, itself left out; none where
    there is no such row. The vector stays in the database."""
    other = orm.aliased(_THIS)
    vector = other.{{ it.attribute }}
    row = sa.select(vector).where(
{%- for condition in other_key %}
{{ condition }}
{%- endfor %}
        vector.is_not(None),
    )
{{ itself }}
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
    return await support.nearest(session, _THIS, distance, search)

{% for rerank in it.reranks %}
async def nearest_rerank{{ rerank.suffix }}(
    session: AsyncSession,
    query: {{ it.query_type }},
    k: int = 10,
    *,
    oversample: int = 20,
    where: Where = (),
{%- if let Some(effort) = rerank.effort %}
    {{ effort }}: int | None = None,
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
        _THIS,
        _KEY,
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
    where: Where = (),
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = None,
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
        _THIS,
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
    where: Where = (),
{%- if let Some(effort) = it.effort %}
    {{ effort }}: int | None = None,
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
        _THIS,
        _KEY,
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
# ---------------------------------------------------------------- drift

_EXPECTED = [
{%- for it in expected %}
{{ it }}
{%- endfor %}
]
{%- if !indexes.is_empty() %}
_INDEXES = [
{%- for it in indexes %}
{{ it }}
{%- endfor %}
]
{%- endif %}


async def verify(session: AsyncSession) -> None:
    """Compare the table with the one that this file was generated for; call it once at
    start. Added columns are ignored, unless inserts would fail without them."""
    await support.verify(session, TABLE, _EXPECTED{% if !indexes.is_empty() %}, _INDEXES{% endif %})
