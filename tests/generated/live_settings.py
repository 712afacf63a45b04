"""Arrays of numpy, and pgvector in a schema that no search_path has.

``live_settings.py URL``: a database that has the tables and nothing in them.
"""

from __future__ import annotations

import asyncio
import sys

import numpy as np
import pydantic
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from project import Model
from settings import make_engine, make_sessions, passages, portraits, support
from settings.passages import PassageCreate, PassageHitOut
from settings.portraits import PortraitCreate

NUMBERS = np.random.default_rng(5)


def numbers(count: int) -> support.Array:
    return NUMBERS.random(count, dtype=np.float32)


async def fill(session: AsyncSession) -> None:
    assert issubclass(passages.Passage, Model)
    await passages.verify(session)
    new = PassageCreate(body="the bear", embedding=numbers(3), thumbnail=numbers(2))
    assert new.embedding.dtype == np.float32
    bear = await passages.insert(session, new)
    await session.commit()
    found = await passages.get_full(session, bear.id)
    assert found is not None
    assert found.embedding.dtype == np.float32
    assert np.array_equal(found.embedding, new.embedding)
    assert found.thumbnail is not None
    assert new.thumbnail is not None
    assert np.allclose(found.thumbnail, new.thumbnail, atol=1e-3)

    rows = [
        PassageCreate.model_validate(
            {
                "body": f"number {i}",
                "embedding": numbers(3).tolist() if i % 2 else NUMBERS.random(3),
                "thumbnail": numbers(2) if i % 3 else None,
            }
        )
        for i in range(300)
    ]
    assert await passages.insert_many(session, rows) == 300
    edge = np.array([1.0, 65520.0], dtype=np.float32)
    try:
        PassageCreate(body="x", embedding=numbers(3), thumbnail=edge)
    except pydantic.ValidationError as error:
        assert "at 1" in str(error)
    else:
        raise AssertionError("what 16 bits do not hold was taken")
    again = PassageCreate(**dict(new))
    assert again == new
    again.embedding = numbers(3)
    assert again != new
    large = NUMBERS.random(3) * 1e40
    short, nan = [1.0, 2.0], [1.0, 2.0, float("nan")]
    for wrong in (short, nan, [1e39, 0.0, 0.0], large, "text", [[1.0]], None):
        try:
            PassageCreate.model_validate({"body": "x", "embedding": wrong})
        except pydantic.ValidationError:
            continue
        raise AssertionError(f"{wrong} was taken")


async def searches(session: AsyncSession) -> None:
    query = np.array([0.1, 0.2, 0.3], dtype=np.float32)
    german = [passages.Passage.body.like("number 1%")]
    assert len(await passages.nearest(session, query, 60)) == 60
    assert len(await passages.nearest(session, query, 50, where=german)) == 50
    exact = await passages.nearest(session, query.tolist(), exact=True)
    over_half = passages.nearest_rerank_over_passages_half_idx
    hits = await over_half(session, query, oversample=30)
    assert [hit.row.id for hit in hits] == [hit.row.id for hit in exact]
    # Eight patterns of bits: which of the rows that are as far away are candidates is open.
    hits = await passages.nearest_rerank(session, query, oversample=30)
    assert len(hits) == 10 and hits == sorted(hits, key=lambda hit: hit.distance)
    assert len(await passages.nearest_mmr(session, query, 4)) == 4
    others = await passages.nearest_to_row(session, exact[0].row.id, 4)
    assert exact[0].row.id not in [hit.row.id for hit in others]
    assert len(await passages.nearest_by_thumbnail(session, query[:2], 300)) == 201
    # The first by one rank and the first by the other are even.
    ranked = await passages.hybrid(session, query, "bear")
    assert "the bear" in [it.row.body for it in ranked[:2]]

    out = PassageHitOut.of(exact[0])
    assert "embedding" not in out.model_dump()


async def arrays_in_responses(session: AsyncSession) -> None:
    await portraits.verify(session)
    face = np.array([0.5, 0.25], dtype=np.float32)
    new = PortraitCreate(name="anna", face=face)
    await portraits.insert(session, new)
    assert new.model_dump_json() == '{"name":"anna","face":[0.5,0.25]}'
    again = PortraitCreate.model_validate_json(new.model_dump_json())
    assert again.face is not None
    assert np.array_equal(again.face, face)
    [hit] = await portraits.nearest(session, face, 5)
    assert hit.row.face is not None
    assert hit.distance == -float(face @ face)
    changed = portraits.PortraitPatch(face=None)
    row = await portraits.update(session, "anna", changed)
    assert row is not None
    assert row.face is None


async def main(url: str) -> None:
    engine = make_engine(url.replace("postgres://", "postgresql+asyncpg://"))
    async with make_sessions(engine)() as session:
        await session.execute(sa.text("SET search_path = public"))
        await session.commit()
        await fill(session)
        await searches(session)
        await arrays_in_responses(session)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
