"""Files that do not change while we run: read once, compressed once, sent from memory."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import Response

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
COMPRESS_FROM_BYTES = 1_000
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg")
TYPES = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
    ".svg": "image/svg+xml", ".woff2": "font/woff2", ".json": "application/json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaticFile:
    media_type: str
    etag: str
    bodies: dict[str, bytes]  # by content encoding; "" = as it is


class StaticFiles:
    """Keeps what it has read, by (name, version)."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], StaticFile] = {}

    async def serve_file(self, request: Request, folder: Path, name: str) -> Response:
        """A file under folder; 404 for what is not one, however the name is dressed up."""
        path = _inside(folder, name)
        if path is None:
            return Response("not found", 404, media_type="text/plain")
        version = f"{path.stat().st_mtime_ns}"
        fingerprinted = "m" in request.query_params
        return await self.serve(request, (str(path), version), path.read_bytes, fingerprinted)

    async def serve(
        self, request: Request, key: tuple[str, str], read: object, fingerprinted: bool
    ) -> Response:
        """key: name and version; read() → bytes, called when the key is new."""
        file = self._files.get(key)
        if file is None:
            content = await asyncio.to_thread(read)  # type: ignore[arg-type]
            file = await asyncio.to_thread(pack, key[0], content)
            self._files[key] = file
        return _respond(request, file, FOR_EVER if fingerprinted else ASK_AGAIN)


def pack(name: str, content: bytes) -> StaticFile:
    media_type = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    media_type = media_type or "application/octet-stream"
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    bodies = {"": content}
    if len(content) >= COMPRESS_FROM_BYTES and media_type.startswith(COMPRESSIBLE):
        bodies["gzip"] = gzip.compress(content, 9, mtime=0)
        bodies["br"] = brotli.compress(content, quality=9)
    return StaticFile(media_type, etag, bodies)


def _respond(request: Request, file: StaticFile, caching: str) -> Response:
    headers = {"ETag": file.etag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    encoding = _encoding(request.headers.get("accept-encoding", ""), file)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(file.bodies[encoding], media_type=file.media_type, headers=headers)


def _encoding(accepted: str, file: StaticFile) -> str:
    words = {part.partition(";")[0].strip() for part in accepted.split(",")}
    return next((name for name in ("br", "gzip") if name in words and name in file.bodies), "")


def _inside(folder: Path, name: str) -> Path | None:
    """The file's real path, if it really lies under folder (links and dots followed)."""
    if "\x00" in name:
        return None
    path = (folder / name.lstrip("/")).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
