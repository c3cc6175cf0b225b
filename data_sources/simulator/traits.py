"""What makes one device unlike another: maker, owner, pilot, habits, how often it fails.

All names of makers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from zlib import crc32

from dashboard.site import Site
from data_sources.simulator.places import Spot

# maker -> (model prefix, how often its devices fail and how long it takes to repair one,
# both against the average)
_MAKERS = {
    "Gaon": ("GA", 0.7, 0.75),
    "Maru": ("MR", 1.0, 1.0),
    "Byeol": ("BY", 1.6, 1.35),
    "Dasom": ("DS", 0.9, 0.9),
    "Haneul": ("HN", 1.1, 1.1),
}
_BY_KIND = {
    "bell": ("Gaon", "Maru", "Byeol"),
    "cctv": ("Haneul", "Gaon"),
    "light": ("Maru", "Dasom"),
    "logo": ("Byeol",),
    "sign": ("Dasom",),
    "counter": ("Haneul", "Byeol"),
    "env": ("Dasom",),
    "gateway": ("Maru", "Haneul"),
}
_OWNERS = {"logo": "police", "sign": "police", "counter": "guc", "env": "guc", "gateway": "guc"}
# pilot -> (kind, routes where it runs, maker)
_PILOTS = {
    "2025-voice-bell": ("bell", ("R-03", "R-07", "R-12"), "Gaon"),
    "2025-solar-camera": ("cctv", ("R-05", "R-09"), "Haneul"),
    "2025-park-sign": ("sign", ("R-05",), "Dasom"),
}
# Seen to before others, as their contracts demand: time to repair one against other kinds.
_URGENT = {"bell": 0.3, "gateway": 0.12}
# A few fail again and again, whatever is repaired: a bad spot, water in the housing.
_CHRONIC, _CHRONIC_WEAR = 0.003, 14.0
_LORA_BELLS = 0.08  # battery bells that beat every ten minutes
_AGES = 3_200  # days between the first and the newest installation


@dataclass(frozen=True, slots=True)
class Traits:
    """battery: the mean charge, None on mains. phase: 0-1, where in its heartbeat it beats."""

    vendor: str
    model: str
    owner: str
    pilot: str
    heartbeat_s: int
    phase: float
    wear: float  # failures against the average of all devices
    slow: float  # time to repair one against the average
    age_days: int
    battery: float | None
    rssi_dbm: int | None
    switch_s: int  # lights: seconds after dusk and before dawn at which it switches
    footfall: float  # counters: people against the average counter


def draw_traits(kind: str, spot: Spot, site: Site, rng: Random) -> Traits:
    # Bought by area: all lights of a dong, or of a route, come from one maker.
    area = f"{kind} {spot.route or spot.zone}"
    vendor, pilot = _BY_KIND[kind][crc32(area.encode()) % len(_BY_KIND[kind])], ""
    for name, (of_kind, routes, maker) in _PILOTS.items():
        if kind == of_kind and spot.route in routes:
            vendor, pilot = maker, name
    prefix, wear, slow = _MAKERS[vendor]
    lora = kind == "bell" and not pilot and rng.random() < _LORA_BELLS
    wireless = lora or kind in ("counter", "env", "light")
    solar = pilot == "2025-solar-camera"
    heartbeat_s = 600 if lora else int(site.kinds[kind].heartbeat_s)
    return Traits(
        vendor=vendor,
        model=f"{prefix}-{kind[:3].upper()}{rng.choice((100, 200, 300))}",
        owner=_OWNERS.get(kind, "guc" if crc32(area.encode()) % 6 == 0 else "city"),
        pilot=pilot,
        heartbeat_s=heartbeat_s,
        phase=rng.random(),
        wear=wear * _wear(rng.random()),
        slow=slow * _URGENT.get(kind, 1.0),
        age_days=rng.randrange(2_900, _AGES) if pilot else rng.randrange(_AGES),
        battery=round(rng.uniform(0.55, 0.98), 2) if lora or solar else None,
        rssi_dbm=rng.randrange(-112, -70) if wireless else None,
        switch_s=rng.randrange(-240, 420),
        footfall=rng.lognormvariate(0.0, 0.6),
    )


def _wear(luck: float) -> float:
    """Against the maker's average; luck: 0-1, the same for as many devices."""
    return _CHRONIC_WEAR if luck < _CHRONIC else 0.6 + 0.8 * luck
