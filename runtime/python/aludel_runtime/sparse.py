"""Columns of ``sparsevec``."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic
import sqlalchemy as sa
from pgvector import SparseVector
from pgvector.sqlalchemy import SPARSEVEC
from sqlalchemy.dialects import postgresql as pg

from .vectors import InNamespace

__all__ = ["SparseEmbedding", "SparseField"]


def to_sparse(value: Any) -> SparseVector:
    """A vector, or its text, in which indices begin at 1."""
    if isinstance(value, SparseVector):
        return value
    if isinstance(value, str):
        return SparseVector.from_text(value)
    raise ValueError("not a sparse vector")


# A sparse vector in a Pydantic class: its text in JSON.
SparseField = Annotated[
    SparseVector,
    pydantic.PlainValidator(to_sparse),
    pydantic.PlainSerializer(SparseVector.to_text, return_type=str, when_used="json"),
    pydantic.WithJsonSchema({"type": "string", "examples": ["{1:0.5,3:2}/5"]}),
]


class SparseEmbedding(InNamespace, SPARSEVEC):
    """``sparsevec(N)`` that checks the length."""

    cache_ok = True

    def __init__(self, dim: int | str | None = None) -> None:
        super().__init__(None if dim is None else int(dim))

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        pg.dialect.ischema_names["sparsevec"] = cls

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)

        def process(value: Any) -> Any:
            if value is None:
                return None
            if not isinstance(value, SparseVector):
                plain = value.tolist() if hasattr(value, "tolist") else value
                value = SparseVector(plain)
            if self.dim is not None and value.dimensions() != self.dim:
                raise ValueError(
                    f"expected {self.dim} dimensions, not {value.dimensions()}"
                )
            return fallback(value)

        return process


pg.dialect.ischema_names["sparsevec"] = SparseEmbedding
