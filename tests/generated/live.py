"""Every function of the documents table against a real server.

``live.py URL write`` leaves rows for the other language, ``live.py URL read`` finds
those that it left, and ``live.py URL`` alone runs all functions on an empty table.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import sys
from collections.abc import Awaitable
from uuid import UUID

import pydantic
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from documents import DocStatus, documents, make_engine, make_sessions, support
from documents.documents import (
    EMBEDDING_DIMENSIONS,
    Document,
    DocumentCreate,
    DocumentHitOut,
    DocumentOut,
    DocumentPatch,
    embedding_distance,
)

NOBODY = UUID(int=0)
NUMBERS = random.Random(7)

Sessions = async_sessionmaker[AsyncSession]


def embedding() -> list[float]:
    # Halves and their like survive the way to 32 bits and back.
    return [NUMBERS.randrange(-512, 512) / 1024 for _ in range(EMBEDDING_DIMENSIONS)]


async def fails(work: Awaitable[object], kind: type[Exception]) -> Exception:
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


async def settings(session: AsyncSession) -> list[str | None]:
    names = ["enable_seqscan", "plan_cache_mode", "hnsw.ef_search"]
    names.append("hnsw.iterative_scan")
    rows = [
        await session.scalar(sa.select(sa.func.current_setting(name, True)))
        for name in names
    ]
    return [row or None for row in rows]


async def scans(session: AsyncSession, index: str) -> int:
    await session.execute(sa.text("SELECT pg_stat_force_next_flush()"))
    await session.commit()
    sql = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = :index"
    return int((await session.execute(sa.text(sql), {"index": index})).scalar_one())


async def writes_and_reads(sessions: Sessions) -> None:
    async with sessions() as session:
        await documents.verify(session)
        new = DocumentCreate(content="the bear", embedding=embedding())
        bear = await documents.insert(session, new)
        assert (bear.status, bear.metadata_, bear.source) == (DocStatus.DRAFT, {}, None)
        await session.commit()
        assert await documents.get(session, bear.id) is bear
        assert "embedding" not in bear.__dict__
        await fails(asyncio.to_thread(lambda: bear.embedding), Exception)
        full = await documents.get_full(session, bear.id)
        assert full is not None and full.embedding == new.embedding
        # The object of the session, which others serialize, stays without it.
        assert full is not bear and "embedding" not in bear.__dict__
        assert (full.id, full.content, full.metadata_) == (bear.id, "the bear", {})
        assert await documents.get(session, NOBODY) is None

        given = DocumentCreate(
            id=UUID(int=1),
            content="the fox",
            embedding=embedding(),
            metadata={"page": [1, None, "ü"]},
            source="web",
            status=DocStatus.IN_REVIEW,
            created_at=dt.datetime(2026, 1, 2, 3, 4, 5, 678901, dt.UTC),
        )
        fox = await documents.insert(session, given)
        assert (fox.id, fox.created_at) == (given.id, given.created_at)
        shown = DocumentOut.model_validate(fox).model_dump(mode="json")
        assert shown["metadata"] == {"page": [1, None, "ü"]}
        assert "embedding" not in shown
        async with session.begin_nested() as nested:
            error = await fails(documents.insert(session, given), DBAPIError)
            await nested.rollback()
        assert "documents_pkey" in str(error)

        replaced = given.model_copy(update={"content": "the red fox", "source": None})
        row = await documents.upsert(session, replaced)
        assert (row.content, row.source) == ("the red fox", None)
        found = await documents.get_many(session, [fox.id, NOBODY, bear.id])
        assert [row.id for row in found] == [fox.id, bear.id]

        patched = await documents.update(session, bear.id, DocumentPatch(source="book"))
        assert patched is not None and patched.source == "book"
        patched = await documents.update(session, bear.id, DocumentPatch(source=None))
        assert patched is not None and patched.source is None
        same = await documents.update(session, bear.id, DocumentPatch())
        assert same is not None and same.id == bear.id
        patch = DocumentPatch(content="x")
        assert await documents.update(session, NOBODY, patch) is None

        in_review = [Document.status == DocStatus.IN_REVIEW, Document.source.is_(None)]
        assert await documents.count(session, in_review) == 1
        assert await documents.delete(session, bear.id)
        assert not await documents.delete(session, bear.id)
        gone = [Document.content == "the red fox"]
        assert await documents.delete_where(session, gone) == 1
        await fails(documents.delete_where(session, []), ValueError)
        assert await documents.insert_many(session, []) == 0
        await session.commit()

        # In the session's transaction, which takes its rows back.
        mixed = [
            DocumentCreate(content="one", embedding=embedding()),
            DocumentCreate(content="two", embedding=embedding(), source="s"),
        ]
        assert await documents.insert_many(session, mixed) == 2
        hits = await documents.nearest(session, mixed[1].embedding, 50)
        assert hits[0].row.content == "two"
        await session.rollback()
        # All or nothing: the second row repeats a key.
        twice = mixed[0].model_copy(update={"id": UUID(int=2)})
        twice = DocumentCreate(
            **twice.model_dump(include={"id", "content", "embedding"})
        )
        await fails(documents.insert_many(session, [twice, twice]), Exception)
        await session.rollback()
        assert await documents.count(session) == 0


async def pages(sessions: Sessions) -> None:
    async with sessions() as session:
        rows = []
        for i in range(2000):
            text = f"document {i} about bears and foxes"
            new = DocumentCreate(content=text, embedding=embedding())
            if i % 100 == 0:
                new = DocumentCreate(
                    content=text, embedding=new.embedding, status=DocStatus.PUBLISHED
                )
            rows.append(new)
        assert await documents.insert_many(session, rows) == 2000
        await session.commit()
        await session.execute(sa.text("ANALYZE documents"))
        await session.commit()

        seen: list[Document] = []
        after = None
        while True:
            page = await documents.list_page(session, 300, after)
            seen += page.items
            after = page.next
            if after is None:
                break
        keys = [(row.created_at, row.id) for row in seen]
        assert len(keys) == 2000 and keys == sorted(keys, reverse=True)
        assert all("embedding" not in row.__dict__ for row in seen)
        published = [Document.status == DocStatus.PUBLISHED]
        page = await documents.list_page(session, 20, None, published)
        assert (len(page.items), page.next) == (20, None)


async def searches(sessions: Sessions) -> None:
    query = embedding()
    published = [Document.status == DocStatus.PUBLISHED]
    async with sessions() as session:
        before = await scans(session, "documents_embedding_hnsw_idx")
        bits = await scans(session, "documents_embedding_bq_idx")
        hits = await documents.nearest(session, query, 100)
        assert len(hits) == 100
        assert [hit.distance for hit in hits] == sorted(hit.distance for hit in hits)
        exact = await documents.nearest(session, query, 10, exact=True)
        ids = {hit.row.id for hit in hits}
        assert sum(hit.row.id in ids for hit in exact) >= 6
        few = await documents.nearest(session, query, 5)
        assert len(few) == 5
        # One row in a hundred passes.
        # One candidate is too few: the search is repeated without the index.
        again = await documents.nearest(
            session, query, 10, where=published, ef_search=1
        )
        exact = await documents.nearest(session, query, 10, where=published, exact=True)
        assert [hit.row.id for hit in again] == [hit.row.id for hit in exact]
        hits = await documents.nearest(session, query, 10, where=published)
        assert len(hits) == 10
        assert all(hit.row.status == DocStatus.PUBLISHED for hit in hits)
        hits = await documents.nearest(
            session, query, 10, where=published, iterative_scan="relaxed_order"
        )
        assert [hit.distance for hit in hits] == sorted(hit.distance for hit in hits)
        bound = hits[4].distance
        near = await documents.nearest(
            session,
            query,
            10,
            max_distance=bound,
            ef_search=200,
            max_scan_tuples=5000,
        )
        assert all(hit.distance <= bound for hit in near)
        shown = DocumentHitOut.of(hits[0]).model_dump(mode="json")
        assert "embedding" not in shown and shown["distance"] == hits[0].distance

        first = few[0].row.id
        others = await documents.nearest_to_row(session, first, 7)
        assert len(others) == 7 and all(hit.row.id != first for hit in others)
        assert await documents.nearest_to_row(session, NOBODY, 7) == []
        assert await documents.nearest(session, query, 0, where=published) == []
        varied = await documents.nearest_mmr(session, query, 4)
        nearest_of_all = await documents.nearest(session, query, 20)
        assert len(varied) == 4 and varied[0].row.id == nearest_of_all[0].row.id

        reranked = await documents.nearest_rerank(session, query, 10, ef_search=400)
        assert len(reranked) == 10
        reranked = await documents.nearest_rerank(
            session, query, 5, oversample=4, where=published, ef_search=400
        )
        assert len(reranked) == 5

        text = "a very rare pangolin"
        new = DocumentCreate(content=text, embedding=query)
        pangolin = await documents.insert(session, new)
        both = await documents.hybrid(session, query, "rare pangolin", 10)
        assert len(both) == 10 and both[0].row.id == pangolin.id
        assert (both[0].vector_rank, both[0].text_rank) == (1, 1)
        both = await documents.hybrid(session, query, "bears", 10, where=published)
        assert len(both) == 10
        assert all(it.row.status == DocStatus.PUBLISHED for it in both)
        await session.commit()
        after = await scans(session, "documents_embedding_hnsw_idx")
        assert after >= before + 6, after - before
        assert await scans(session, "documents_embedding_bq_idx") >= bits + 2

        distance = embedding_distance(query)
        nearest = sa.select(Document.id).order_by(distance).limit(1)
        assert await session.scalar(nearest) == pangolin.id


async def leaves_nothing_behind(sessions: Sessions) -> None:
    query = embedding()
    async with sessions() as session:
        # The first search loads pgvector, whose settings are not known before.
        await documents.nearest(session, query, 1)
        before = await settings(session)
        await documents.nearest(session, query, 200)
        now = await settings(session)
        assert now == before, (now, before)
        broken = [sa.text("1 / (length(content) - length(content)) = 1")]
        conditions: list[sa.ColumnElement[bool]] = [
            sa.type_coerce(it, sa.Boolean()) for it in broken
        ]
        work = documents.nearest(session, query, 200, where=conditions)
        await fails(work, DBAPIError)
        await session.rollback()
        now = await settings(session)
        assert now == before, (now, before)
        await session.commit()
    async with sessions() as session:
        slow = sa.func.pg_sleep(0.01).is_not(None)
        work = documents.nearest(session, query, 200, where=[slow])
        await fails(asyncio.wait_for(work, 0.1), TimeoutError)
    async with sessions() as session:
        await documents.nearest(session, query, 1)
        now = await settings(session)
        assert now == before, (now, before)
        short = documents.nearest(session, [0.5] * 3, 5)
        error = await fails(short, Exception)
        assert "expected 1536 dimensions, not 3" in str(error)
    wrong = {"content": "x", "embedding": [float("nan")] * EMBEDDING_DIMENSIONS}
    try:
        DocumentCreate.model_validate(wrong)
    except pydantic.ValidationError as error:
        assert "NaN" in str(error)
    else:
        raise AssertionError("NaN was taken")
    described = DocumentCreate.model_json_schema()["properties"]["embedding"]
    assert described["minItems"] == described["maxItems"] == EMBEDDING_DIMENSIONS


async def heals(sessions: Sessions, other: Sessions) -> None:
    async def change(sql: str) -> None:
        async with other() as session:
            await session.execute(sa.text(sql))
            await session.commit()

    async with sessions() as session:
        new = DocumentCreate(content="one", embedding=embedding(), source="s")
        row = await documents.insert(session, new)
        await session.commit()
        await documents.get_many(session, [row.id])
        await session.commit()
    await change("ALTER TABLE documents ALTER source TYPE varchar(50)")
    async with sessions() as session:
        # SQLAlchemy forgets its statements when one of them fails, and only then.
        try:
            await documents.get_many(session, [row.id])
        except DBAPIError:
            await session.rollback()
        assert len(await documents.get_many(session, [row.id])) == 1
        error = await fails(documents.verify(session), support.SchemaDrift)
        assert "source is character varying(50), not text" in str(error)
    await change("ALTER TABLE documents ALTER source TYPE text")
    await change("ALTER TABLE documents ADD later integer DEFAULT 1")
    async with sessions() as session:
        await documents.verify(session)
        pid = await session.scalar(sa.select(sa.func.pg_backend_pid()))
    await change("ALTER TABLE documents DROP later")
    await change(f"SELECT pg_terminate_backend({pid})")
    for _ in range(4):
        async with sessions() as session:
            assert len(await documents.get_many(session, [row.id])) == 1
    await change("TRUNCATE documents")


async def write(sessions: Sessions) -> None:
    """What the Rust tests look for."""
    async with sessions() as session:
        new = DocumentCreate(
            id=UUID(int=77),
            content="from Python",
            embedding=[i / 2048 for i in range(EMBEDDING_DIMENSIONS)],
            metadata={"from": "python", "n": 1.5},
            status=DocStatus.IN_REVIEW,
            created_at=dt.datetime(2026, 5, 6, 7, 8, 9, 123456, dt.UTC),
        )
        await documents.insert_many(session, [new])
        await session.commit()


async def read(sessions: Sessions) -> None:
    """What the Rust tests have written."""
    async with sessions() as session:
        row = await documents.get_full(session, UUID(int=78))
        assert row is not None
        assert (row.content, row.metadata_) == ("from Rust", {"from": "rust", "n": 1.5})
        assert (row.status, row.source) == (DocStatus.PUBLISHED, "tests")
        assert row.created_at == dt.datetime(2026, 5, 6, 7, 8, 9, 123456, dt.UTC)
        assert row.embedding == [i / 2048 for i in range(EMBEDDING_DIMENSIONS)]


async def main(url: str, part: str) -> None:
    engine = make_engine(url, pool_size=1)
    other = make_engine(url.replace("postgres://", "postgresql+asyncpg://"))
    sessions = make_sessions(engine)
    if part == "write":
        await write(sessions)
    elif part == "read":
        await read(sessions)
    else:
        await writes_and_reads(sessions)
        await pages(sessions)
        await searches(sessions)
        await leaves_nothing_behind(sessions)
        await heals(sessions, make_sessions(other))
    await engine.dispose()
    await other.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "all"))
