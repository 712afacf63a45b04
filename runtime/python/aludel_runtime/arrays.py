"""Columns of ``vector`` and ``halfvec``, as arrays of numpy."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import numpy as np
import pgvector
import pydantic
from numpy.typing import NDArray

from . import vectors
from .vectors import binary_quantize, halfvec_to_binary, refuse, rejected, sized

__all__ = [
    "Array",
    "ArrayField",
    "Embedding",
    "HalfEmbedding",
    "WithArrays",
    "binary_quantize",
    "check_embedding",
    "halfvec_to_binary",
    "sized",
    "vector_to_binary",
]

Array: TypeAlias = NDArray[np.float32]


def to_array(value: Any) -> Array:
    """A list of numbers as an array of ``float32``."""
    try:
        with np.errstate(over="ignore"):
            values = np.asarray(value, dtype=np.float32)
    except TypeError as error:
        raise ValueError("not a list of numbers") from error
    if values.ndim != 1:
        raise ValueError("not a list of numbers")
    return values


class WithArrays(pydantic.BaseModel):
    """A Pydantic class with arrays, which numpy compares number by number."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        mine, others = self.__dict__, other.__dict__
        return all(
            np.array_equal(value, others[name])
            if isinstance(value, np.ndarray)
            else bool(value == others[name])
            for name, value in mine.items()
        )


# An array in a Pydantic class: a list of numbers in JSON.
ArrayField = Annotated[
    Array,
    pydantic.PlainValidator(to_array),
    pydantic.PlainSerializer(lambda values: values.tolist(), return_type=list[float]),
    pydantic.WithJsonSchema({"type": "array", "items": {"type": "number"}}),
]


def first_wrong(values: Any, *, half: bool = False) -> int | None:
    """The place of the first number that is NaN or infinity as it is stored, in 32 bits
    or in 16."""
    with np.errstate(over="ignore"):
        stored = np.asarray(values).astype(np.float16 if half else np.float32)
    finite = np.isfinite(stored)
    return None if finite.all() else int(np.argmin(finite))


def check(dim: int | None, values: Any, *, half: bool = False) -> Any:
    """Reject another length, and what the server would take for NaN or infinity, before
    it is sent."""
    refuse(dim, values, lambda: first_wrong(values, half=half))
    return values


def check_embedding(dim: int | None, values: Array, *, half: bool = False) -> Array:
    """The same for a field of a Pydantic class."""
    try:
        refuse(dim, values, lambda: first_wrong(values, half=half))
    except ValueError as error:
        raise rejected(error, values) from None
    return values


def vector_to_binary(values: Sequence[float] | Array) -> bytes:
    """``vector`` in its binary form."""
    packed = np.asarray(values, dtype=">f4")
    return struct.pack(">HH", len(packed), 0) + packed.tobytes()


class Embedding(vectors.Embedding):
    """``vector(N)`` with arrays of ``float32``."""

    cache_ok = True

    def copied(self) -> Any:
        return vector_to_binary

    def to_binary(self, values: Any) -> bytes:
        return vector_to_binary(check(self.dim, values))

    def plain(self, value: Any) -> Any:
        return to_array(value)

    def read(self, value: pgvector.Vector) -> Array:
        return to_array(value.to_numpy())

    def read_text(self, value: Any) -> Array:
        return to_array(value)


class HalfEmbedding(vectors.HalfEmbedding):
    """``halfvec(N)`` with arrays of ``float32``."""

    cache_ok = True

    def to_binary(self, values: Any) -> bytes:
        return halfvec_to_binary(check(self.dim, values, half=True))

    def plain(self, value: Any) -> Any:
        return to_array(value)

    def read(self, value: pgvector.HalfVector) -> Array:
        return to_array(value.to_numpy())
