"""The executive's week: its page and archive, who seals and sends it, and to whom.

Twin: layouts/weekly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks.weekly import clerk, mail_page, page

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources


def register(app: ControlRoom, sources: Sources) -> None:
    page.register(app, sources)
    mail_page.register(app, sources)
    clerk.register(app, sources)
