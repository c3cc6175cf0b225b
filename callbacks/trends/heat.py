"""The table of hours by weekdays. Twin: layouts/trends/heat.py."""

from __future__ import annotations

from dashboard.trends.heat import Heat, heat
from dashboard.trends.window import compare
from data_sources.sources import Sources
from data_sources.trends.desk import Material
from layouts.trends.heat import heat_picture
from layouts.trends.here import Here, Picture


async def draw(sources: Sources, here: Here) -> Picture:
    choice, coarse = here.choice.without("hour"), here.coarse

    def make(material: Material) -> Heat:
        return heat(
            compare(material.incidents, choice, material.now_ms, material.known_from_ms, "hour"),
            coarse=coarse,
        )

    found = await sources.trends.answer(choice, f"heat {coarse}", make)
    return heat_picture(here, found, False)
