"""The map. Twin: layouts/trends/where.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.trends.frame import chosen
from dashboard.trends.where import Where, where
from layouts.trends.where import where_picture
from layouts.trends.where_data import DENSITY

if TYPE_CHECKING:
    from data_sources.sources import Sources
    from data_sources.trends.desk import Material
    from layouts.trends.here import Here, Picture


async def draw(sources: Sources, here: Here) -> Picture:
    """All cells, whichever is picked."""
    choice, coarse = here.choice.without("cell"), here.coarse
    density = here.address.surface == DENSITY

    def make(material: Material) -> Where:
        frame = chosen(material.incidents, choice, material.now_ms)
        return where(frame, material.grid, material.site, density, coarse)

    found = await sources.trends.answer(choice, f"where {density} {coarse}", make)
    return where_picture(here, found, sources.trends.grid)
