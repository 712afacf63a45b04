"""Pages of rows, each beginning after the last row of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Order, Where
from .rows import objects, parts

__all__ = ["Page"]

M = TypeVar("M")
C = TypeVar("C")


@dataclass(slots=True)
class Page(Generic[M, C]):
    """One page, and where the next one begins; None on the last page."""

    items: list[M]
    next: C | None


async def page(
    session: AsyncSession,
    model: type[M],
    where: Where,
    order: Order,
    after: Sequence[Any] | None,
    limit: int,
) -> tuple[list[M], bool]:
    """Rows after a position, in an order that tells any two rows apart, and whether
    there are more."""
    stmt = sa.select(*parts(model)).where(*where)
    if after is not None:
        stmt = stmt.where(is_after(order, after))
    stmt = stmt.order_by(*(c.desc() if down else c.asc() for c, down in order))
    rows = await objects(session, model, stmt.limit(limit + 1))
    return rows[:limit], len(rows) > limit > 0


def is_after(order: Order, after: Sequence[Any]) -> sa.ColumnElement[bool]:
    """The rows that are sorted after a position."""
    values = [sa.literal(v, c.type) for (c, _), v in zip(order, after, strict=True)]
    columns = [c for c, _ in order]
    if len({down for _, down in order}) == 1:
        # An index answers a comparison of rows as a whole.
        if len(columns) == 1:
            return columns[0] < values[0] if order[0][1] else columns[0] > values[0]
        row, position = sa.tuple_(*columns), sa.tuple_(*values)
        return row < position if order[0][1] else row > position
    choices = []
    for i, (column, down) in enumerate(order):
        same = [c == v for c, v in zip(columns[:i], values, strict=False)]
        last = column < values[i] if down else column > values[i]
        choices.append(sa.and_(*same, last))
    return sa.or_(*choices)
