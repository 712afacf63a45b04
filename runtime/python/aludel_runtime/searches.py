"""Searches for the nearest neighbors of a vector."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from .choice import BEFORE, EXACT, FORCED, NAMES, Chosen, choose, returned
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
    # The bytes of a vector, and m of an HNSW index.
    bytes: int
    m: int = 16
    # The conditions of the search, and those of the caller, which leave rows out.
    where: Where = ()
    filter: Where = ()
    # The row that the vector is of.
    itself: sa.ColumnElement[bool] | None = None
    max_distance: float | None = None
    effort: int | None = None
    iterative_scan: IterativeScan | None = None
    max_scan_tuples: int | None = None
    exact: bool = False

    @property
    def wanted(self) -> int:
        """How many rows are looked for: with the row itself, which is one of them."""
        return self.k if self.itself is None else self.k + 1

    def settings(self) -> tuple[dict[str, str], bool] | None:
        """What the search sets, and whether fewer rows than wanted are all there are;
        nothing where the server chooses.

        An HNSW scan gives at most ``hnsw.ef_search`` rows, IVFFlat what is in
        ``ivfflat.probes`` lists, and a filter is applied to those.
        """
        if self.exact:
            return EXACT, True
        methods = {self.method, self.other} - {None, "exact"}
        if not methods:
            return {}, True
        told = (self.effort, self.iterative_scan, self.max_scan_tuples)
        if methods == {"hnsw"} and told == (None, None, None):
            return None
        s: dict[str, str] = {}
        # Only this one is told how far it is read.
        effort = None if self.effort is None else max(self.effort, 1)
        # The planner may take either of two indexes.
        if "hnsw" in methods:
            of_hnsw = effort if self.method == "hnsw" else None
            candidates = max(40, self.wanted) if of_hnsw is None else of_hnsw
            s["hnsw.ef_search"] = str(min(candidates, 1000))
            scan = "off" if self.filter else "relaxed_order"
            s["hnsw.iterative_scan"] = self.iterative_scan or scan
            if self.max_scan_tuples is not None:
                s["hnsw.max_scan_tuples"] = str(max(self.max_scan_tuples, 1))
        if "ivfflat" in methods:
            lists = effort if self.method == "ivfflat" else None
            if lists is not None:
                s["ivfflat.probes"] = str(min(lists, 32768))
            one_pass = lists is not None and not self.filter
            off = self.iterative_scan == "off" or (
                self.iterative_scan is None and one_pass
            )
            # IVFFlat scans on in no other order.
            s["ivfflat.iterative_scan"] = "off" if off else "relaxed_order"
        bounded = self.iterative_scan is not None or self.max_scan_tuples is not None
        complete = bounded or s.get("ivfflat.iterative_scan") == "relaxed_order"
        return FORCED | s, complete


async def set_all(
    connection: AsyncConnection, settings: dict[str, str], *first: sa.Label[Any]
) -> sa.Row[Any]:
    """Sets until the end of the transaction; returns what is selected ``first``."""
    change = (sa.func.set_config(n, v, True) for n, v in settings.items())
    return (await connection.execute(sa.select(*first, *change))).one()


# The settings as they were.
OLD: sa.Label[Any] = sa.literal_column(f"ARRAY[{BEFORE}]").label("before")


# A setting that was not there gets its default.
RESTORE = sa.text(
    "SELECT count(set_config(name, value, true))"
    " FROM unnest(CAST(:names AS text[]), CAST(:before AS text[])) old(name, value)"
)


async def searched(
    session: AsyncSession,
    model: type[Any],
    stmt: sa.Executable,
    search: Search,
    wanted: int,
    one_pass: bool = True,
) -> list[Any]:
    """Runs a statement with settings, which end with it; and again if it finds fewer rows
    than wanted and there can be more: with more of the index, then without it.

    What is pending is flushed first, so that it is found. After an error the transaction
    or the savepoint of the caller is rolled back, and the settings with it. On
    cancellation SQLAlchemy has dropped the connection.
    """
    if session.new or session.dirty or session.deleted:
        await session.flush()
    settings = search.settings()
    if settings is not None and not settings[0]:
        return list(await session.execute(stmt))
    connection = await session.connection()
    if settings is None:
        table = sa.inspect(model).local_table
        relation = connection.dialect.identifier_preparer.format_table(table)
        size, k = (search.bytes, search.m), search.wanted
        first = choose(model, search.filter, k, size, one_pass)
        found = await connection.execute(first, {"k": max(k, 1), "relation": relation})
        one: Any = found.one()
        exact, effort, once, before = one[:4]
        chosen = Chosen(exact, effort if once else None)
    else:
        before = (await set_all(connection, settings[0], OLD))[0]
        chosen = Chosen(settings[1])
    restored = {"names": NAMES, "before": before}
    try:
        with session.no_autoflush:
            rows = (await session.execute(stmt)).all()
            if len(rows) < wanted and not chosen.complete:
                more = chosen.more(len(rows), wanted)
                if more is not None:
                    again = {"hnsw.ef_search": str(more), "hnsw.iterative_scan": "off"}
                    await set_all(connection, FORCED | again)
                    rows = (await session.execute(stmt)).all()
                if len(rows) < wanted:
                    await set_all(connection, {"enable_sort": "on"} | EXACT)
                    rows = (await session.execute(stmt)).all()
    except Exception:
        # Where a value cannot be read, the transaction continues.
        with suppress(exc.SQLAlchemyError):
            await connection.execute(RESTORE, restored)
        raise
    await connection.execute(RESTORE, restored)
    return list(rows)


def limit_of(n: int, search: Search) -> sa.ColumnElement[int]:
    """A generic plan takes a tenth of the table for a parameter in LIMIT, and leaves
    the index alone: so a literal where no settings go along, and a parameter where
    they do, as they hold force_custom_plan."""
    settings = search.settings()
    if settings is None or settings[0]:
        return sa.literal(n, sa.Integer)
    return sa.literal_column(str(int(n)), sa.Integer)


def by_distance(row: Any) -> tuple[bool, float]:
    """The order of the server, in which NaN comes last."""
    return math.isnan(row.distance), row.distance


async def nearest(
    session: AsyncSession,
    model: type[M],
    distance: sa.ColumnElement[float],
    search: Search,
) -> list[Hit[M]]:
    """The rows that are nearest.

    A bound on the distance, and that the row itself is left out, are no conditions for the
    server, which would scan on and look for more. An index returns rows in a relaxed order.
    """
    itself = () if search.itself is None else (search.itself.label("itself"),)
    stmt = sa.select(*itself, *parts(model), distance.label("distance"))
    stmt = stmt.where(*search.where, *search.filter).order_by(distance)
    stmt = stmt.limit(limit_of(returned(search.wanted), search))
    rows = await searched(session, model, stmt, search, search.wanted)
    if itself:
        rows = [row[1:] for row in rows if not row[0]]
    hits = [hit_of(model, row) for row in rows]
    if search.max_distance is not None:
        hits = [hit for hit in hits if hit.distance <= search.max_distance]
    return sorted(hits, key=by_distance)[: search.k]


def numbered(key: Key) -> list[Any]:
    """Columns of a key by names that no other part of a search has."""
    return [column.label(f"k{i}") for i, column in enumerate(key)]
