"""A service for documents of many tenants: what the test `service` asks over HTTP.

It uses the database that ``SERVICE_URL`` names, as a role to which row-level security
applies, and prints the port that it listens on.
"""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import pydantic
import uvicorn
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from service import documents, make_engine, make_sessions, support
from service.documents import (
    Document,
    DocumentCreate,
    DocumentCursor,
    DocumentHitOut,
    DocumentOut,
    EmbeddingIn,
)

app = FastAPI()
engine = make_engine(os.environ["SERVICE_URL"], pool_size=1, max_overflow=0)
sessions = make_sessions(engine)


@app.exception_handler(support.InvalidCursor)
async def invalid(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=422)


class Tenant:
    """A session with the settings of a tenant."""

    def __init__(self, id: UUID, session: AsyncSession) -> None:
        self.id, self.session = id, session
        self.own = Document.tenant_id == id


async def tenant(x_tenant: Annotated[UUID, Header()]) -> AsyncIterator[Tenant]:
    settings = {"app.tenant": str(x_tenant)}
    async with support.with_settings(sessions(), settings) as session:
        yield Tenant(x_tenant, session)


# What a request has used is given back before its response is sent.
Of = Annotated[Tenant, Depends(tenant, scope="function")]


class Create(pydantic.BaseModel):
    content: str
    metadata: pydantic.JsonValue = None
    embedding: EmbeddingIn


class PageOut(pydantic.BaseModel):
    items: list[DocumentOut]
    next: str | None


class Search(pydantic.BaseModel):
    embedding: EmbeddingIn
    k: int
    metadata: pydantic.JsonValue = None


class HybridSearch(pydantic.BaseModel):
    embedding: EmbeddingIn
    text: str
    k: int


class RankedOut(DocumentOut):
    score: float
    vector_rank: int | None
    text_rank: int | None

    @classmethod
    def of(cls, found: support.Ranked[Document]) -> RankedOut:
        row = dict(DocumentOut.model_validate(found.row))
        return cls(
            **row,
            score=found.score,
            vector_rank=found.vector_rank,
            text_rank=found.text_rank,
        )


@app.post("/documents", status_code=201)
async def create(tenant: Of, body: Create) -> DocumentOut:
    new = DocumentCreate(tenant_id=tenant.id, **dict(body))
    row = await documents.insert(tenant.session, new)
    await tenant.session.commit()
    return DocumentOut.model_validate(row)


@app.get("/documents")
async def listed(
    tenant: Of,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: str | None = None,
) -> PageOut:
    position = None
    if after is not None:
        position = support.decode_cursor(DocumentCursor, after)
    page = await documents.list_page(tenant.session, limit, position, [tenant.own])
    items = [DocumentOut.model_validate(row) for row in page.items]
    following = None if page.next is None else support.encode_cursor(page.next)
    return PageOut(items=items, next=following)


@app.post("/search")
async def search(tenant: Of, body: Search) -> list[DocumentHitOut]:
    where = [tenant.own]
    if body.metadata is not None:
        where.append(Document.metadata_.contains(body.metadata))
    hits = await documents.nearest(tenant.session, body.embedding, body.k, where=where)
    return [DocumentHitOut.of(hit) for hit in hits]


@app.post("/hybrid")
async def hybrid(tenant: Of, body: HybridSearch) -> list[RankedOut]:
    found = await documents.hybrid(
        tenant.session, body.embedding, body.text, body.k, where=[tenant.own]
    )
    return [RankedOut.of(it) for it in found]


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning")
    uvicorn.Server(config).run(sockets=[listener])
