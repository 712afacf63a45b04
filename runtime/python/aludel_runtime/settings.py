"""Settings of transactions, such as those that the policies of row-level security read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.ext.asyncio import AsyncSession

__all__ = ["with_settings"]


def with_settings(session: AsyncSession, settings: Mapping[str, str]) -> AsyncSession:
    """Sets configuration parameters at the start of each transaction of a session, until
    its end::

        async with with_settings(sessions(), {"app.tenant": str(tenant)}) as session:
            hits = await documents.nearest(session, query)

    Pooled connections keep none of them.
    """
    if session.in_transaction():
        raise exc.InvalidRequestError(
            "the transaction has begun without the settings: set them on a new session"
        )
    change = sa.select(*(sa.func.set_config(n, v, True) for n, v in settings.items()))

    def begun(_session: Any, transaction: Any, connection: sa.Connection) -> None:
        # A savepoint has the settings of its transaction.
        if not transaction.nested:
            connection.execute(change)

    event.listen(session.sync_session, "after_begin", begun)
    return session
