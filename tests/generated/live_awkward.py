"""Searches of every kind, keys of every shape and views against a real server.

``live_awkward.py URL``: a database that has the tables and nothing in them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
import random
import sys
from collections.abc import Awaitable, Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pydantic
import sqlalchemy as sa
from pgvector import SparseVector
from sqlalchemy import orm
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from awkward import (
    MetricType,
    Outline,
    accounts,
    articles,
    codes,
    embeddings,
    enums,
    events,
    fresh_pages,
    log,
    make_engine,
    make_sessions,
    measures,
    memberships,
    options,
    pages,
    prices,
    results,
    reviews,
    shelves,
    slots,
    summaries,
    support,
    tallies,
)
from awkward.articles import Article, ArticleCreate, ArticleHitOut, ArticleOut
from awkward.embeddings import EmbeddingRow, EmbeddingRowCreate, Scope
from project import Note

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
    hits = await by_index(
        session, index, e.nearest(session, full, 50, where=german, ef_search=1000)
    )
    assert len(hits) == 50
    assert all(hit.row.lang == "de" for hit in hits)

    by_cosine = e.nearest_by_embedding_cosine
    index = "embeddings_cosine_idx"
    hits = await by_index(session, index, by_cosine(session, query, 60))
    assert len(hits) == 60
    assert is_sorted(hits)
    scope = [Scope.embeddings_german_idx]
    index = "embeddings_german_idx"
    hits = await by_index(
        session, index, by_cosine(session, query, 50, where=scope, ef_search=200)
    )
    assert len(hits) == 50
    assert all(hit.row.lang == "de" for hit in hits)

    # IVFFlat: all lists are looked through until there are enough.
    by_l2 = e.nearest_by_embedding_l2
    index = "embeddings_l2_idx"
    hits = await by_index(session, index, by_l2(session, query, 50, where=german))
    assert len(hits) == 50
    assert is_sorted(hits)
    # Or an HNSW index answers, which has some rows only: that is for the planner.
    scope = [Scope.embeddings_l2_german_idx]
    hits = await by_l2(session, query, 200, where=scope)
    assert len(hits) == 200
    assert is_sorted(hits)
    search = support.Search(method="ivfflat", other="hnsw", k=200, bytes=20)
    told = search.settings()
    assert told is not None
    assert told[0].keys() >= {"hnsw.ef_search", "ivfflat.iterative_scan"}
    assert 'other="hnsw"' in inspect.getsource(by_l2)
    hits = await by_l2(session, query, 20, probes=2)
    exact = await by_l2(session, query, 20, exact=True)
    assert [hit.row.id for hit in hits] == [hit.row.id for hit in exact]
    assert len(await e.nearest_mmr_by_embedding_l2(session, query, 4)) == 4

    # What an index knows nothing of cannot be asked for.
    assert "max_scan_tuples" not in inspect.signature(by_l2).parameters
    assert "max_scan_tuples" in inspect.signature(by_cosine).parameters
    assert "ef_search" not in inspect.signature(e.nearest_by_plain).parameters


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
    rerank = e.nearest_rerank_by_embedding_cosine
    search = rerank(session, query, oversample=20, ef_search=400)
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
    assert hits[0].row.id == first.id
    assert hits[0].row is not first

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
    again = await pages.upsert_on_client(session, other)
    assert (again.tenant_id, again.type, again.größe) == (1, "note", 1.5)
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


async def fails(work: Awaitable[object], kind: type[Exception]) -> Exception:
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


async def awkward_columns(session: AsyncSession) -> None:
    a = articles
    await a.verify(session)
    assert "document" not in ArticleCreate.model_fields
    rows = [
        ArticleCreate(doc_id=i, body=f"bear {i}", embedding=floats(3), rank=i)
        for i in range(100)
    ]
    assert await a.insert_many(session, rows) == 100
    document = "UPDATE articles SET document = to_tsvector('english', body)"
    await session.execute(sa.text(document))
    await session.commit()

    query = [0.1, 0.2, -0.3]
    exact = await a.nearest(session, query, exact=True)
    ids = [hit.row.doc_id for hit in exact]
    bound = exact[4].distance
    near = await a.nearest(session, query, max_distance=bound, ef_search=200)
    assert [hit.row.doc_id for hit in near] == ids[:5]
    relaxed = await a.nearest(session, query, iterative_scan="relaxed_order")
    assert [hit.row.doc_id for hit in relaxed] == ids
    reranked = await a.nearest_rerank(session, query, oversample=100)
    assert len(reranked) == 10
    assert all(hit.row.doc_id > 10 for hit in reranked)
    ranked = await a.hybrid(session, query, "bear")
    assert len(ranked) == 10
    assert ranked[0].vector_rank is not None and ranked[0].text_rank is not None

    given = ArticleCreate(
        doc_id=100,
        body="x",
        self="me",
        distance=0.5,
        of="all",
        data=b"\xff\0",
        embedding=query,
    )
    article = await a.insert(session, given)
    assert (article.self, article.distance, article.of) == ("me", 0.5, "all")
    article = await a.upsert(session, given.model_copy(update={"self": "you"}))
    assert article.self == "you"
    patched = await a.update(session, 100, a.ArticlePatch(self="we"))
    assert patched is not None
    assert patched.self == "we"
    again = given.model_copy(update={"doc_id": 101})
    assert await a.insert_many(session, [again]) == 1
    hits = await a.nearest(session, query, 1, where=[Article.doc_id == 100])
    hit = ArticleHitOut.of_(hits[0])
    assert (hit.distance, hit.of, hit.distance_) == (0.5, "all", 0.0)
    text = hit.model_dump_json()
    assert ArticleOut.model_validate_json(text).data == b"\xff\0"
    text = given.model_dump_json(exclude_unset=True)
    assert ArticleCreate.model_validate_json(text).data == b"\xff\0"

    # An object keeps its loaded attributes; rewritten ones are loaded again.
    with_vector = sa.select(Article).where(Article.doc_id == 100)
    with_vector = with_vector.options(orm.undefer(Article.embedding))
    full = (await session.execute(with_vector)).scalar_one()
    await a.update(session, 100, a.ArticlePatch(body="y"))
    assert (full.body, len(full.embedding)) == ("y", 3)
    await a.upsert(session, given.model_copy(update={"embedding": [1.0, 2.0, 3.0]}))
    assert (full.body, full.embedding) == ("x", [1.0, 2.0, 3.0])

    # Statements of the session's own come before a COPY.
    session.add(a.Article(doc_id=200, body="pending", embedding=query))
    more = ArticleCreate(doc_id=200, body="twice", embedding=query)
    await fails(a.insert_many(session, [more]), Exception)
    await session.rollback()

    await session.execute(sa.text("UPDATE articles SET tags = '{a,NULL}'"))
    error = await fails(a.list_page(session), ValueError)
    assert "null_elements" in str(error)
    await session.rollback()


async def keys_of_the_server(session: AsyncSession) -> None:
    """What the server takes for the same is the same, whatever Python says."""
    for code in ("ab", "c"):
        address = f"08-00-2B-01-02-03-04-0{code[0]}"
        await codes.insert(session, codes.CodeCreate(code=code, address=address))
    found = await codes.get_many(session, ["c  ", "zz", "ab", "c"])
    assert [row.code for row in found] == ["c  ", "ab ", "c  "]
    row = await codes.get_by_address(session, "08002b:010203:040c")
    assert row is not None
    assert row.code == "c  "
    await session.commit()
    keys = [(i, "x") for i in range(20_000)]
    assert await pages.get_many(session, keys) == []
    assert await pages.get_many(session, []) == []

    # ON CONFLICT takes no key that is checked later.
    assert not hasattr(slots, "upsert")
    await slots.insert(session, slots.SlotCreate(id=1))


async def domains(session: AsyncSession) -> None:
    await measures.verify(session)
    values = {
        "place": [0.5, 2.0],
        "feeling": MetricType.L2,
        "extra": {"a": [1]},
        "always": None,
        "flags": "101",
        "price": Decimal("1.50"),
        "sparse": SparseVector({1: 2.0}, 4),
        "sparses": [SparseVector({0: 1.0}, 4)],
    }
    new = [measures.MeasureCreate.model_validate(values | {"id": i}) for i in (1, 2)]
    await measures.insert(session, new[0])
    await measures.insert_many(session, new[1:])
    session.expunge_all()
    for i in (1, 2):
        row = await measures.get_full(session, i)
        assert row is not None
        for name, value in values.items():
            assert getattr(row, name) == value, (i, name, getattr(row, name))
        out = measures.MeasureOut.model_validate(row).model_dump_json()
        again = measures.MeasureOut.model_validate_json(out)
        assert (again.feeling, again.sparse) == (MetricType.L2, values["sparse"])
    measures.MeasureCreate.model_json_schema()
    found = measures.Measure.place == [0.5, 2.0]
    assert await measures.count(session, [found]) == 2

    # None is the null of JSON where a column takes no other, and else NULL.
    nothing = measures.MeasureCreate(id=3, extra=None, always=None)
    await measures.insert(session, nothing)
    await measures.insert_many(session, [nothing.model_copy(update={"id": 4})])
    await measures.update(session, 1, measures.MeasurePatch(extra=None, always=None))
    sql = "SELECT extra IS NULL, always = 'null' FROM measures WHERE id IN (1, 3, 4)"
    kinds = (await session.execute(sa.text(sql))).all()
    assert [tuple(it) for it in kinds] == [(True, True)] * 3
    await session.commit()

    await session.execute(sa.text("ALTER TYPE metric ADD VALUE 'later'"))
    await session.commit()
    await session.execute(sa.text("UPDATE measures SET feeling = 'later'"))
    session.expunge_all()
    error = await fails(measures.get(session, 1), LookupError)
    assert "generate" in str(error)
    await session.rollback()


async def cancelled(session: AsyncSession) -> None:
    """Rows without COPY: many of them in little time, all or nothing."""
    rows = [
        prices.PriceCreate(id=i, price=Decimal(i), route="[(0,0),(1,1)]")
        for i in range(1, 20_001)
    ]
    for wait in (0.02, 0.05, 0.1):
        task = asyncio.create_task(prices.insert_many(session, rows))
        await asyncio.sleep(wait)
        if task.cancel():
            done, _ = await asyncio.wait([task], timeout=20)
            assert done, "a cancelled load hangs"
        await session.rollback()
        assert await prices.count(session) == 0
    assert await prices.insert_many(session, rows) == 20_000
    twice = prices.insert_many(session, [rows[0], prices.PriceCreate(id=0)])
    await fails(twice, DBAPIError)
    assert await prices.count(session) == 20_000
    await session.rollback()


async def without_keys(session: AsyncSession) -> None:
    await log.verify(session)
    await log.insert(session, log.LogCreate(line="started"))
    assert [row.line for row in await log.list_page(session)] == ["started"]

    await options.insert(session, options.OptionCreate(key="colour"))
    assert await options.delete(session, "colour")

    # What is no key of theirs tells rows apart for a session: they are in none.
    await events.verify(session)
    empty = await events.insert(session, events.EventCreate())
    assert (empty.payload, empty.tags) == (None, None)
    given = events.EventCreate(payload={"a": 1}, tags=["x"], spot=[1.0, 2.0])
    event = await events.insert(session, given)
    assert (event.payload, event.tags, event.note) == ({"a": 1}, ["x"], None)
    await fails(asyncio.to_thread(lambda: event.spot), Exception)
    assert "payload" in events.EventOut.model_validate(event).model_dump()
    spots = [events.EventCreate(spot=[float(i), 0.0]) for i in range(20)]
    assert await events.insert_many(session, spots) == 20
    rows = await events.list_page(session, 100)
    assert len(rows) == 22
    assert all(isinstance(row, events.Event) for row in rows)
    hits = await events.nearest(session, [0.0, 0.0], 50)
    assert is_sorted(hits)
    assert len(hits) == 21
    near = await events.nearest(session, [0.0, 0.0], 50, max_distance=5.0, probes=1)
    assert [hit.distance for hit in near] == [hit.distance for hit in hits[:7]]

    await shelves.insert(session, shelves.ShelfCreate(labels=["a", "b"], books=2))
    await shelves.insert_many(session, [shelves.ShelfCreate(labels=[], books=0)])
    assert await shelves.get(session, ["b", "a"]) is None
    found = await shelves.get_many(session, [[], ["c"], ["a", "b"], []])
    assert [row.books for row in found] == [0, 2, 0]
    change = shelves.ShelfPatch(books=3)
    shelf = await shelves.update(session, ["a", "b"], change)
    assert shelf is not None
    assert (shelf.labels, shelf.books) == (["a", "b"], 3)

    new = results.ResultCreate.model_validate(
        {"id": UUID(int=0), "metric": ["l2"], "corners": [[0.0, 1.0], [2.0, 3.0]]}
    )
    assert "outline" not in results.ResultCreate.model_fields
    await results.insert_many(session, [new])
    outline = "ROW('square', '[1,2]')::outline"
    await session.execute(sa.text(f"UPDATE results SET outline = {outline}"))
    row = await results.get(session, new.id)
    assert row is not None
    assert (row.metric, row.corners) == (new.metric, new.corners)
    assert isinstance(row.outline, Outline)
    assert row.outline.name == "square"


async def defaults_and_names(session: AsyncSession) -> None:
    await accounts.verify(session)
    state = enums.状态.开
    new = accounts.AccountCreate(name="x", mro_="m", register_="r", 状态=state)
    row = await accounts.insert(session, new)
    assert (row.id, row.count, row.small, row.number, row.step) == (1, 1, 1, 5, 10)
    assert (row.down, row.level, row.状态) == (-1, 3, state)
    assert (row.smile, row.path) == (":smile:", "C:\\:x")
    assert row.colons == "a:b :c ::d \\:e: \\\\:f 100% %(x)s"
    assert await accounts.insert_many(session, [new]) == 1

    # Fields that stepped aside have the names of their columns over the wire.
    wire = accounts.AccountOut.model_validate(row).model_dump(by_alias=True)
    assert (wire["mro"], wire["register"], wire["状态"]) == ("m", "r", "开")
    known = accounts.AccountCreate.model_json_schema()["properties"]
    assert {"mro", "register"} <= set(known)
    again = accounts.AccountCreate.model_validate({"name": "y", "register": "s"})
    assert again.register_ == "s"
    assert again.model_dump(by_alias=True)["register"] == "s"
    await session.rollback()


async def types_of_the_project(session: AsyncSession) -> None:
    note = Note(text="fine", stars=4)
    await reviews.verify(session)
    new = reviews.ReviewCreate(id=1, note=note)
    row = await reviews.insert(session, new)
    assert (row.note, row.older) == (note, None)
    await session.commit()
    many = [
        reviews.ReviewCreate(id=2, note=note, older=[note, Note(text="")]),
        reviews.ReviewCreate.model_validate({"id": 3, "note": {"text": "so so"}}),
    ]
    assert await reviews.insert_many(session, many) == 2
    found = await reviews.get_many(session, [2, 3])
    assert [it.note.stars for it in found] == [4, 0]
    assert found[0].older == many[0].older
    # None is NULL, not the null of JSON.
    kept = [reviews.Review.older.is_(None)]
    assert await reviews.count(session, kept) == 2
    assert await reviews.count(session, [reviews.Review.note == note]) == 2
    found[0].note = Note(text="better")
    await session.commit()
    text = sa.text("SELECT note ->> 'text' FROM reviews WHERE id = 2")
    assert (await session.execute(text)).scalar_one() == "better"
    out = reviews.ReviewOut.model_validate(found[1]).model_dump_json()
    assert out == '{"id":3,"note":{"text":"so so","stars":0},"older":null}'

    # What the code does not know is said when it is read.
    change = "UPDATE reviews SET note = '{}' WHERE id = 3"
    await session.execute(sa.text(change))
    session.expire_all()
    try:
        await reviews.get(session, 3)
    except pydantic.ValidationError:
        await session.rollback()
        return
    raise AssertionError("a note without a text was read")


async def main(url: str) -> None:
    engine = make_engine(url.replace("postgres://", "postgresql+asyncpg://"))
    async with make_sessions(engine)() as session:
        await fill(session)
        await searches(session)
        await smaller_ones(session)
        await reranked(session)
        await materialized(session)
        await names_and_keys(session)
        await awkward_columns(session)
        await keys_of_the_server(session)
        await domains(session)
        await cancelled(session)
        await without_keys(session)
        await defaults_and_names(session)
        await types_of_the_project(session)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
