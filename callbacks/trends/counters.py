"""The list of counters. Twin: layouts/trends/counters.py."""

from __future__ import annotations

from dashboard.trends.counters import counters
from dashboard.trends.profile import Place
from data_sources.sources import Sources
from layouts.trends.counters import counters_picture
from layouts.trends.here import Here, Picture


async def draw(sources: Sources, here: Here) -> Picture:
    """Of the route and zone that are chosen; the one that is picked is marked among them."""
    wanted, street = here.choice.wanted, await sources.trends.street()
    place = Place(route=wanted.get("route", ""), zone=wanted.get("zone", ""))
    found = await sources.trends.answer(
        None, f"counters {place}", lambda material: counters(street, place, material.now_ms)
    )
    return counters_picture(here, found)
