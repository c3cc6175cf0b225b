"""Incidents per 1,000 passers. Twin: layouts/trends/passers.py."""

from __future__ import annotations

from dashboard.trends.frame import chosen
from dashboard.trends.passers import DIMS, Exposure, Passers, passers
from data_sources.sources import Sources
from data_sources.trends.desk import Material
from layouts.trends.here import Here, Picture
from layouts.trends.passers import passers_picture


async def draw(sources: Sources, here: Here) -> Picture:
    """All routes and all zones, whichever is chosen."""
    choice, coarse = here.choice.without("hour", "cell", *DIMS), here.coarse
    street, known = await sources.trends.street(), here.known

    def make(material: Material) -> list[Passers]:
        exposure = Exposure(street, choice.period, material.now_ms)
        incidents = chosen(material.incidents, choice, material.now_ms)
        return [passers(exposure, incidents, dim, known[dim], coarse) for dim in DIMS]

    return passers_picture(here, await sources.trends.answer(choice, f"passers {coarse}", make))
