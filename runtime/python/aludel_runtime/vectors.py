"""Columns of ``vector`` and ``halfvec``, as lists of numbers."""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import pgvector
import pydantic
import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC, VECTOR
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError
from sqlalchemy.dialects import postgresql as pg

from .revisions import InRevisions

__all__ = [
    "Embedding",
    "HalfEmbedding",
    "binary_quantize",
    "check_embedding",
    "halfvec_to_binary",
    "sized",
    "vector_to_binary",
]

V = TypeVar("V", bound=Sequence[float])

# What 16 bits do not hold, rounded.
HALF_LIMIT = 65520.0


def first_wrong(values: Sequence[float], *, half: bool = False) -> int | None:
    """The place of the first number that is NaN or infinity as it is stored, in 32 bits
    or in 16."""
    stored = array("f", values)
    limit = HALF_LIMIT if half else math.inf
    # A sum of finite numbers is finite, and much faster than a look at each.
    fine = math.isfinite(sum(stored)) and (
        not half or not stored or -limit < min(stored) <= max(stored) < limit
    )
    if fine:
        return None
    return next((i for i, it in enumerate(stored) if not -limit < it < limit), None)


def refuse(dim: int | None, values: Any, wrong: Callable[[], int | None]) -> None:
    """Raise a ``ValueError`` that says what is wrong with a vector."""
    if dim is not None and len(values) != dim:
        raise ValueError(f"expected {dim} dimensions, not {len(values)}")
    i = wrong()
    if i is not None:
        raise ValueError(f"NaN or infinity at {i} of the embedding, for {values[i]}")


def check(dim: int | None, values: V, *, half: bool = False) -> V:
    """Reject another length, and what the server would take for NaN or infinity, before
    it is sent."""
    refuse(dim, values, lambda: first_wrong(values, half=half))
    return values


def check_embedding(dim: int | None, values: V, *, half: bool = False) -> V:
    """The same for a field of a Pydantic class."""
    try:
        return check(dim, values, half=half)
    except ValueError as error:
        raise rejected(error, values) from None


def sized(dim: int) -> pydantic.WithJsonSchema:
    """How OpenAPI describes a vector: its length, too."""
    schema = {"type": "array", "items": {"type": "number"}}
    return pydantic.WithJsonSchema(schema | {"minItems": dim, "maxItems": dim})


def rejected(error: ValueError, values: Any) -> ValidationError:
    """The error of a field. Its input is a text: NaN is no JSON, so that a framework
    which answers with the input of the error could not."""
    kind = PydanticCustomError(
        "embedding", cast("Any", "{reason}"), {"reason": str(error)}
    )
    details = InitErrorDetails(type=kind, loc=(), input=f"{len(values)} numbers")
    return ValidationError.from_exception_data("embedding", [details])


def vector_to_binary(values: Sequence[float]) -> bytes:
    """``vector`` in its binary form."""
    packed = array("f", values)
    if sys.byteorder == "little":
        packed.byteswap()
    return struct.pack(">HH", len(packed), 0) + packed.tobytes()


def halfvec_to_binary(values: Sequence[float]) -> bytes:
    """``halfvec`` in its binary form."""
    return struct.pack(f">HH{len(values)}e", len(values), 0, *values)


class InNamespace(InRevisions):
    """A type of pgvector, which can be in another schema than ``public``."""

    # Its schema as SQL has it, in quotes where it needs them.
    namespace: str | None = None

    def get_col_spec(self, **options: Any) -> str:
        name = str(cast("Any", super()).get_col_spec(**options))
        return name if self.namespace is None else f"{self.namespace}.{name}"


class Embedding(InNamespace, VECTOR):
    """``vector(N)`` that checks the length and is transferred in binary.

    pgvector's own type sends text: three times the bytes, and Python parses every
    number of a row. Distance methods (``cosine_distance`` ...) are VECTOR's.
    """

    cache_ok = True

    def __init__(self, dim: int | str | None = None) -> None:
        super().__init__(None if dim is None else int(dim))

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        pg.dialect.ischema_names["vector"] = cls

    def copied(self) -> Any:
        return vector_to_binary

    def to_binary(self, values: Any) -> bytes:
        """The checked numbers of a value in binary."""
        return vector_to_binary(check(self.dim, values))

    def plain(self, value: Any) -> Any:
        """A value as the numbers that are sent."""
        return value.tolist() if hasattr(value, "tolist") else value

    def read(self, value: pgvector.Vector) -> Any:
        """A value of the driver."""
        return value.to_list()

    def read_text(self, value: Any) -> Any:
        """What pgvector's own type has read."""
        return value

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)
        is_binary = dialect.driver == "asyncpg"

        def process(value: Any) -> Any:
            if value is None:
                return None
            values = self.plain(value)
            sent = self.to_binary(values)
            return sent if is_binary else fallback(values)

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        fallback = super().result_processor(dialect, coltype)

        def process(value: Any) -> Any:
            if isinstance(value, pgvector.Vector):
                return self.read(value)
            return None if value is None else self.read_text(fallback(value))

        return process


class HalfEmbedding(InNamespace, HALFVEC):
    """``halfvec(N)`` that checks the length and is transferred in binary."""

    cache_ok = True

    def __init__(self, dim: int | str | None = None) -> None:
        super().__init__(None if dim is None else int(dim))

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        pg.dialect.ischema_names["halfvec"] = cls

    def copied(self) -> Any:
        return halfvec_to_binary

    def to_binary(self, values: Any) -> bytes:
        """The checked numbers of a value in binary."""
        return halfvec_to_binary(check(self.dim, values, half=True))

    def plain(self, value: Any) -> Any:
        """A value as the numbers that are sent."""
        return value.tolist() if hasattr(value, "tolist") else value

    def read(self, value: pgvector.HalfVector) -> Any:
        """A value of the driver."""
        return value.to_list()

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)
        is_binary = dialect.driver == "asyncpg"

        def process(value: Any) -> Any:
            if value is None:
                return None
            values = self.plain(value)
            sent = self.to_binary(values)
            return sent if is_binary else fallback(values)

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        fallback = super().result_processor(dialect, coltype)

        def process(value: Any) -> Any:
            if not isinstance(value, pgvector.HalfVector):
                value = fallback(value)
            return None if value is None else self.read(value)

        return process


# What Alembic reads from a database is of these types, for a revision that drops a column
# and can create it again.
pg.dialect.ischema_names["vector"] = Embedding
pg.dialect.ischema_names["halfvec"] = HalfEmbedding


def binary_quantize(vector: Any) -> sa.Function[Any]:
    """The signs of a vector, by the function in the schema of pgvector: SQLAlchemy would
    not quote that schema."""
    kind = cast("Any", vector).type
    kind = getattr(kind, "of", kind)
    namespace = getattr(kind, "namespace", None)
    package = (sa.quoted_name(namespace, False),) if namespace else ()
    return sa.Function("binary_quantize", vector, packagenames=package)
