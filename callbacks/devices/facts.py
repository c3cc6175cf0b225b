"""Gathers what a device's page says, at the precision of the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.coarse import coarse_device
from dashboard.device_table import GONE, STATUSES
from dashboard.errors import BadChoice
from dashboard.kpis.device_year import coarse
from dashboard.principal import Principal
from dashboard.records import Registration, Status
from dashboard.roles import Permission
from layouts.around import Place
from layouts.devices import Report
from layouts.devices.address import Asked

if TYPE_CHECKING:
    from dashboard.site import Site
    from data_sources.sources import Sources


async def report(sources: Sources, who: Principal, asked: Asked) -> Report:
    """Raises BadChoice for a device nobody registered. Looking at alerts is logged first."""
    devices, device_id = sources.city.devices, asked.device_id
    at = devices.index.get(device_id)
    if at is None:
        known = device_id in devices.unregistered
        raise BadChoice("devices.unregistered", id=device_id) if known else BadChoice(
            "choice.unknown_device", value=device_id
        )  # fmt: skip
    exact = who.may(Permission.EXACT_POINTS_SEE)
    year = await sources.kpis.device_year(device_id, asked.to_ms, exact)
    if not exact:
        year = coarse(year)
    if year.alerts:
        await sources.audit.write("exact_view", who.user, "", device=device_id)
    await sources.look_at([at])
    view, shown = devices.views[at], devices.shown[at]
    if view is not None and not exact:
        view = coarse_device(view)
    record = year.registration
    return Report(
        year=year,
        asked=asked,
        view=view,
        status=STATUSES[Status.UNKNOWN if shown == GONE else shown],
        place=place_of(sources.site, who.language, record),
        now_ms=sources.now_ms(),
        inspect_days=sources.site.inspection_days.get(record.kind, 0),
    )


def place_of(site: Site, language: str, record: Registration) -> Place:
    """Names of places and of the owner; of a route its number too."""
    name = f"name_{language}"
    route = record.route_id
    named = getattr(site.route_by_id.get(route), name, "")
    dong = getattr(site.zone_by_code.get(record.zone), name, record.zone)
    owner = site.owner_name(record.owner, language)
    return Place(dong, " ".join(filter(None, [route, named])), owner)
