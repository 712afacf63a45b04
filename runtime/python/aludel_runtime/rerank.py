"""Searches in two stages."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Key
from .rows import parts
from .searches import Hit, Search, hit_of, limit_of, numbered, searched

__all__ = ["nearest_rerank"]

M = TypeVar("M")


async def nearest_rerank(
    session: AsyncSession,
    model: type[M],
    key: Key,
    candidates: sa.ColumnElement[float],
    distance: sa.ColumnElement[float],
    search: Search,
    k: int,
) -> list[Hit[M]]:
    """Two stages: the rows that ``candidates`` puts first, sorted by ``distance``."""
    ids: Any = sa.select(*numbered(key)).where(*search.where, *search.filter)
    ids = ids.order_by(candidates)
    near = ids.limit(limit_of(search.k, search)).cte("near")
    same = (near.c[f"k{i}"] == column for i, column in enumerate(key))
    stmt: Any = sa.select(*parts(model), distance.label("distance"))
    stmt = stmt.select_from(model).join(near, sa.and_(*same))
    stmt = stmt.order_by(distance).limit(limit_of(k, search))
    rows = await searched(session, model, stmt, search, k)
    return [hit_of(model, row) for row in rows]
