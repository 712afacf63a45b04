"""Reading rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Key, Where

__all__ = ["Loose"]

M = TypeVar("M")

# Existing objects of the session are read again rather than left as they were.
FRESH = {"populate_existing": True}


class Loose:
    """Mixed into models without a key that a session could tell rows apart by. Objects of
    such a model are in no session: each read makes new ones."""


def parts(model: type[Any]) -> list[Any]:
    """What a statement selects to get rows of a model."""
    return light(model) if issubclass(model, Loose) else [model]


def light(model: type[Any], full: Key = ()) -> list[Any]:
    """The columns that are not deferred, and those asked for."""
    wanted = {column.key for column in full}
    every = orm.class_mapper(model).column_attrs
    chosen = [it for it in every if not it.deferred or it.key in wanted]
    return [getattr(model, it.key) for it in chosen or every]


def object_of(model: type[M], row: Sequence[Any]) -> M:
    """A row of what ``parts`` selects."""
    if issubclass(model, Loose):
        return cast("M", detached(model, parts(model), row))
    return cast("M", row[0])


def detached(model: type[M], columns: Sequence[Any], row: Sequence[Any]) -> M:
    """An object that is in no session."""
    made: M = orm.class_mapper(model).class_manager.new_instance()
    for column, value in zip(columns, row, strict=True):
        orm.attributes.set_committed_value(made, column.key, value)
    orm.make_transient_to_detached(cast("Any", made))
    return made


async def objects(
    session: AsyncSession, model: type[M], stmt: sa.Executable
) -> list[M]:
    """The rows of a statement that selects ``parts``."""
    return [object_of(model, row) for row in await session.execute(stmt)]


async def first(session: AsyncSession, model: type[M], where: Where) -> M | None:
    """The row that a condition identifies."""
    stmt = sa.select(*parts(model)).where(*where)
    row = (await session.execute(stmt)).one_or_none()
    return None if row is None else object_of(model, row)


async def first_full(
    session: AsyncSession, model: type[M], where: Where, full: Key
) -> M | None:
    """The same with deferred columns, as an object that is in no session: the object
    of the session, which others hold and serialize, stays without them."""
    columns = light(model, full)
    row = (await session.execute(sa.select(*columns).where(*where))).one_or_none()
    return None if row is None else detached(model, columns, row)


async def many(
    session: AsyncSession,
    model: type[M],
    key: Key,
    types: Sequence[str],
    keys: Sequence[Any],
) -> list[M]:
    """Rows in the order of their keys; keys without a row are omitted. The server
    decides which keys are equal."""
    if not keys:
        return []
    rows = [tuple(one) if len(key) > 1 else (one,) for one in keys]
    names = [f"k{i}" for i in range(len(key))]
    wanted: Any
    if types:
        columns = zip(key, types, zip(*rows, strict=True), strict=True)
        lists = [several(c.type, name, list(values)) for c, name, values in columns]
        wanted = sa.func.unnest(*lists).table_valued(*names, with_ordinality="n")
        wanted = wanted.render_derived()
    else:
        # unnest() would take an array of arrays apart completely.
        typed = [sa.column(n, c.type) for n, c in zip(names, key, strict=True)]
        wanted = sa.values(*typed, sa.column("n", sa.Integer), name="wanted")
        wanted = wanted.data([(*row, i) for i, row in enumerate(rows)])
    same = [column == wanted.c[n] for n, column in zip(names, key, strict=True)]
    stmt = sa.select(*parts(model)).select_from(model).join(wanted, sa.and_(*same))
    return await objects(session, model, stmt.order_by(wanted.c.n))


class Several(sa.types.UserDefinedType[Any]):
    """An array of values of a type, cast to the bare name of that type: a length in a
    cast would truncate longer values."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, of: sa.types.TypeEngine[Any], name: str) -> None:
        self.of, self.name = of, name

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.name}[]"

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        one = self.of.dialect_impl(dialect).bind_processor(dialect)
        return None if one is None else lambda values: [one(it) for it in values]


def several(of: Any, name: str, values: list[Any]) -> sa.ColumnElement[Any]:
    """Values of a type as one array parameter."""
    if getattr(of, "sent_as_text", False):
        return sa.cast(sa.literal(values, sa.ARRAY(sa.Text)), Several(of, name))
    return sa.literal(values, Several(of, name))


async def some(
    session: AsyncSession, model: type[M], where: Where, limit: int
) -> list[M]:
    """Rows in no order."""
    stmt = sa.select(*parts(model)).where(*where).limit(limit)
    return await objects(session, model, stmt)


async def count(session: AsyncSession, model: type[Any], where: Where) -> int:
    """The number of rows."""
    stmt = sa.select(sa.func.count()).select_from(model).where(*where)
    return int((await session.execute(stmt)).scalar_one())
