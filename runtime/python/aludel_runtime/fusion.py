"""Vector and full-text search in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Key, Where
from .rows import object_of, parts
from .searches import Search, limit_of, numbered, searched

__all__ = ["Ranked", "hybrid"]

M = TypeVar("M")


@dataclass(slots=True)
class Ranked(Generic[M]):
    """One row of a hybrid search: larger scores are better, ranks begin at 1."""

    row: M
    score: float
    vector_rank: int | None
    text_rank: int | None


def ranked(model: type[M], row: Sequence[Any]) -> Ranked[M]:
    """A row of ``parts``, its score and its ranks."""
    score, vector_rank, text_rank = row[-3:]
    return Ranked(object_of(model, row[:-3]), score, vector_rank, text_rank)


async def hybrid(
    session: AsyncSession,
    model: type[M],
    key: Key,
    distance: sa.ColumnElement[float],
    document: Any,
    tsquery: sa.ColumnElement[Any],
    search: Search,
    k: int,
    text_where: Where,
    rrf_k: float,
    weights: tuple[float, float],
) -> list[Ranked[M]]:
    """Vector and full-text search fused by reciprocal rank in one statement."""
    n = limit_of(search.k, search)
    names = [f"k{i}" for i in range(len(key))]

    ids = sa.select(*numbered(key), distance.label("distance"))
    ids = ids.where(*search.where, *search.filter)
    near = ids.order_by(distance).limit(n).subquery("near")
    ties = [near.c[name] for name in names]
    rank = sa.func.row_number().over(order_by=(near.c.distance, *ties))
    v = sa.select(*ties, rank.label("rank")).cte("v")

    relevance = sa.func.ts_rank_cd(document, tsquery)
    matches = document.op("@@", is_comparison=True)(tsquery)
    ids = sa.select(*numbered(key), relevance.label("relevance"))
    ids = ids.where(matches, *text_where)
    found = ids.order_by(relevance.desc(), *key).limit(n).subquery("found")
    ties = [found.c[name] for name in names]
    rank = sa.func.row_number().over(order_by=(found.c.relevance.desc(), *ties))
    t = sa.select(*ties, rank.label("rank")).cte("t")

    zero = sa.literal(0.0)
    vector_part = weights[0] / (rrf_k + sa.cast(v.c.rank, sa.Float))
    text_part = weights[1] / (rrf_k + sa.cast(t.c.rank, sa.Float))
    score = sa.func.coalesce(vector_part, zero) + sa.func.coalesce(text_part, zero)
    both = [sa.func.coalesce(v.c[name], t.c[name]).label(name) for name in names]
    ranks = (v.c.rank.label("vector_rank"), t.c.rank.label("text_rank"))
    same = sa.and_(*(v.c[name] == t.c[name] for name in names))
    fused = (
        sa.select(*both, score.label("score"), *ranks)
        .select_from(v.join(t, same, full=True))
        .order_by(score.desc(), *both)
        .limit(limit_of(k, search))
        .cte("fused")
    )
    again = [fused.c[n] == column for n, column in zip(names, key, strict=True)]
    stmt: Any = sa.select(
        *parts(model), fused.c.score, fused.c.vector_rank, fused.c.text_rank
    )
    stmt = stmt.select_from(model).join(fused, sa.and_(*again))
    stmt = stmt.order_by(fused.c.score.desc(), *key)
    # The text can find rows that the vectors do not, so too few of those are not seen.
    rows = await searched(session, model, stmt, search, 0, one_pass=False)
    return [ranked(model, row) for row in rows]
