"""A database that is not as the code expects it.

``live_drift.py URL``: an empty database, without pgvector.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from documents import Base, documents, make_engine, make_sessions, support
from documents.documents import EMBEDDING_DIMENSIONS, Document, DocumentCreate

VECTOR = [i / 2048 for i in range(EMBEDDING_DIMENSIONS)]


async def run(session: AsyncSession, *statements: str) -> None:
    for statement in statements:
        await session.execute(sa.text(statement))
    await session.commit()


async def fails(work: Awaitable[object], kind: type[Exception]) -> str:
    try:
        await work
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind.__name__}")


async def connects_before_the_extension_exists(engine: AsyncEngine) -> None:
    async with make_sessions(engine)() as session:
        error = await fails(documents.verify(session), support.SchemaDrift)
        assert "there is no such table" in error
        await run(session, "CREATE EXTENSION vector")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    # The same connection, taken from the pool again.
    async with make_sessions(engine)() as session:
        new = DocumentCreate(content="one", embedding=VECTOR)
        row = await documents.insert(session, new)
        assert await documents.insert_many(session, [new]) == 1
        full = await documents.get_full(session, row.id)
        assert full is not None and full.embedding == VECTOR
        await session.commit()


async def verify_finds_what_breaks_the_code(session: AsyncSession) -> None:
    await documents.verify(session)
    await run(session, "ALTER TABLE documents ADD a integer NOT NULL DEFAULT 1")
    await documents.verify(session)
    await run(session, "ALTER TABLE documents ALTER a DROP DEFAULT")
    error = await fails(documents.verify(session), support.SchemaDrift)
    assert "inserts do not set the new column a, which is NOT NULL" in error, error
    # A trigger can set it.
    await run(
        session,
        "CREATE FUNCTION sets_a() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN NEW.a := 1; RETURN NEW; END'",
        "CREATE TRIGGER sets_a BEFORE INSERT ON documents"
        " FOR EACH ROW EXECUTE FUNCTION sets_a()",
    )
    await documents.verify(session)
    await run(session, "ALTER TABLE documents DROP a")
    await run(session, "DROP INDEX documents_embedding_hnsw_idx")
    error = await fails(documents.verify(session), support.SchemaDrift)
    assert "no valid index documents_embedding_hnsw_idx" in error, error


async def unknown_labels_are_named(session: AsyncSession) -> None:
    await run(session, "ALTER TYPE doc_status ADD VALUE 'archived'")
    await run(session, "UPDATE documents SET status = 'archived'")
    error = await fails(documents.list_page(session), support.UnknownLabel)
    expected = "column documents.status has the label 'archived', which DocStatus"
    assert expected in error and "`codegen.open`" in error, error
    stmt = sa.select(Document.status)
    error = await fails(session.scalars(stmt), support.UnknownLabel)
    assert "documents.status" in error, error


async def main(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    await connects_before_the_extension_exists(engine)
    async with make_sessions(engine)() as session:
        await verify_finds_what_breaks_the_code(session)
        await unknown_labels_are_named(session)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
