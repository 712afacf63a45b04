"""Writing many rows: COPY, and INSERT for what has no binary form here."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Container, Iterable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from .encoders import Encoder
from .rows import several

__all__: list[str] = []

# Rows of a statement without COPY.
BATCH = 1000


async def insert_many(
    session: AsyncSession,
    model: type[Any],
    rows: Iterable[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
    types: Mapping[str, str],
) -> int:
    """Load many rows, all or nothing; returns how many.

    COPY has no DEFAULT for single rows, so rows are grouped by the columns that they
    set, with one COPY for each group. A group with a column without an encoder is sent
    with INSERT: in statements of many rows, as arrays of the ``types``, or row by row
    where a column has no type there.
    """
    await session.flush()
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        names = tuple(name for name in encoders if name in row)
        groups.setdefault(names, []).append(row)
    connection = await session.connection()
    # Also makes the driver begin a transaction.
    await connection.exec_driver_sql("SAVEPOINT load")
    try:
        for names, group in groups.items():
            known = {name: encoders[name] for name in names}
            if names and None not in known.values():
                await copy(connection, model, group, known)
            else:
                await insert(connection, model, group, names, types)
    except BaseException:
        # SQLAlchemy drops the connection of a cancelled statement. It does not see a
        # COPY, whose connection stays.
        if not connection.invalidated:
            await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT load")
        raise
    await connection.exec_driver_sql("RELEASE SAVEPOINT load")
    return sum(map(len, groups.values()))


async def insert(
    connection: AsyncConnection,
    model: type[Any],
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    types: Mapping[str, str],
) -> None:
    """Rows that set the same columns, with INSERT."""
    mapper = orm.class_mapper(model)
    columns = mapper.columns
    stmt = sa.insert(cast("sa.Table", mapper.local_table))
    if not names:
        for _ in rows:
            await connection.execute(stmt)
        return
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        if not all(name in types for name in names):
            by_key = [{columns[n].key: row[n] for n in names} for row in batch]
            await connection.execute(stmt, by_key)
            continue
        lists = [
            several(columns[name].type, types[name], [row[name] for row in batch])
            for name in names
        ]
        places = [f"c{i}" for i in range(len(names))]
        given = sa.func.unnest(*lists).table_valued(*places).render_derived()
        query = sa.select(given)
        keys = [columns[name].key for name in names]
        await connection.execute(stmt.from_select(keys, query))


async def copy(
    connection: AsyncConnection,
    model: type[Any],
    rows: Sequence[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
) -> None:
    """Rows that set the same columns, with COPY."""
    raw: Any = (await connection.get_raw_connection()).driver_connection
    mapper = orm.class_mapper(model)
    columns = mapper.columns
    table = cast("sa.Table", mapper.local_table)
    # None is a value of columns of JSON that are NOT NULL.
    told = {name for name in encoders if columns[name].type.should_evaluate_none}
    await raw.copy_to_table(
        table.name,
        schema_name=table.schema or "public",
        columns=[columns[name].name for name in encoders],
        source=binary(rows, encoders, told),
        format="binary",
    )


async def binary(
    rows: Iterable[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
    told: Container[str],
) -> AsyncIterator[bytes]:
    """The body of COPY .. (FORMAT binary), in pieces of about half a megabyte. None is
    NULL unless a column is ``told`` of it."""
    buffer = bytearray(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    for row in rows:
        buffer += struct.pack(">h", len(encoders))
        for name, encode in encoders.items():
            value = row[name]
            if encode is None or (value is None and name not in told):
                buffer += b"\xff\xff\xff\xff"
                continue
            try:
                field = encode(value)
            except (ArithmeticError, TypeError, ValueError, struct.error) as error:
                raise ValueError(f"{name}: {error}") from error
            buffer += struct.pack(">i", len(field)) + field
        if len(buffer) > 1 << 19:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + b"\xff\xff"
