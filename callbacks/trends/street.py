"""What the pictures of foot traffic and the API are made of: hours of all counters, looked over
for stuck ones once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.trends.profile import Place, Street, street_of
from layouts.trends.here import Here

if TYPE_CHECKING:
    from data_sources.sources import Sources


async def street(sources: Sources) -> Street:
    foot = await sources.trends.foot()
    return await sources.trends.answer(
        None, "street", lambda material: street_of(foot, material.site, material.now_ms)
    )


def place_of(here: Here) -> Place:
    """A counter that is picked goes before the route and zone that are."""
    if here.address.counter:
        return Place(counter=here.address.counter)
    wanted = here.choice.wanted
    return Place(route=wanted.get("route", ""), zone=wanted.get("zone", ""))
