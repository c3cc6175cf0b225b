"""The executive's week: its page and archive, and who seals and sends it. Twin: layouts/weekly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks.weekly import clerk, page

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources


def register(app: ControlRoom, sources: Sources) -> None:
    page.register(app, sources)
    clerk.register(app, sources)
