{{ header }}
"""Model, response types and queries for ``{{ sql_name }}``."""

from __future__ import annotations

{{ imports }}

TABLE = {{ regclass }}
{% for it in vectors -%}
{{ it.constant }}_DIMENSIONS = {{ it.dimensions }}
{% endfor -%}
{% for it in metrics -%}
{{ it.constant }}_METRIC: support.Metric = "{{ it.metric }}"
{% endfor %}

class {{ model }}(support.Base):
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
    """Rows that a partial index has: searches among them use it, and see no others."""
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

class {{ model }}Out(pydantic.BaseModel):
    """Response shape: no embedding."""

    model_config = pydantic.ConfigDict(
        from_attributes=True,
        populate_by_name=True,
        {%- if arbitrary %}
        arbitrary_types_allowed=True,
        {%- endif %}
    )
{% for it in out %}
{{ it }}
{%- endfor %}

{% if !searches.is_empty() %}
class {{ model }}HitOut({{ model }}Out):
    """A response of a search."""

    distance: float

    @classmethod
    def of(cls, hit: support.Hit[{{ model }}]) -> {{ model }}HitOut:
        row = {{ model }}Out.model_validate(hit.row)
        return cls(**row.model_dump(), distance=hit.distance)

{% endif %}
{% if writable %}
class {{ model }}Create(pydantic.BaseModel):
    """What ``insert`` takes. Left out means the default."""

    model_config = pydantic.ConfigDict(
        extra="forbid",
        populate_by_name=True,
        {%- if arbitrary %}
        arbitrary_types_allowed=True,
        {%- endif %}
    )
{% for it in create %}
{{ it }}
{%- endfor %}

{% if has_patch %}
class {{ model }}Patch(pydantic.BaseModel):
    """What ``update`` takes. Left out means unchanged; None means NULL."""

    model_config = pydantic.ConfigDict(
        extra="forbid",
        populate_by_name=True,
        {%- if arbitrary %}
        arbitrary_types_allowed=True,
        {%- endif %}
    )
{% for it in patch %}
{{ it }}
{%- endfor %}

{% endif %}
{% endif %}
{% if paged %}
class {{ model }}Cursor(pydantic.BaseModel):
    """Keyset position in ``list_page`` ({{ order_text }})."""

    model_config = pydantic.ConfigDict(populate_by_name=True)
{% for it in cursor %}
{{ it }}
{%- endfor %}

{% endif %}
{%- if hybrid.is_some() %}
{{ model }}Ranked = support.Ranked[{{ model }}]

{% endif %}
Where = support.Where
_THIS = {{ model }}
{% if writable %}
{{ attributes }}
{{ defaulted }}
{{ encoders }}
{% endif %}
{%- if has_key %}
{{ key }}

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
    where = _by_key({{ key_names }})
    return await support.first(session, _THIS, where)

{% if !heavy.is_empty() %}
async def get_full(
    session: AsyncSession,
{%- for it in key_arguments %}
    {{ it }},
{%- endfor %}
) -> {{ model }} | None:
    """As ``get``, with the vectors."""
    where = _by_key({{ key_names }})
    vectors = [
{%- for it in heavy %}
        orm.undefer(_THIS.{{ it }}),
{%- endfor %}
    ]
    return await support.first(session, _THIS, where, *vectors)

{% endif %}
async def get_many(
    session: AsyncSession,
    keys: Sequence[{{ key_type }}],
) -> list[{{ model }}]:
    """Rows of ``keys`` in the order asked for; those not there are left out."""
    return await support.many(session, _THIS, _KEY, keys)

{% endif %}
{% for it in uniques %}
async def get_by_{{ it.name }}(
    session: AsyncSession,
{%- for argument in it.arguments %}
    {{ argument }},
{%- endfor %}
) -> {{ model }} | None:
    """The row that this key tells from all others."""
    where = [
{%- for condition in it.conditions %}
        {{ condition }},
{%- endfor %}
    ]
    return await support.first(session, _THIS, where)

