"""Connections that transfer vectors in binary."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pgvector
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from . import engine as plain
from .vectors import halfvec_to_binary, vector_to_binary

__all__ = ["make_engine"]

# Whether pgvector's types are missing on a connection, in the `info` of its record.
MISSING = "aludel_vectors_missing"


def _encoder(
    to_binary: Callable[[Sequence[float]], bytes],
) -> Callable[[Any], bytes]:
    # Our types send bytes. pgvector's own send text, and others send lists: with this,
    # such columns work with the engine, too.
    def encode(value: Any) -> bytes:
        if isinstance(value, bytes):
            return value
        return to_binary(json.loads(value) if isinstance(value, str) else value)

    return encode


CODECS: dict[str, tuple[Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "vector": (_encoder(vector_to_binary), pgvector.Vector.from_binary),
    "halfvec": (_encoder(halfvec_to_binary), pgvector.HalfVector.from_binary),
}


async def _register(connection: Any, schema: str) -> bool:
    """Whether the server has the type ``vector``. ``halfvec`` is that of pgvector 0.7."""
    for name, (encode, decode) in CODECS.items():
        try:
            await connection.set_type_codec(
                name, schema=schema, encoder=encode, decoder=decode, format="binary"
            )
        except ValueError:
            # The driver says so of a type that the server has not.
            if name == "vector":
                return False
    return True


def make_engine(
    url: str | sa.URL, *, vector_schema: str = "public", **options: Any
) -> AsyncEngine:
    """An engine with asyncpg, which tests pooled connections before use and transfers
    vectors in binary.

    ``postgres://`` and ``postgresql://`` URLs are taken as well. It also connects to a
    database that has no pgvector yet: then a connection looks for the types again
    whenever it is taken from the pool.
    """
    made = plain.make_engine(url, **options)

    def register(connection: Any, record: Any) -> None:
        found = connection.run_async(lambda c: _register(c, vector_schema))
        record.info[MISSING] = not found

    @event.listens_for(made.sync_engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        register(connection, record)

    @event.listens_for(made.sync_engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get(MISSING):
            register(connection, record)

    return made
