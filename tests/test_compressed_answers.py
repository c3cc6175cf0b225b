"""Large answers of callbacks travel compressed; nothing else is compressed twice."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from callbacks.web.compressed import FROM_BYTES, CompressedAnswers


async def answer(request: Request) -> Response:
    return JSONResponse("x" * int(request.query_params["n"]))


@pytest.mark.parametrize(
    ("path", "size", "encoding"),
    [
        ("/_dash-update-component", 2 * FROM_BYTES, "gzip"),
        ("/_dash-update-component", FROM_BYTES // 2, None),
        ("/live/hour", 2 * FROM_BYTES, None),
    ],
)
def test_it_compresses_large_answers_of_callbacks(
    path: str, size: int, encoding: str | None
) -> None:
    app = CompressedAnswers(Starlette(routes=[Route("/{rest:path}", answer)]))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path, params={"n": size})

    got = asyncio.run(ask())
    assert got.headers.get("content-encoding") == encoding
    assert got.json() == "x" * size
