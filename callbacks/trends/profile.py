"""Who passes by hour of the week. Twin: layouts/trends/profile.py."""

from __future__ import annotations

from dashboard.trends.profile import Place, profile
from data_sources.sources import Sources
from layouts.trends.here import Here, Picture
from layouts.trends.profile import profile_picture


async def draw(sources: Sources, here: Here) -> Picture:
    choice, place = here.choice.without("hour", "cell"), _place(here)
    street = await sources.trends.street()
    found = await sources.trends.answer(
        choice,
        f"profile {place}",
        lambda material: profile(street, place, choice.period, material.now_ms),
    )
    return profile_picture(here, place, found, dict(street.foot.counters["name"]))


def _place(here: Here) -> Place:
    """A counter that is picked goes before the route and zone that are."""
    if here.address.counter:
        return Place(counter=here.address.counter)
    wanted = here.choice.wanted
    return Place(route=wanted.get("route", ""), zone=wanted.get("zone", ""))
