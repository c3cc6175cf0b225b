"""Who passes by hour of the week. Twin: layouts/trends/profile.py."""

from __future__ import annotations

from callbacks.trends.street import place_of, street
from dashboard.trends.profile import profile
from data_sources.sources import Sources
from layouts.trends.here import Here, Picture
from layouts.trends.profile import profile_picture


async def draw(sources: Sources, here: Here) -> Picture:
    choice, place, streets = (
        here.choice.without("hour", "cell"),
        place_of(here),
        await street(sources),
    )
    found = await sources.trends.answer(
        choice,
        f"profile {place}",
        lambda material: profile(streets, place, choice.period, material.now_ms),
    )
    return profile_picture(here, place, found, dict(streets.foot.counters["name"]))
