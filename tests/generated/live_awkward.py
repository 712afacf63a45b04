"""Searches of every kind, keys of every shape and views against a real server.

``live_awkward.py URL``: a database that has the tables and nothing in them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import sys
from collections.abc import Awaitable, Sequence
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from pgvector import SparseVector
from sqlalchemy.ext.asyncio import AsyncSession

from awkward import (
    Outline,
    embeddings,
    fresh_pages,
    log,
    make_engine,
    make_sessions,
    memberships,
    options,
    pages,
    results,
    summaries,
    support,
    tallies,
)
from awkward.embeddings import EmbeddingRow, EmbeddingRowCreate, Scope

ROWS = 3000
NUMBERS = random.Random(3)
T = TypeVar("T")
R = TypeVar("R")


def floats(count: int) -> list[float]:
    return [NUMBERS.randrange(-512, 512) / 1024 for _ in range(count)]


async def scans(session: AsyncSession, index: str) -> int:
    await session.execute(sa.text("SELECT pg_stat_force_next_flush()"))
    await session.commit()
    sql = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = :index"
    return int((await session.execute(sa.text(sql), {"index": index})).scalar_one())


async def by_index(session: AsyncSession, index: str, search: Awaitable[T]) -> T:
    """What a search finds, which scans this index and no other way."""
    before = await scans(session, index)
    found = await search
    assert await scans(session, index) > before, f"{index} is not used"
    return found


def is_sorted(hits: Sequence[support.Hit[R]]) -> bool:
    distances = [hit.distance for hit in hits]
    return distances == sorted(distances)


async def fill(session: AsyncSession) -> None:
    rows = [
        EmbeddingRowCreate(
            embedding=floats(3),
            full=floats(4),
            sparse=SparseVector({i % 1000: 1.0}, 1000) if i % 2 == 0 else None,
            bits=f"{i % 256:08b}",
            plain=floats(2) if i % 3 == 0 else None,
            lang="de" if i % 5 == 0 else "en",
            body=f"der Bär Nummer {i}",
        )
        for i in range(ROWS)
    ]
    assert await embeddings.insert_many(session, rows) == ROWS
    await session.execute(sa.text("ANALYZE embeddings"))
    await session.commit()
    await embeddings.verify(session)


async def searches(session: AsyncSession) -> None:
    e = embeddings
    german = [EmbeddingRow.lang == "de"]
    full, query = [0.1, -0.2, 0.3, 0.4], [0.1, 0.2, -0.3]
    index = "embeddings_half_idx"
    hits = await by_index(session, index, e.nearest(session, full, 60))
    assert len(hits) == 60
    assert is_sorted(hits)
    hits = await by_index(session, index, e.nearest(session, full, 50, where=german))
    assert len(hits) == 50
    assert all(hit.row.lang == "de" for hit in hits)

    by_cosine = e.nearest_by_embedding_cosine
    index = "embeddings_cosine_idx"
    hits = await by_index(session, index, by_cosine(session, query, 60))
    assert len(hits) == 60
    assert is_sorted(hits)
    scope = [Scope.embeddings_german_idx]
    index = "embeddings_german_idx"
    hits = await by_index(session, index, by_cosine(session, query, 50, where=scope))
    assert len(hits) == 50
    assert all(hit.row.lang == "de" for hit in hits)

    # IVFFlat: all lists are looked through until there are enough.
    by_l2 = e.nearest_by_embedding_l2
    index = "embeddings_l2_idx"
    hits = await by_index(session, index, by_l2(session, query, 50, where=german))
    assert len(hits) == 50
    assert is_sorted(hits)
    hits = await by_l2(session, query, 20, probes=2)
    exact = await by_l2(session, query, 20, exact=True)
    assert [hit.row.id for hit in hits] == [hit.row.id for hit in exact]
    assert len(await e.nearest_mmr_by_embedding_l2(session, query, 4)) == 4


async def smaller_ones(session: AsyncSession) -> None:
    """Sparse vectors, bits, and a column that no index holds; NULL is in no result."""
    e = embeddings
    sparse = SparseVector({8: 1.0}, 1000)
    index = "embeddings_sparse_idx"
    hits = await by_index(session, index, e.nearest_by_sparse(session, sparse, 45))
    assert len(hits) == 45
    assert is_sorted(hits)

    index = "embeddings_bits_idx"
    hits = await by_index(session, index, e.nearest_by_bits(session, "10101010", 45))
    assert len(hits) == 45
    assert hits[0].distance == 0
    own = hits[0].row.id
    others = await e.nearest_to_row_by_bits(session, own, 45)
    assert len(others) == 45
    assert all(hit.row.id != own for hit in others)

    hits = await e.nearest_by_plain(session, [0.1, 0.2], 2000)
    assert len(hits) == ROWS // 3
    assert is_sorted(hits)
    out = e.EmbeddingRowHitOut.of(hits[0])
    assert out.plain is not None
    assert len(out.plain) == e.PLAIN_DIMENSIONS


async def reranked(session: AsyncSession) -> None:
    e = embeddings
    query = [0.1, 0.2, -0.3]
    search = e.nearest_rerank_by_embedding_cosine(session, query, oversample=20)
    hits = await by_index(session, "embeddings_cast_idx", search)
    exact = await e.nearest_by_embedding_cosine(session, query, exact=True)
    assert [hit.row.id for hit in hits] == [hit.row.id for hit in exact]

    full = [0.1, -0.2, 0.3, 0.4]
    fused = e.hybrid(session, full, "Bären 17")
    ranked = await by_index(session, "embeddings_body_idx", fused)
    # The first by one rank and the first by the other are even.
    assert "der Bär Nummer 17" in [it.row.body for it in ranked[:2]]


async def materialized(session: AsyncSession) -> None:
    for view in ("summaries", "tallies"):
        await session.execute(sa.text(f"REFRESH MATERIALIZED VIEW {view}"))
    await session.execute(sa.text("ANALYZE summaries"))
    await session.commit()
    await summaries.verify(session)
    page = await summaries.list_page(session, 2)
    after = await summaries.list_page(session, 2, page.next)
    assert page.items[1].id < after.items[0].id
    first = await summaries.get_full(session, page.items[0].id)
    assert first is not None
    assert first.centroid is not None
    search = summaries.nearest(session, first.centroid, 60)
    hits = await by_index(session, "summaries_centroid_idx", search)
    assert len(hits) == 60
    assert hits[0].row is first

    await tallies.verify(session)
    tally = await tallies.get_by_lang(session, "de")
    assert tally is not None
    assert tally.entries == ROWS // 5


async def names_and_keys(session: AsyncSession) -> None:
    await pages.verify(session)
    values = {"tenant_id": 1, "type": "note", "client": "someone", "größe": 1.5}
    new = pages.PageRowCreate.model_validate(values | {"metadata": {"a": 1}})
    page = await pages.insert(session, new)
    assert (page.metadata_, page.größe) == ({"a": 1}, 1.5)
    assert pages.PageRowOut.model_validate(page).metadata == {"a": 1}
    assert await pages.get_by_client(session, "someone") is page
    assert await pages.get_many(session, [(1, "note"), (2, "x")]) == [page]
    other = pages.PageRowCreate(tenant_id=2, type="memo", client="someone")
    moved = await pages.upsert_on_client(session, other)
    assert (moved.tenant_id, moved.type) == (2, "memo")
    await session.commit()

    await fresh_pages.verify(session)
    fresh = await fresh_pages.get(session, "someone")
    assert fresh is not None
    assert fresh.client_again == "someone"
    assert (await fresh_pages.list_page(session, 5)).items == [fresh]

    # Newest first, and then by the rest of the key in the other direction.
    days = [dt.date(2026, 1, day) for day in (1, 2, 3)]
    for day in days:
        for group in (1, 2):
            given = memberships.MembershipCreate(
                group_id=group, user_id=UUID(int=0), since=day
            )
            await memberships.insert(session, given)
    seen, cursor = [], None
    while True:
        found = await memberships.list_page(session, 4, cursor)
        seen += [(row.since, row.group_id) for row in found.items]
        cursor = found.next
        if cursor is None:
            break
    assert seen == [(day, group) for day in reversed(days) for group in (1, 2)]


async def without_keys(session: AsyncSession) -> None:
    await log.verify(session)
    await log.insert(session, log.LogCreate(line="started"))
    assert [row.line for row in await log.list_page(session)] == ["started"]

    await options.insert(session, options.OptionCreate(key="colour"))
    assert await options.delete(session, "colour")

    new = results.ResultCreate.model_validate(
        {"id": UUID(int=0), "metric": ["l2"], "corners": [[0.0, 1.0], [2.0, 3.0]]}
    )
    await results.insert_many(session, [new])
    outline = "ROW('square', '[1,2]')::outline"
    await session.execute(sa.text(f"UPDATE results SET outline = {outline}"))
    row = await results.get(session, new.id)
    assert row is not None
    assert (row.metric, row.corners) == (new.metric, new.corners)
    assert isinstance(row.outline, Outline)
    assert row.outline.name == "square"


async def main(url: str) -> None:
    engine = make_engine(url.replace("postgres://", "postgresql+asyncpg://"))
    async with make_sessions(engine)() as session:
        await fill(session)
        await searches(session)
        await smaller_ones(session)
        await reranked(session)
        await materialized(session)
        await names_and_keys(session)
        await without_keys(session)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
