"""What one pilot changed. Twin: layouts/trends/effect.py."""

from __future__ import annotations

from data_sources.sources import Sources
from layouts.trends.effect import effect_picture, nothing_chosen, unknown_pilot
from layouts.trends.here import Here, Picture


async def draw(sources: Sources, here: Here) -> Picture:
    if not here.address.pilot:
        return nothing_chosen(here)
    desk = sources.pilots
    kept = await desk.book.find(here.address.pilot)
    if kept is None:
        return unknown_pilot(here)
    found = await desk.evaluate(kept.now, here.coarse)
    return effect_picture(here, kept, found, desk.ground())
