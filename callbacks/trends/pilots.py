"""The list of pilots. Twin: layouts/trends/pilots.py."""

from __future__ import annotations

from data_sources.sources import Sources
from layouts.trends.here import Here, Picture
from layouts.trends.pilots import pilots_picture


async def draw(sources: Sources, here: Here) -> Picture:
    return pilots_picture(here, await sources.pilots.book.all(), sources.pilots.ground())
