"""Types of columns that SQLAlchemy does not have, or has otherwise."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pydantic
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators

from .revisions import InRevisions, in_revision

__all__ = ["Composite", "Domain", "Json", "List", "Raw", "Serial", "collated"]


class Raw(InRevisions, sa.types.UserDefinedType[str]):
    """A type that is transferred as text and converted by the server."""

    cache_ok = True
    sent_as_text = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def printed(self) -> str:
        return self.name

    def bind_expression(self, bindvalue: Any) -> Any:
        return sa.cast(sa.type_coerce(sa.cast(bindvalue, sa.Text), sa.Text), self)

    def column_expression(self, colexpr: Any) -> Any:
        return sa.cast(colexpr, sa.Text)

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return None


class Domain(InRevisions, sa.types.TypeDecorator[Any]):
    """A domain, whose values are sent, read and compared as those of its base type."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, name: str, of: Any) -> None:
        self.name, self.of = name, sa.types.to_instance(of)
        super().__init__()
        self.impl = self.of
        self.should_evaluate_none = self.of.should_evaluate_none

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def printed(self) -> str:
        return self.name

    def copied(self) -> Any:
        return self.of

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance.coerce_compared_value(op, value)

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        # Numbers are read by their OID, and that of a domain is another.
        if isinstance(self.of, sa.Float):
            coltype = 701
        elif isinstance(self.of, sa.Numeric):
            coltype = 1700
        return super().result_processor(dialect, coltype)


@compiles(Domain)
def _domain(of: Domain, _compiler: Any, **_: Any) -> str:
    return of.name


class Serial(InRevisions, sa.types.TypeDecorator[int]):
    """An integer with a sequence of its own: ``serial`` in a revision, since Alembic
    creates no sequences."""

    impl = sa.Integer
    cache_ok = True

    def __init__(self, of: Any) -> None:
        super().__init__()
        self.impl = self.of = sa.types.to_instance(of)

    def get_col_spec(self, **_: Any) -> str:
        names = {sa.SmallInteger: "smallserial", sa.BigInteger: "bigserial"}
        return names.get(type(self.of), "serial")

    def copied(self) -> Any:
        return self.of


class List(InRevisions, sa.types.TypeDecorator[Any]):
    """An array without NULL, which only ``null_elements`` in the schema allows."""

    impl = pg.ARRAY
    cache_ok = True

    def __init__(self, item_type: Any, dimensions: int | None = None) -> None:
        self.item_type = sa.types.to_instance(item_type)
        self.dimensions = dimensions
        super().__init__(self.item_type, dimensions=dimensions)

    def __repr__(self) -> str:
        return f"ARRAY({in_revision(self.item_type)})"

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance.coerce_compared_value(op, value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        if value is not None and any(one is None for one in value):
            raise ValueError("NULL in an array, whose column has no `null_elements`")
        return value


class Json(InRevisions, sa.types.TypeDecorator[Any]):
    """JSON as a type of your own: validated when it is read, and plain when written."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, kind: Any, of: Any) -> None:
        self.kind, self.of = kind, sa.types.to_instance(of)
        super().__init__()
        self.impl = self.of
        self.should_evaluate_none = self.of.should_evaluate_none
        self._adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(kind)

    def __repr__(self) -> str:
        return repr(self.of).replace("=Text()", "=sa.Text()")

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        if op in (operators.eq, operators.ne):
            return self
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.validate_python(value)


class Composite(InRevisions, sa.types.UserDefinedType[Any]):
    """A composite type as a dataclass."""

    cache_ok = True
    render_bind_cast = True
    is_record = True

    def __init__(self, kind: type[Any], name: str) -> None:
        self.kind, self.name = kind, name

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def printed(self) -> str:
        return self.name

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        def process(value: Any) -> Any:
            if value is None:
                return None
            return tuple(getattr(value, field.name) for field in fields(value))

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        return lambda value: None if value is None else self.kind(*value)


def collated(kind: Any, name: str, schema: str, *size: Any) -> Any:
    """A type of text with a collation of another schema, which SQLAlchemy 2.0 takes
    for a part of the name and puts quotes around."""
    if sa.__version__.startswith("2.0."):
        return kind(*size, collation=f'{schema}"."{name}')
    return kind(*size, collation=name, collation_schema=schema)
