"""Near repeats and how far to trust hot spots. Twin: layouts/trends/near.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data_sources.trends.near import foretelling, near_repeats
from layouts.trends.near import near_picture

if TYPE_CHECKING:
    from data_sources.sources import Sources
    from layouts.trends.here import Here, Picture


async def draw(sources: Sources, here: Here) -> Picture:
    """Of the whole city, whatever cell is picked."""
    choice = here.choice.without("cell")
    job = await near_repeats(sources.trends, choice)
    return near_picture(here, job, await foretelling(sources.trends, choice))
