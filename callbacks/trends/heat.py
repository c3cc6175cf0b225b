"""The table of hours by weekdays. Twin: layouts/trends/heat.py."""

from __future__ import annotations

from dashboard.errors import SourceUnavailable
from dashboard.trends.heat import Heat, heat
from dashboard.trends.passers import Exposure
from dashboard.trends.profile import Place, Street
from dashboard.trends.window import compare
from data_sources.sources import Sources
from data_sources.trends.desk import Material
from layouts.trends.heat import heat_picture
from layouts.trends.here import Here, Picture

PLACES = ("route", "zone")


async def draw(sources: Sources, here: Here) -> Picture:
    """All hours, whichever is picked; against passers where a route or a zone is chosen, and
    nothing smaller than it."""
    choice, coarse = here.choice.without("hour"), here.coarse
    place = Place(**{name: choice.wanted.get(name, "") for name in PLACES})
    counted = place != Place() and choice.cell is None
    streets = await _street(sources) if counted else None

    def make(material: Material) -> Heat:
        now_ms, passers = material.now_ms, None
        if streets is not None:
            passers = Exposure(streets, choice.period, now_ms).of_week(place)
        compared = compare(material.incidents, choice, now_ms, material.known_from_ms, "hour")
        return heat(compared, passers, coarse)

    found = await sources.trends.answer(choice, f"heat {coarse} {streets is not None}", make)
    return heat_picture(here, found, counted)


async def _street(sources: Sources) -> Street | None:
    """Incidents are shown although nobody can say how many pass."""
    try:
        return await sources.trends.street()
    except SourceUnavailable:
        return None