{% endfor %}
{% if paged %}
async def list_page(
    session: AsyncSession,
    limit: int = 50,
    after: {{ model }}Cursor | None = None,
    where: Where = (),
{{ page_type }}
    """One page, without vectors, in the order {{ order_text }}. Keyset,
    so page 1000 costs what page 1 costs{{ order_note }}."""
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
    """The first rows, in no order: nothing tells two of them apart."""
    stmt = sa.select(_THIS).where(*where).limit(limit)
    return list((await session.scalars(stmt)).all())

{% endif %}
async def count(session: AsyncSession, where: Where = ()) -> int:
    """How many rows there are."""
    return await support.count(session, _THIS, where)

{% if writable %}
# ---------------------------------------------------------------- write


def _given(new: {{ model }}Create) -> dict[str, Any]:
    return support.given(new, _ATTRIBUTE, _DEFAULTED)

async def insert(
    session: AsyncSession,
    new: {{ model }}Create,
) -> {{ model }}:
    """Insert a row and read it back."""
    return await support.insert(session, _THIS, _given(new))

{% if has_key %}
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
    """As ``upsert``, by another key."""
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
    """Load many rows, all or nothing; returns how many."""
    values = map(_given, rows)
    return await support.insert_many(session, _THIS, values, _COPY)

{% if has_key %}
{% if has_patch %}
async def update(
    session: AsyncSession,
{%- for it in key_arguments %}
    {{ it }},
{%- endfor %}
    patch: {{ model }}Patch,
) -> {{ model }} | None:
    """Change the columns that are set in ``patch``. None where no such row is."""
    where = _by_key({{ key_names }})
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
    where = _by_key({{ key_names }})
    return await support.delete(session, _THIS, where) > 0


async def delete_where(session: AsyncSession, where: Where) -> int:
    """How many rows went. An empty ``where`` is refused."""
    return await support.delete(session, _THIS, where)

{% endif %}
{% endif %}
{%- if !searches.is_empty() %}
# ---------------------------------------------------------------- search

{% if !has_key %}
_KEY: support.Key = []
{% endif %}
{% for it in searches %}
async def nearest{{ it.suffix }}(
    session: AsyncSession,
    query: {{ it.query_type }},
    k: int = 10,
    *,
    where: Where = (),
    max_distance: float | None = None,
    {{ it.effort }}: int | None = None,
    iterative_scan: support.IterativeScan | None = None,
    max_scan_tuples: int | None = None,
    exact: bool = False,
) -> list[support.Hit[{{ model }}]]:
    """{{ it.note }}"""
    search = support.Search(
        method="{{ it.method }}",
        k=k,
{{ it.conditions }}
        filtered=bool(where),
        max_distance=max_distance,
        effort={{ it.effort }},
        iterative_scan=iterative_scan,
        max_scan_tuples=max_scan_tuples,
        exact=exact,
    )
    distance = {{ it.distance }}(query)
    return await support.nearest(session, _THIS, _KEY, distance, search)

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
    {{ it.effort }}: int | None = None,
) -> list[support.Hit[{{ model }}]]:
    """The k rows nearest to the vector of another row, itself left out; none where
    there is no such row. The vector stays in the database."""
    other = orm.aliased(_THIS)
    row = sa.select(other.{{ it.attribute }}).where(
{%- for condition in other_key %}
        {{ condition }},
{%- endfor %}
        other.{{ it.attribute }}.is_not(None),
    )
    itself = sa.and_(*_by_key({{ key_names }}))
    search = support.Search(
        method="{{ it.method }}",
        k=k,
        where=[
            sa.not_(itself),
            row.exists(),
            *where,
{%- if it.nullable %}
            {{ model }}.{{ it.attribute }}.is_not(None),
{%- endif %}
        ],
        filtered=True,
        max_distance=max_distance,
        effort={{ it.effort }},
    )
    distance = {{ it.distance }}(row.scalar_subquery())
    return await support.nearest(session, _THIS, _KEY, distance, search)

{% for rerank in it.reranks %}
async def nearest_rerank{{ rerank.suffix }}(
    session: AsyncSession,
    query: {{ it.query_type }},
    k: int = 10,
    *,
    oversample: int = 20,
    where: Where = (),
) -> list[support.Hit[{{ model }}]]:
    """Two stages: ``k * oversample`` candidates by {{ rerank.first }} over
    {{ rerank.index }}, then the exact {{ it.phrase }} of those."""
{{ rerank.candidates }}
    search = support.Search(
        method="{{ rerank.method }}",
        k=k * max(oversample, 1),
{{ rerank.conditions }}
        filtered={{ rerank.filtered }},
    )
    distance = {{ it.distance }}(query)
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
) -> list[support.Hit[{{ model }}]]:
    """Maximal marginal relevance: of the ``fetch_k`` nearest, ``k`` are picked for
    closeness (weight 1.0) against variety (weight 0.0)."""
    search = support.Search(
        method="{{ it.method }}",
        k=fetch_k,
{{ it.conditions }}
        filtered=bool(where),
    )
    return await support.nearest_mmr(
        session,
        _THIS,
        {{ model }}.{{ it.attribute }},
        {{ it.distance }}(query),
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
) -> list[{{ model }}Ranked]:
    """Vector and full-text search fused by reciprocal rank in one statement.
    ``text_query`` is what a person types (websearch_to_tsquery{{ it.config_note }})."""
    search = support.Search(
        method="{{ it.method }}",
        k=candidates or max(4 * k, 40),
{{ it.conditions }}
        filtered=bool(where),
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
        {{ it.distance }}(query),
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


async def verify(session: AsyncSession) -> None:
    """Compare the live table with what this file was generated for; call it once at
    start. Columns added since are no drift."""
    await support.verify(session, TABLE, _EXPECTED)
