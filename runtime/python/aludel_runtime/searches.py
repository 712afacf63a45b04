"""Searches for the nearest neighbors of a vector."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Key, Where
from .rows import object_of, parts

__all__ = ["Hit", "IterativeScan", "Method", "Metric", "Search", "nearest"]

M = TypeVar("M")

Metric: TypeAlias = Literal["l2", "inner_product", "cosine", "l1", "hamming", "jaccard"]
IterativeScan: TypeAlias = Literal["off", "strict_order", "relaxed_order"]
Method: TypeAlias = Literal["hnsw", "ivfflat", "exact"]


@dataclass(slots=True)
class Hit(Generic[M]):
    """One row and its distance."""

    row: M
    distance: float


def hit_of(model: type[M], row: Sequence[Any]) -> Hit[M]:
    """A row of ``parts`` and its distance."""
    return Hit(object_of(model, row[:-1]), float(row[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How to search."""

    method: Method
    other: Method | None = None
    k: int
    where: Where = ()
    filtered: bool = False
    max_distance: float | None = None
    effort: int | None = None
    iterative_scan: IterativeScan | None = None
    max_scan_tuples: int | None = None
    exact: bool = False

    def settings(self) -> dict[str, str]:
        """What the search must set; empty where the defaults do.

        An HNSW scan gives at most ``hnsw.ef_search`` rows (40 unless set), IVFFlat
        what is in ``ivfflat.probes`` lists, and a filter is applied to those
        afterwards, as are deletions since the last VACUUM. Settings that the planner
        reads are lost on a generic plan kept from earlier runs, hence
        force_custom_plan.
        """
        custom = {"plan_cache_mode": "force_custom_plan"}
        if self.exact:
            return {"enable_indexscan": "off"} | custom
        s: dict[str, str] = {}
        # The planner may take either of two indexes.
        if "hnsw" in (self.method, self.other):
            if self.effort is not None and self.method == "hnsw":
                s["hnsw.ef_search"] = str(min(max(self.effort, 1), 1000))
            elif self.k > 40:
                s["hnsw.ef_search"] = str(min(self.k, 1000))
            scan = self.iterative_scan
            if scan is None and (self.filtered or self.k > 40):
                scan = "strict_order"
            if scan is not None:
                s["hnsw.iterative_scan"] = scan
            if self.max_scan_tuples is not None:
                s["hnsw.max_scan_tuples"] = str(self.max_scan_tuples)
        if "ivfflat" in (self.method, self.other):
            if self.effort is not None and self.method == "ivfflat":
                s["ivfflat.probes"] = str(min(max(self.effort, 1), 32768))
            if self.relaxed():
                s["ivfflat.iterative_scan"] = "relaxed_order"
        # The planner does not count reading vectors out of TOAST, and falls to a
        # sequential scan as more is looked for.
        return s | {"enable_seqscan": "off"} | custom if s else s

    def relaxed(self) -> bool:
        """Whether rows are returned in an approximate order."""
        if self.exact or self.method == "exact" or self.iterative_scan == "off":
            return False
        if self.iterative_scan == "relaxed_order":
            return True
        if "ivfflat" not in (self.method, self.other):
            return False
        # IVFFlat scans on in no other order.
        told = self.iterative_scan is not None or self.effort is None
        return told or self.filtered or self.method == "hnsw"


@asynccontextmanager
async def applied(
    session: AsyncSession, settings: dict[str, str]
) -> AsyncIterator[None]:
    """Settings for the statements inside only, in the session's transaction.

    The savepoint is made on the connection, not on the session, so that rolling it
    back expires no loaded object; what is pending is flushed first, so that it is
    not rolled back.
    """
    await session.flush()
    if not settings:
        yield
        return
    connection = await session.connection()
    await connection.exec_driver_sql("SAVEPOINT search")
    try:
        change = (sa.func.set_config(n, v, True) for n, v in settings.items())
        await connection.execute(sa.select(*change))
        with session.no_autoflush:
            yield
    except Exception:
        await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT search")
        raise
    # Not on cancellation: SQLAlchemy has dropped the connection by then.
    await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT search")
    await connection.exec_driver_sql("RELEASE SAVEPOINT search")


def limit_of(n: int, settings: dict[str, str]) -> sa.ColumnElement[int]:
    """A generic plan takes a tenth of the table for a parameter in LIMIT, and leaves
    the index alone: so a literal where no settings go along, and a parameter where
    they do, as they hold force_custom_plan."""
    if settings:
        return sa.literal(n, sa.Integer)
    return sa.literal_column(str(int(n)), sa.Integer)


async def nearest(
    session: AsyncSession,
    model: type[M],
    distance: sa.ColumnElement[float],
    search: Search,
) -> list[Hit[M]]:
    """The rows that are nearest.

    A bound on the distance is no condition for the server, which would scan on and look
    for more. And it takes a relaxed order for the right one, and would not sort it.
    """
    settings = search.settings()
    stmt = sa.select(*parts(model), distance.label("distance")).where(*search.where)
    stmt = stmt.order_by(distance).limit(limit_of(search.k, settings))
    async with applied(session, settings):
        hits = [hit_of(model, row) for row in await session.execute(stmt)]
    if search.max_distance is not None:
        hits = [hit for hit in hits if hit.distance <= search.max_distance]
    if search.relaxed():
        # NaN comes last, as it does in the server.
        hits.sort(key=lambda hit: (math.isnan(hit.distance), hit.distance))
    return hits


def numbered(key: Key) -> list[Any]:
    """Columns of a key by names that no other part of a search has."""
    return [column.label(f"k{i}") for i, column in enumerate(key)]
