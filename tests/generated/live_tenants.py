"""Sessions with settings, against a real server: ``live_tenants.py URL``, where the
database has the tables of the schema ``service`` and nothing in them.
"""

from __future__ import annotations

import asyncio
import sys
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from service import documents, make_engine, make_sessions, support, tenants
from service.documents import EMBEDDING_DIMENSIONS, Document, DocumentCreate
from service.tenants import TenantCreate

ONE, TWO = UUID(int=1), UUID(int=2)

Sessions = async_sessionmaker[AsyncSession]


def new(tenant: UUID, content: str, first: float = 0.5) -> DocumentCreate:
    embedding = [first] + [0.5] * (EMBEDDING_DIMENSIONS - 1)
    return DocumentCreate(tenant_id=tenant, content=content, embedding=embedding)


def of(sessions: Sessions, tenant: UUID) -> AsyncSession:
    return support.with_settings(sessions(), {"app.tenant": str(tenant)})


# The documents of the tenant of the session: what a policy would show to a role that owns
# no tables.
OWN = Document.tenant_id == sa.cast(sa.func.current_setting("app.tenant"), sa.Uuid)


async def settings_are_those_of_a_transaction(sessions: Sessions) -> None:
    async with sessions() as session:
        for id, name in [(ONE, "one"), (TWO, "two")]:
            await tenants.insert(session, TenantCreate(id=id, name=name))
        await session.commit()
    async with of(sessions, ONE) as session:
        rows = [new(ONE, "a", 0.1), new(TWO, "b", 0.2), new(ONE, "c", 0.3)]
        assert await documents.insert_many(session, rows) == 3
        assert await documents.count(session, [OWN]) == 2
        await session.commit()
        hits = await documents.nearest(session, rows[0].embedding, 5, where=[OWN])
        assert [hit.row.content for hit in hits] == ["a", "c"]
        # After an error the next transaction has them again, and a savepoint, too.
        try:
            await documents.insert(session, new(UUID(int=9), "x"))
        except DBAPIError as error:
            assert "documents_tenant_id_fkey" in str(error)
            await session.rollback()
        async with session.begin_nested() as nested:
            assert await documents.count(session, [OWN]) == 2
            await nested.rollback()
        assert await documents.count(session, [OWN]) == 2
    async with sessions() as session:
        # A setting that was there once is empty, not absent.
        value = await session.scalar(
            sa.func.coalesce(sa.func.current_setting("app.tenant", True), "")
        )
        assert value == ""
        try:
            support.with_settings(session, {"app.tenant": str(ONE)})
        except InvalidRequestError as error:
            assert "has begun" in str(error)
        else:
            raise AssertionError("settings that no transaction has")
    async with of(sessions, TWO) as session:
        assert await documents.count(session, [OWN]) == 1


async def main(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    sessions = make_sessions(engine)
    await settings_are_those_of_a_transaction(sessions)
    async with sessions() as session:
        await session.execute(sa.text("TRUNCATE tenants, documents"))
        await session.commit()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
