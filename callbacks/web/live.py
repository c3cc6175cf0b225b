"""The WebSocket /live: what happens in the city, to one browser.

Three things go on at once: sending from the queue, listening (which also notices the end of
the connection), and looking again and again whether the person is still signed in.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from callbacks import session
from callbacks.web.fanout import Browser, Fanout
from dashboard.errors import SourceUnavailable
from dashboard.principal import Principal
from dashboard.roles import Permission

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

SESSION_CHECK_S = 4.0
TOKEN_S = 900.0  # a token's socket is closed after this: coming back checks the token again
MOST_PER_CHECK = 200  # messages of one browser within SESSION_CHECK_S
SIGNED_OUT, MAY_NOT, TOO_MANY, COME_BACK = 4401, 4403, 4429, 1012
_PONG = '{"t":"pong"}'


class Said(msgspec.Struct):
    """What a browser may say: seen (the canaries it has drawn) or ping."""

    t: str
    canary: list[str] = []


_parse = msgspec.json.Decoder(Said).decode


def register(app: ControlRoom, sources: Sources, fanout: Fanout) -> None:
    async def live(socket: WebSocket) -> None:
        who = session.principal()
        await socket.accept()
        if not who.may(Permission.LIVE_MAP_SEE):
            await socket.close(MAY_NOT)
            return
        query = socket.query_params
        exact = who.may(Permission.EXACT_POINTS_SEE)
        browser = fanout.join(query.get("city", ""), _number(query.get("seq")), exact)
        try:
            await Conversation(socket, browser, who, sources).run()
        finally:
            fanout.leave(browser)

    app.server.add_api_websocket_route("/live", live)


class Conversation:
    def __init__(
        self, socket: WebSocket, browser: Browser, who: Principal, sources: Sources
    ) -> None:
        self._socket, self._browser, self._who = socket, browser, who
        self._sources = sources
        self._heard = 0

    async def run(self) -> None:
        """Until any of the three ends; the others end with it."""
        parts = [asyncio.create_task(part()) for part in (self._send, self._listen, self._check)]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def _send(self) -> None:
        socket, get = self._socket, self._browser.queue.get
        try:
            while isinstance(text := await get(), str):
                await socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            return
        await self._close(text)

    async def _listen(self) -> None:
        try:
            while True:
                self._hear(await self._socket.receive_text())
                if self._heard > MOST_PER_CHECK:
                    await self._close(TOO_MANY)
                    return
        except (WebSocketDisconnect, KeyError, RuntimeError):
            return

    def _hear(self, text: str) -> None:
        self._heard += 1
        try:
            said = _parse(text)
        except (msgspec.DecodeError, RecursionError):
            return
        if said.t == "seen":
            for name in said.canary[:20]:
                self._sources.canary.seen(name)
        elif said.t == "ping":
            self._browser.put(_PONG)

    async def _check(self) -> None:
        left_s = TOKEN_S
        while True:
            await asyncio.sleep(SESSION_CHECK_S)
            self._heard = 0
            left_s -= SESSION_CHECK_S
            if not self._who.session and left_s <= 0:
                await self._close(COME_BACK)
                return
            if self._who.session and not await self._signed_in():
                await self._close(SIGNED_OUT)
                return

    async def _signed_in(self) -> bool:
        """While Redis is away nobody can sign out either: the last answer stays."""
        try:
            found = await self._sources.sessions.read(self._who.session)
        except SourceUnavailable:
            return True
        return found is not None and found.role == self._who.role.value

    async def _close(self, code: int) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            await self._socket.close(code)


def _number(text: Any) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else -1
