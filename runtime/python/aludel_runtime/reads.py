"""The rows of a table or view, read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncSession

from .conditions import Key, Order, Where
from .drift import verify
from .kinds import bare
from .pages import Page, page
from .rows import count, first, first_full, many, some
from .shapes import Cursor

__all__ = ["Keyed", "Unique", "Unkeyed"]

M = TypeVar("M")
K = TypeVar("K")
C = TypeVar("C", bound=Cursor)


class Rows(Generic[M]):
    """The rows of a table or view; ``indexes`` are those of its searches."""

    def __init__(self, model: type[M], *, indexes: Sequence[str] = ()) -> None:
        self.model, self.indexes = model, indexes

    async def count(self, session: AsyncSession, where: Where = ()) -> int:
        """The number of rows."""
        return await count(session, self.model, where)

    async def verify(self, session: AsyncSession) -> None:
        """Compare the table with the code that was generated for it; call it once at
        start. Added columns are ignored, unless inserts would fail without them."""
        await verify(session, self.model, self.indexes)


class Unkeyed(Rows[M]):
    """Rows without a key."""

    async def list_page(
        self, session: AsyncSession, limit: int = 50, where: Where = ()
    ) -> list[M]:
        """The first rows, in no order: the table has no key."""
        return await some(session, self.model, where, limit)


class Keyed(Rows[M], Generic[M, K, C]):
    """Rows with a key, a tuple if it has several columns. Pages are sorted by it, or by
    another order that ends with it."""

    def __init__(
        self,
        model: type[M],
        _key: type[K] | None,
        cursor: type[C],
        *,
        order: Order = (),
        indexes: Sequence[str] = (),
    ) -> None:
        super().__init__(model, indexes=indexes)
        self.cursor, self._order = cursor, order

    # Found when they are used: other modules of models may not be imported yet.
    @cached_property
    def key(self) -> Key:
        """The columns of the key."""
        mapper = orm.class_mapper(self.model)
        table = cast("sa.Table", mapper.local_table)
        names = [mapper.get_property_by_column(it).key for it in table.primary_key]
        return [getattr(self.model, name) for name in names]

    @cached_property
    def order(self) -> Order:
        """The order of pages."""
        return self._order or [(column, False) for column in self.key]

    @cached_property
    def types(self) -> list[str | None]:
        """The types of the columns of the key."""
        return [bare(column.type) for column in self.key]

    def same(self, key: K, of: Any = None) -> list[sa.ColumnElement[bool]]:
        """That a row, of the table or of an alias, has this key."""
        values: Any = key if len(self.key) > 1 else (key,)
        of = of or self.model
        both = zip(self.key, values, strict=True)
        return [getattr(of, column.key) == value for column, value in both]

    async def get(self, session: AsyncSession, key: K) -> M | None:
        """The row with this key."""
        return await first(session, self.model, self.same(key))

    async def get_full(self, session: AsyncSession, key: K) -> M | None:
        """As ``get``, with what it leaves out: an object that is in no session."""
        every = orm.class_mapper(self.model).column_attrs
        wanted = (it for it in every if it.deferred)
        full = [getattr(self.model, it.key) for it in wanted if is_read(it)]
        return await first_full(session, self.model, self.same(key), full)

    async def get_many(self, session: AsyncSession, keys: Sequence[K]) -> list[M]:
        """Rows in the order of ``keys``, with duplicates; keys without a row are
        omitted."""
        types = [it for it in self.types if it is not None]
        known = types if len(types) == len(self.key) else []
        return await many(session, self.model, self.key, known, keys)

    async def list_page(
        self,
        session: AsyncSession,
        limit: int = 50,
        after: C | None = None,
        where: Where = (),
    ) -> Page[M, C]:
        """One page. It begins behind a row, and page 1000 costs what page 1 costs."""
        names = list(self.cursor.model_fields)
        position = None if after is None else [getattr(after, it) for it in names]
        model, order = self.model, self.order
        rows, more = await page(session, model, where, order, position, limit)
        if not more:
            return Page(rows, None)
        values = (getattr(rows[-1], column.key) for column, _ in order)
        return Page(rows, self.cursor(**dict(zip(names, values, strict=True))))


def is_read(attribute: orm.ColumnProperty[Any]) -> bool:
    """Whether it is not for the server alone."""
    return not isinstance(attribute.columns[0].type, pg.TSVECTOR)


class Unique(Generic[M, K]):
    """A further key."""

    def __init__(
        self,
        model: type[M],
        _key: type[K] | None,
        *columns: orm.InstrumentedAttribute[Any],
    ) -> None:
        self.model, self.key = model, columns

    async def get(self, session: AsyncSession, key: K) -> M | None:
        """The row with this key."""
        values: Any = key if len(self.key) > 1 else (key,)
        both = zip(self.key, values, strict=True)
        same = [column == value for column, value in both]
        return await first(session, self.model, same)
