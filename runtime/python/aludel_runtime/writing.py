"""Writing single rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

import pydantic
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Key, Where
from .rows import FRESH, Loose, first, object_of, parts

__all__: list[str] = []

M = TypeVar("M")


def given(
    model: type[Any],
    new: pydantic.BaseModel,
    attributes: Mapping[str, str],
    *,
    patch: bool = False,
) -> dict[str, Any]:
    """What is set, by attribute. In a new row None means the default where a column is
    NOT NULL."""
    columns = orm.class_mapper(model).columns
    values = {}
    for field in type(new).model_fields:
        if field not in new.model_fields_set:
            continue
        name, value = attributes.get(field, field), getattr(new, field)
        if value is None and not patch and is_default(columns[name]):
            continue
        values[name] = value
    return values


def is_default(column: sa.Column[Any]) -> bool:
    """Whether None cannot be a value of a column: neither NULL nor the null of JSON."""
    return not column.nullable and not column.type.should_evaluate_none


async def written(
    session: AsyncSession, model: type[M], stmt: Any, full: Iterable[str] = ()
) -> M | None:
    """The row that a statement has written; None if it has written none."""
    stmt = stmt.returning(*parts(model))
    if full:
        stmt = stmt.options(*(orm.undefer(getattr(model, name)) for name in full))
    row = (await session.execute(stmt, execution_options=FRESH)).one_or_none()
    return None if row is None else object_of(model, row)


def loaded(session: AsyncSession, model: type[Any]) -> set[str]:
    """Deferred columns that an object of the session has loaded. What writes a row reads
    these, too: all that is not read again is forgotten."""
    if issubclass(model, Loose):
        return set()
    deferred = {it.key for it in orm.class_mapper(model).column_attrs if it.deferred}
    if not deferred:
        return deferred
    held = (it for it in session.identity_map.values() if isinstance(it, model))
    return deferred.intersection(name for one in held for name in one.__dict__)


async def insert(session: AsyncSession, model: type[M], values: Mapping[str, Any]) -> M:
    """Insert a row and read it back."""
    stmt = sa.insert(model)
    stmt = stmt.values(dict(values)) if values else stmt.values()
    return cast("M", await written(session, model, stmt))


async def upsert(
    session: AsyncSession,
    model: type[M],
    values: Mapping[str, Any],
    key: Key,
) -> M:
    """Insert, or put the given values into the row that has the same key. That row
    keeps its primary key, which others can reference."""
    stmt = pg.insert(model)
    stmt = stmt.values(dict(values)) if values else stmt.values()
    mapper = orm.class_mapper(model)
    columns = mapper.columns
    table = cast("sa.Table", mapper.local_table)
    kept = {column.name for column in table.primary_key}
    kept |= {columns[column.key].name for column in key}
    taken = [n for n in values if columns[n].name not in kept] or [key[0].key]
    change = {columns[n].name: stmt.excluded[columns[n].key] for n in taken}
    stmt = stmt.on_conflict_do_update(index_elements=list(key), set_=change)
    row = await written(session, model, stmt, loaded(session, model))
    return cast("M", row)


async def update(
    session: AsyncSession,
    model: type[M],
    where: Where,
    values: Mapping[str, Any],
) -> M | None:
    """Change a row and read it back. None if there is no such row."""
    if not values:
        return await first(session, model, where)
    stmt = sa.update(model).where(*where).values(dict(values))
    return await written(session, model, stmt, loaded(session, model))


async def delete(session: AsyncSession, model: type[Any], where: Where) -> int:
    """The number of deleted rows. An empty condition is an error."""
    if not where:
        raise ValueError("no condition")
    result = await session.execute(sa.delete(model).where(*where))
    return cast("sa.CursorResult[Any]", result).rowcount
