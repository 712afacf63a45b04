"""Connections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
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


# How long the test of a connection may take, in seconds.
PATIENCE = 5


def checked(connection: Any, _record: Any, _proxy: Any) -> None:
    """Tests a pooled connection in one round trip, where ``pool_pre_ping`` takes four.
    If it is closed, so are those that are as old."""
    try:
        connection.run_async(lambda it: it.execute("SELECT 1", timeout=PATIENCE))
    except Exception as error:
        # asyncpg raises errors of many kinds, by what it did when it lost it.
        raise exc.InvalidatePoolError from error


def make_engine(url: str | sa.URL, **options: Any) -> AsyncEngine:
    """An engine with asyncpg, which tests pooled connections before use.

    ``postgres://`` and ``postgresql://`` URLs are taken as well.
    """
    at = address(url)
    ours = at.get_driver_name() == "asyncpg" and "pool_pre_ping" not in options
    options.setdefault("pool_pre_ping", not ours)
    made = create_async_engine(at, **options)
    if ours:
        event.listen(made.sync_engine, "checkout", checked)
    return made


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after a commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
