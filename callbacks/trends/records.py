"""The incidents behind what is shown. Twin: layouts/trends/records.py."""

from __future__ import annotations

from dashboard.trends.frame import chosen
from dashboard.trends.records import Records, records
from data_sources.sources import Sources
from data_sources.trends.desk import Material
from layouts.trends.here import Here, Picture
from layouts.trends.records import not_shown, records_picture


async def draw(sources: Sources, here: Here) -> Picture:
    """Who looks at exact places is on record first, or they are not shown."""
    if here.coarse:
        return not_shown(here)
    choice = here.choice

    def make(material: Material) -> Records:
        found = chosen(material.incidents, choice, material.now_ms)
        return records(found, material.snapshot.incident_ids, choice)

    found = await sources.trends.answer(choice, "records", make)
    if found.ids:
        await sources.log_records(here.who.user, here.address.href, found.ids)
    return records_picture(here, found, await sources.incidents.find(found.ids))
