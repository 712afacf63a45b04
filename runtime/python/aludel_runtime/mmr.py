"""Maximal marginal relevance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import mul
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncSession

from .rows import parts
from .searches import Hit, Search, by_distance, hit_of, limit_of, searched

__all__ = ["nearest_mmr"]

M = TypeVar("M")


async def nearest_mmr(
    session: AsyncSession,
    model: type[M],
    vector: orm.InstrumentedAttribute[Any],
    distance: sa.ColumnElement[float],
    query: Iterable[float],
    search: Search,
    k: int,
    weight: float,
) -> list[Hit[M]]:
    """Of the nearest rows those that are close and yet differ."""
    # Under a name of its own, as the rows may have the vector, too.
    other = vector.label("vector")
    stmt: Any = sa.select(other, *parts(model), distance.label("distance"))
    stmt = stmt.where(*search.where, *search.filter).order_by(distance)
    stmt = stmt.limit(limit_of(search.k, search))
    rows = sorted(
        await searched(session, model, stmt, search, search.k), key=by_distance
    )
    picked = mmr(query, [row[0] for row in rows], k, weight)
    return [hit_of(model, rows[i][1:]) for i in picked]


def mmr(
    query: Iterable[float],
    candidates: Sequence[Iterable[float]],
    k: int,
    weight: float,
) -> list[int]:
    """Greedy maximal marginal relevance over cosine similarity; places, best first."""

    def unit(v: Iterable[float]) -> list[float]:
        norm = math.hypot(*v) or 1.0
        return [x / norm for x in v]

    def dot(a: Sequence[float], b: Sequence[float]) -> float:
        return float(sum(map(mul, a, b)))

    units = [unit(c) for c in candidates]
    q = unit(query)
    near = [dot(q, u) for u in units]
    same = [0.0] * len(units)
    left, picked = list(range(len(units))), list[int]()
    while left and len(picked) < k:
        best = max(left, key=lambda i: (weight * near[i] - (1 - weight) * same[i], -i))
        left.remove(best)
        picked.append(best)
        for i in left:
            s = dot(units[i], units[best])
            same[i] = s if len(picked) == 1 else max(same[i], s)
    return picked
