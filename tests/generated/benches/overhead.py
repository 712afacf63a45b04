"""Generated functions against hand-written code that sends the same messages and reads
the same rows: ``overhead.py URL``, where the database is that of `scripts/measure code`.

Times are printed and never judged.
"""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from documents import documents, make_engine, make_sessions
from documents.documents import EMBEDDING_DIMENSIONS, Document

Work = Callable[[], Awaitable[int]]
# A statement as the driver gets it.
Sent = tuple[str, Any]


async def compared(name: str, runs: int, generated: Work, by_hand: Work) -> None:
    """Medians of both in turn, since machines are noisy."""
    # Of each: seconds of the clock, and of this process.
    times: list[list[tuple[float, float]]] = [[], []]
    for _ in range(runs):
        counts = []
        for work, taken in zip((generated, by_hand), times, strict=True):
            start = (time.perf_counter(), time.process_time())
            counts.append(await work())
            end = (time.perf_counter(), time.process_time())
            taken.append((end[0] - start[0], end[1] - start[1]))
        assert counts[0] == counts[1], (name, counts)
    (one, own), (other, others) = ([median(it) for it in zip(*both)] for both in times)
    share = 100 * (one / other - 1)
    print(
        f"{name}: {one:.2f} ms generated, {other:.2f} ms by hand, {share:+.1f} %;"
        f" of the client {own:.2f} ms and {others:.2f} ms"
    )


def median(times: Iterable[float]) -> float:
    """In milliseconds."""
    return 1e3 * statistics.median(times)


async def reads(session: AsyncSession) -> None:
    row = (await documents.list_page(session, 1)).items[0]
    id = row.id

    async def get() -> int:
        session.expunge_all()
        return int(await documents.get(session, id) is not None)

    async def get_by_hand() -> int:
        session.expunge_all()
        stmt = sa.select(Document).where(Document.id == id)
        found = (await session.execute(stmt)).scalar_one_or_none()
        return int(found is not None)

    async def page() -> int:
        session.expunge_all()
        return len((await documents.list_page(session, 100)).items)

    order = (Document.created_at.desc(), Document.id.desc())

    async def page_by_hand() -> int:
        session.expunge_all()
        stmt = sa.select(Document).order_by(*order).limit(101)
        return len((await session.scalars(stmt)).all()[:100])

    await compared("get", 1001, get, get_by_hand)
    await compared("list_page, 100 rows", 201, page, page_by_hand)


async def searches(engine: AsyncEngine, session: AsyncSession, k: int) -> None:
    numbers = random.Random(11)
    query = [numbers.random() - 0.5 for _ in range(EMBEDDING_DIMENSIONS)]
    sent: list[Sent] = []

    def listen(*given: Any) -> None:
        sent.append((given[2], given[3]))

    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    await documents.nearest(session, query, k)
    event.remove(engine.sync_engine, "before_cursor_execute", listen)
    choice, _, restore = sent

    async def nearest() -> int:
        session.expunge_all()
        return len(await documents.nearest(session, query, k))

    async def by_hand() -> int:
        session.expunge_all()
        connection = await session.connection()
        await connection.exec_driver_sql(*choice)
        distance = Document.embedding.op("<=>", return_type=sa.Float)(query)
        stmt = sa.select(Document, distance.label("distance"))
        stmt = stmt.order_by(distance).limit(sa.literal(k, sa.Integer))
        rows = (await session.execute(stmt)).all()
        await connection.exec_driver_sql(*restore)
        return len(sorted(rows, key=lambda row: float(row[1])))

    await compared(f"nearest, k = {k}", 201, nearest, by_hand)


async def main(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    async with make_sessions(engine)() as session:
        await reads(session)
        for k in (10, 100):
            await searches(engine, session, k)
    await engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory of this client: {peak} kB")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
