"""Parts of the definition of a table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

__all__ = ["columns_of", "listener"]


def listener(when: str, *statements: str) -> tuple[str, Any]:
    """Further statements of ``create_all`` for a table."""

    def run(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in statements:
            connection.execute(sa.text(statement))

    return when, run


def columns_of(
    name: str, *columns: str, schema: str | None = None
) -> list[sa.Column[Any]]:
    """Columns that a foreign key references where their table has no model, or a name
    has a dot."""
    made = [sa.Column[Any](column) for column in columns]
    return list(sa.Table(name, sa.MetaData(), *made, schema=schema).columns)
