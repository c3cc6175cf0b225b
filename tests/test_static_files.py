"""Scripts and styles: compressed once, asked for once, and never outside their folder."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
from pathlib import Path

import brotli
from starlette.requests import Request

from callbacks.web.static_files import StaticFiles, pack


def test_what_compresses_is_compressed_once_and_alike() -> None:
    content = b"let a = 1;\n" * 1_000
    file = pack("a.js", content)
    assert gzip.decompress(file.bodies["gzip"]) == brotli.decompress(file.bodies["br"]) == content
    assert file.media_type == "text/javascript"
    assert set(pack("a.woff2", content).bodies) == {""}
    assert set(pack("a.css", b"small").bodies) == {""}


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    async def body() -> list[bytes]:
        files, got = StaticFiles(), []
        for n, text in enumerate((b"one", b"two")):
            (tmp_path / "a.css").write_bytes(text)
            os.utime(tmp_path / "a.css", (n, n))
            request = Request({"type": "http", "headers": [], "query_string": b""})
            got.append((await files.serve_file(request, tmp_path, "a.css")).body)
        return got

    assert asyncio.run(body()) == [b"one", b"two"]


def test_fingerprinted_files_are_kept_for_good_and_others_asked_for(enter) -> None:
    duty = enter("duty")
    page = duty.get("/").text
    links = re.findall(r'(?:src|href)="(/(?:assets|_dash-component-suites)/[^"]+)"', page)
    assert len(links) > 10
    for link in links:
        answer = duty.get(link)
        assert answer.status_code == 200
        if "icon.svg" not in link:
            assert "immutable" in answer.headers["cache-control"], link
        again = duty.get(link, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    plain = duty.get("/assets/css/shell.css")
    assert plain.headers["cache-control"] == "private, no-cache"
    assert plain.headers["content-encoding"] in ("br", "gzip")
    assert (
        "content-encoding"
        not in duty.get("/assets/css/shell.css", headers={"Accept-Encoding": "identity"}).headers
    )


def test_no_address_outside_is_in_the_page(enter) -> None:
    duty = enter("duty")
    tags = re.findall(r'(?:src|href)="([^"]+)"', duty.get("/").text)
    assert tags and not [tag for tag in tags if not tag.startswith("/")]
