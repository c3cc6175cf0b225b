"""Fills the System page and sends rejected messages again. Twin: layouts/system.py."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, no_update

from callbacks import guard, session
from callbacks.system import figures, mail
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.api_json import rfc3339
from dashboard.errors import BadRequest
from dashboard.roles import Permission
from data_sources.rejected import read_durability, read_rejected
from layouts import system as layout

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources

REJECTED_SHOWN = 30
ENTRY = re.compile(r"(\d{1,3})/(\d{1,15}-\d{1,10})")


def register(app: ControlRoom, sources: Sources) -> None:
    partitions = sources.settings.partitions

    def view(t: Translate, who: Principal) -> Any:
        return layout.layout(t, who, partitions, simulated=sources.city.progress is not None)

    app.add_page(Page("system", "/system", Permission.SYSTEM_SEE, view))
    tick = Input(ids.System.TICK, "data")

    @guard.secured(
        app,
        Output(ids.System.FEEDS, "data-figures"),
        Output(ids.System.UNREGISTERED, "data-rows"),
        tick,
        perm=Permission.SYSTEM_SEE,
    )
    async def show_figures(_tick: int | None) -> tuple[str, str]:
        t, now = session.text(), sources.now_ms()
        partitions_now = await sources.feeds.read(now)
        durability = await read_durability(sources.redis)
        facts = figures.facts(sources.city, durability, app.measured(), now, t)
        cells = facts | figures.streams(partitions_now, now, t)
        cells |= mail.cells(await sources.week_mail.state(), t)
        unregistered = figures.unregistered(sources.city, now, t)
        return json.dumps(cells, ensure_ascii=False), layout.rows_json(unregistered)

    @guard.secured(
        app,
        Output(ids.System.REJECTED, "data-rows"),
        Output(ids.System.REJECTED, "data-newest"),
        tick,
        State(ids.System.REJECTED, "data-newest"),
        perm=Permission.SYSTEM_SEE,
    )
    async def show_rejected(_tick: int | None, newest: str | None) -> tuple[Any, Any]:
        found = await read_rejected(sources.redis, partitions, REJECTED_SHOWN)
        mark = f"{found[0].partition}/{found[0].entry_id}" if found else ""
        if mark == newest:
            return no_update, no_update
        rows = figures.rejected(found, session.text())
        return layout.rows_json(rows), mark

    @guard.secured(
        app,
        Output(ids.System.NOTICE, "children"),
        Output(ids.System.NOTICE, "data-resent"),
        Input(ids.System.RESEND, "data"),
        perm=Permission.REJECTED_RESEND,
        prevent_initial_call=True,
    )
    async def send_again(asked: Any) -> tuple[str, str]:
        t, entry = session.text(), _entry(asked, partitions)
        outcome = await sources.actions.submit(entry[0], _resend(entry[1], sources.now_ms()))
        key = "not_confirmed" if outcome is None else "resent" if outcome.ok else "not_found"
        ok = outcome is not None and outcome.ok
        told = {"entry": f"{entry[0]}/{entry[1]}", "ok": ok, "text": t(f"system.{key}_short")}
        return t(f"system.{key}"), json.dumps(told, ensure_ascii=False)


def _resend(entry_id: str, now_ms: int) -> dict[str, Any]:
    who = session.principal()
    return {
        "v": 1,
        "action_id": str(uuid.uuid4()),
        "ts": rfc3339(now_ms),
        "actor": who.user,
        "role": who.role.value,
        "action": "resend",
        "rejected_id": entry_id,
    }


def _entry(asked: Any, partitions: int) -> tuple[int, str]:
    """Partition and entry id out of "0/1700000000000-0"; the page's word is not trusted."""
    text = asked.get("entry") if isinstance(asked, dict) else None
    match = ENTRY.fullmatch(text) if isinstance(text, str) else None
    if match is None or int(match[1]) >= partitions:
        raise BadRequest("entry")
    return int(match[1]), match[2]
