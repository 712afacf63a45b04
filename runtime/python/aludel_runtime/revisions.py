"""Types in revisions of Alembic, and the settings of its comparison."""

from __future__ import annotations

import enum
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

__all__ = ["alembic_options"]


class InRevisions:
    """Mixed into types, so that Alembic writes them into a revision by their names in
    SQL.

    Alembic puts the module of a class before its ``__repr__``, and imports only modules
    of SQLAlchemy. As one of those, a type needs no import of this file, which can have
    changed by the time that the revision runs.
    """

    # Whether the driver sends the values as text.
    sent_as_text = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.__module__ = "sqlalchemy.dialects.postgresql"

    def printed(self) -> str | None:
        """The type as PostgreSQL prints it, where the driver has another name."""
        return None

    def copied(self) -> Any:
        """What makes the bytes of a value for COPY, or the type that has them."""
        return None

    def __repr__(self) -> str:
        name = cast("Any", self).get_col_spec()
        # SQLAlchemy 2.1 requires a schema with the names that it knows itself.
        name = f"pg_catalog.{name}" if name in pg.dialect.ischema_names else name
        return f"DOMAIN(sa.quoted_name({name!r}, False), sa.Text(), create_type=False)"


def in_revision(kind: Any) -> str:
    """A type as a part of another one."""
    module = "postgresql" if "dialects" in type(kind).__module__ else "sa"
    return f"{module}.{kind!r}"


def enum_in_revision(kind: type[enum.StrEnum], *more: str) -> str:
    """An enum, which the first table that has it creates."""
    return f"ENUM({', '.join([*(repr(it.value) for it in kind), *more])})"


def render_item(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """``render_item`` of Alembic: our types, and arrays of them, with their import."""
    if kind != "type" or not isinstance(item, InRevisions):
        return False
    text = in_revision(item)
    context.imports.add("from sqlalchemy.dialects import postgresql")
    return text


# Types that SQLAlchemy reads from a database as strings.
UNREADABLE = ("name", '"char"')


def compare_type(
    _context: Any,
    _inspected: sa.Column[Any],
    _column: sa.Column[Any],
    read: sa.types.TypeEngine[Any],
    own: sa.types.TypeEngine[Any],
) -> bool | None:
    """``compare_type`` of Alembic: None leaves it to its own comparison."""
    inner = getattr(read, "item_type", None)
    name = getattr(own, "name", None)
    names = UNREADABLE if inner is None else tuple(f"{it}[]" for it in UNREADABLE)
    if name in names and isinstance(read if inner is None else inner, sa.String):
        return False
    return None


def alembic_options() -> dict[str, Any]:
    """Arguments of ``context.configure`` in ``env.py``::

    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        **models.support.alembic_options(),
    )
    """
    return {
        "compare_type": compare_type,
        "compare_server_default": True,
        "render_item": render_item,
    }
