"""Columns of enums."""

from __future__ import annotations

import enum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from .errors import UnknownLabel
from .revisions import InRevisions, enum_in_revision

__all__ = ["Labels", "OpenEnum"]


class Labels(InRevisions, sa.types.TypeDecorator[Any]):
    """An enum stored by the labels of its members; SQLAlchemy would use their names."""

    impl = sa.Enum
    cache_ok = True
    is_enum = True

    def __init__(
        self,
        kind: type[enum.StrEnum],
        name: str,
        schema: str | None = None,
        create_type: bool = True,
    ) -> None:
        self.kind, self.name, self.schema = kind, name, schema
        self.create_type = create_type
        super().__init__(
            kind,
            name=name,
            schema=schema,
            values_callable=lambda kind: [member.value for member in kind],
            create_type=create_type,
        )
        self.column: sa.Column[Any] | None = None

    def printed(self) -> str:
        quote = cast("Any", pg.dialect)().identifier_preparer.quote
        prefix = "" if self.schema is None else f"{quote(self.schema)}."
        name: str = prefix + quote(self.name)
        return name

    def copied(self) -> Any:
        return sa.Text()

    def _set_parent(self, parent: Any, outer: bool = False, **options: Any) -> None:
        self.column = parent
        super()._set_parent(parent, outer, **options)

    def __repr__(self) -> str:
        more = [f"name={self.name!r}"]
        more += [f"schema={self.schema!r}"] if self.schema else []
        more += [] if self.create_type else ["create_type=False"]
        return enum_in_revision(self.kind, *more)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        known = {member.value: member for member in self.kind}

        def process(value: str | None) -> enum.StrEnum | None:
            if value is None:
                return None
            if value not in known:
                column = self.name if self.column is None else str(self.column)
                raise UnknownLabel(column, self.kind.__name__, value)
            return known[value]

        return process


class OpenEnum(InRevisions, sa.types.UserDefinedType[Any]):
    """An enum that can have got labels since: those are plain strings."""

    cache_ok = True
    render_bind_cast = True
    is_enum = True

    def __init__(self, kind: type[enum.StrEnum], name: str) -> None:
        self.kind, self.name = kind, name

    def printed(self) -> str:
        return self.name

    def copied(self) -> Any:
        return sa.Text()

    def __repr__(self) -> str:
        name = f"name=sa.quoted_name({self.name!r}, False)"
        return enum_in_revision(self.kind, name)

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return lambda value: None if value is None else str(value)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        known = {member.value: member for member in self.kind}
        return lambda value: known.get(value, value)
