"""The database compared with the code that was generated for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.asyncio import AsyncSession

from .errors import SchemaDrift
from .kinds import is_printed_as, printed

__all__: list[str] = []

# Types are compared as a session prints them whose search_path is public. A row with a
# trigger before INSERT can get its values there.
COLUMNS = sa.text("""
    SELECT a.attname::text, CASE
        WHEN NOT pg_type_is_visible(e.oid)
        THEN regexp_replace(format_type(a.atttypid, a.atttypmod), '^public[.]', '')
        WHEN n.nspname IN ('pg_catalog', 'public')
        THEN format_type(a.atttypid, a.atttypmod)
        ELSE quote_ident(n.nspname) || '.' || format_type(a.atttypid, a.atttypmod)
        END, a.attnotnull,
        (a.attnotnull OR t.typnotnull) AND NOT a.atthasdef AND a.attidentity = ''
        AND t.typdefault IS NULL AND NOT EXISTS (
            SELECT FROM pg_trigger g WHERE g.tgrelid = a.attrelid
            AND NOT g.tgisinternal AND g.tgtype & 7 = 7)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type e ON e.oid = CASE
        WHEN t.typtype = 'b' AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
    JOIN pg_namespace n ON n.oid = e.typnamespace
    WHERE a.attrelid = to_regclass(:t) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
""")

INDEXES = sa.text("""
    SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = to_regclass(:t) AND i.indisvalid
""")


def name_of(table: sa.Table) -> str:
    """The name of a table, in quotes where it needs them."""
    schema = table.schema or "public"
    return ".".join(
        name if re.fullmatch("[a-z_][a-z0-9_]*", name) else f'"{doubled(name)}"'
        for name in (schema, table.name)
    )


def doubled(name: str) -> str:
    return name.replace('"', '""')


async def verify(
    session: AsyncSession, model: type[Any], indexes: Sequence[str] = ()
) -> None:
    """Compare the columns of a table, and the indexes of its searches, with its code.

    Added columns are ignored unless every insert would fail without them.
    """
    own = cast("sa.Table", orm.class_mapper(model).local_table)
    table = name_of(own)
    rows = await session.execute(COLUMNS, {"t": table})
    live = {name: (kind, not_null, needed) for name, kind, not_null, needed in rows}
    if not live:
        raise SchemaDrift(table, ["there is no such table"])
    differences = []
    for column in own.columns:
        name, not_null = column.name, is_not_null(column)
        if name not in live:
            differences.append(f"no column {name}")
        elif not is_printed_as(column.type, live[name][0]):
            differences.append(f"{name} is {live[name][0]}, not {printed(column.type)}")
        elif live[name][1] != not_null:
            is_now = "NOT NULL" if live[name][1] else "nullable"
            differences.append(f"{name} is {is_now}")
    differences += [
        f"inserts do not set the new column {name}, which is NOT NULL without a default"
        for name, (_, _, needed) in live.items()
        if needed and name not in own.columns
    ]
    if indexes:
        found = set(await session.scalars(INDEXES, {"t": table}))
        differences += [f"no valid index {it}" for it in indexes if it not in found]
    if differences:
        raise SchemaDrift(table, differences)


def is_not_null(column: sa.Column[Any]) -> bool:
    """Whether a column has a NOT NULL constraint; ``info`` says where NULL is excluded
    without one, by a domain or in a view."""
    return not column.nullable and "without_not_null" not in column.info
