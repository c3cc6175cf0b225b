"""Gathers what the detail panel says of a device or an alert, at the precision of the role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dashboard.coarse import coarse_alert, coarse_device
from dashboard.device_table import GONE, STATUSES
from dashboard.principal import Principal
from dashboard.records import AlertView, DeviceView
from dashboard.roles import Permission
from dashboard.site import Site
from layouts.alert_detail import AlertFacts, Traffic
from layouts.around import Neighbour, Place
from layouts.device_detail import DeviceFacts
from layouts.devices import address

if TYPE_CHECKING:
    from data_sources.sources import Sources

DAY_MS = 86_400_000
ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def chosen_of(stored: Any) -> tuple[str, str]:
    """Kind and id of a selection; what a browser stores is never trusted. ("", "") = nothing."""
    if not isinstance(stored, dict):
        return "", ""
    kind, name = stored.get("kind"), stored.get("id")
    if not isinstance(kind, str) or not isinstance(name, str) or not ID.fullmatch(name):
        return "", ""
    return kind, name


def bounds_of(site: Site) -> list[list[float]]:
    """[[south, west], [north, east]] of the city."""
    lons, lats = [point[0] for point in site.outline], [point[1] for point in site.outline]
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


async def device(sources: Sources, who: Principal, device_id: str) -> DeviceFacts | None:
    """None for a device nobody registered or that was retired."""
    city = sources.city
    at = city.devices.index.get(device_id)
    if at is None or city.devices.shown[at] == GONE:
        return None
    await sources.look_at([at])
    record, now = city.devices.registrations[at], sources.now_ms()
    view, exact = city.devices.views[at] or DeviceView(device_id), _exact(who)
    history = await sources.history.transitions(
        city.devices.partition[at], device_id, now - DAY_MS, now
    )
    return DeviceFacts(
        record=record,
        view=view if exact else coarse_device(view),
        status=STATUSES[city.devices.shown[at]],
        place=_place(sources, who, record.zone, record.route_id, record.owner),
        now_ms=now,
        since_ms=now - DAY_MS,
        history=history,
        around=_around(sources, record.lon, record.lat, but=device_id),
        alerts=_alerts_around(sources, record.lon, record.lat) if exact else (),
        near_m=sources.site.thresholds.near_m,
        its_year=address.to(device_id) if who.may(Permission.DEVICES_SEE) else "",
    )


async def alert(sources: Sources, who: Principal, alert_id: str) -> AlertFacts | None:
    """None for an alert nobody knows. Looking at an exact place is logged first."""
    exact = _exact(who)
    found = await sources.alert(alert_id, exact=exact)
    if found is None:
        return None
    if exact:
        await sources.log_view(who.user, "", alert_id)
    shown = found if exact else coarse_alert(found, sources.veil)
    pointed = exact and found.lon is not None and found.lat is not None
    return AlertFacts(
        alert=shown,
        place=_place(sources, who, shown.zone, shown.route_id),
        now_ms=sources.now_ms(),
        near=sources.city.place(found) if exact else None,
        around=_around(sources, found.lon, found.lat) if pointed else (),
        others=_alerts_around(sources, found.lon, found.lat, but=alert_id) if pointed else (),
        traffic=_traffic(sources, shown.zone),
        near_m=sources.site.thresholds.near_m,
    )


def _exact(who: Principal) -> bool:
    return who.may(Permission.EXACT_POINTS_SEE)


def _place(sources: Sources, who: Principal, zone: str, route: str, owner: str = "") -> Place:
    name = f"name_{who.language}"
    zones, routes = sources.site.zone_by_code, sources.site.route_by_id
    return Place(
        getattr(zones.get(zone), name, ""),
        getattr(routes.get(route), name, ""),
        sources.site.owner_name(owner, who.language),
    )


def _around(sources: Sources, lon: Any, lat: Any, but: str = "") -> list[Neighbour]:
    """Nearest first, without the device itself."""
    devices, radius_m = sources.city.devices, sources.site.thresholds.near_m
    found = devices.grid.around(round(lon * 1e6), round(lat * 1e6), radius_m)
    rows = [(devices.registrations[near.index], near) for near in found]
    return [
        Neighbour(
            record.device_id, record.kind, round(near.metres), STATUSES[devices.shown[near.index]]
        )
        for record, near in rows
        if record.device_id != but and devices.shown[near.index] != GONE
    ]


def _alerts_around(sources: Sources, lon: Any, lat: Any, but: str = "") -> list[AlertView]:
    near = sources.city.alerts_around(lon, lat, sources.site.thresholds.near_m)
    return [one for one in near if one.alert_id != but]


def _traffic(sources: Sources, zone: str) -> Traffic | None:
    now = sources.figures.traffic["zones"].get(zone)
    if now is None or now.get("n") is None:
        return None
    return Traffic(now["n"], now.get("usual"), now.get("level", "unknown"))
