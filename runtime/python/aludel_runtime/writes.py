"""The rows of a table, written."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncSession

from . import loading, writing
from .conditions import Where
from .encoders import Encoder
from .kinds import bare, encoder
from .reads import Keyed, Rows, Unique
from .shapes import Create, Patch

__all__ = ["Changes", "Inserts", "Upserts", "Writes"]

M = TypeVar("M")
K = TypeVar("K")
N = TypeVar("N", bound=Create)
P = TypeVar("P", bound=Patch)


class Inserts(Generic[M, N]):
    """Inserting rows. ``attributes`` has the fields whose attributes have another name;
    COPY is not used for the columns ``by_insert``, nor if it is not ``copied``."""

    def __init__(
        self,
        rows: Rows[M],
        new: type[N],
        *,
        attributes: Mapping[str, str] | None = None,
        by_insert: Container[str] = (),
        copied: bool = True,
    ) -> None:
        self.model, self.new = rows.model, new
        self.attributes = attributes or {}
        self.by_insert, self.copied = by_insert, copied

    # Found when they are used: other modules of models may not be imported yet.
    @cached_property
    def kinds(self) -> dict[str, Any]:
        """The types of all columns, by attribute."""
        every = orm.class_mapper(self.model).column_attrs
        return {it.key: it.columns[0].type for it in every}

    @cached_property
    def encoders(self) -> dict[str, Encoder | None]:
        """What makes bytes for COPY, by attribute."""
        return {
            name: encoder(of) if self.copied and name not in self.by_insert else None
            for name, of in self.kinds.items()
        }

    @cached_property
    def types(self) -> dict[str, str]:
        """The types of what can be sent as an array, by attribute."""
        types = {name: bare(of) for name, of in self.kinds.items()}
        return {name: of for name, of in types.items() if of is not None}

    def given(self, new: N) -> dict[str, Any]:
        """The values of attributes."""
        return writing.given(self.model, new, self.attributes)

    async def insert(self, session: AsyncSession, new: N) -> M:
        """Insert a row and read it back."""
        return await writing.insert(session, self.model, self.given(new))

    async def insert_many(self, session: AsyncSession, rows: Iterable[N]) -> int:
        """Load many rows, all or nothing; returns how many. They are inserted with
        COPY, or with INSERT where COPY has no value for a column."""
        given, types = map(self.given, rows), self.types
        model, encoders = self.model, self.encoders
        return await loading.insert_many(session, model, given, encoders, types)


class Writes(Inserts[M, N], Generic[M, K, N]):
    """Writing rows with a key."""

    def __init__(self, rows: Keyed[M, K, Any], new: type[N], **options: Any) -> None:
        super().__init__(rows, new, **options)
        self.rows = rows

    async def upsert(self, session: AsyncSession, new: N) -> M:
        """Insert, or put the given columns into the row that has the same key."""
        model, key = self.model, self.rows.key
        return await writing.upsert(session, model, self.given(new), key)

    async def delete(self, session: AsyncSession, key: K) -> bool:
        """Whether there was such a row."""
        return await writing.delete(session, self.model, self.rows.same(key)) > 0

    async def delete_where(self, session: AsyncSession, where: Where) -> int:
        """The number of deleted rows. An empty ``where`` is an error."""
        return await writing.delete(session, self.model, where)


class Changes(Writes[M, K, N], Generic[M, K, N, P]):
    """Writing rows with a key and other columns."""

    def __init__(
        self, rows: Keyed[M, K, Any], new: type[N], patch: type[P], **options: Any
    ) -> None:
        super().__init__(rows, new, **options)
        self.patch = patch

    async def update(self, session: AsyncSession, key: K, patch: P) -> M | None:
        """Change the columns set in ``patch``. None if there is no such row."""
        values = writing.given(self.model, patch, self.attributes, patch=True)
        same = self.rows.same(key)
        return await writing.update(session, self.model, same, values)


class Upserts(Generic[M, N]):
    """Writing rows by a further key."""

    def __init__(self, unique: Unique[M, Any], inserts: Inserts[M, N]) -> None:
        self.unique, self.inserts = unique, inserts

    async def upsert(self, session: AsyncSession, new: N) -> M:
        """As ``upsert``, by another key than the primary one, which the row keeps."""
        model, given = self.unique.model, self.inserts.given(new)
        return await writing.upsert(session, model, given, self.unique.key)
