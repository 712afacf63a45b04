"""Connections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

__all__ = ["make_engine", "make_sessions"]

# What libpq and providers call the dialect.
PLAIN = ("postgres", "postgresql")


def address(url: str | sa.URL) -> sa.URL:
    """A URL as libpq takes it, for asyncpg: the driver is named, and ``sslmode`` is
    called ``ssl``."""
    made = sa.make_url(url)
    if made.drivername not in PLAIN:
        return made
    made = made.set(drivername="postgresql+asyncpg")
    mode = made.query.get("sslmode")
    if mode is not None:
        made = made.difference_update_query(["sslmode"])
        made = made.update_query_dict({"ssl": mode})
    return made


def make_engine(url: str | sa.URL, **options: Any) -> AsyncEngine:
    """An engine with asyncpg, which tests pooled connections before use.

    ``postgres://`` and ``postgresql://`` URLs are taken as well.
    """
    options.setdefault("pool_pre_ping", True)
    return create_async_engine(address(url), **options)


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after a commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
