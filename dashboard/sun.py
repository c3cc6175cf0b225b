"""When the sun rises and sets, and how much of a time is night, when street lights must be lit.

Good to about two minutes. Source: the "sunrise equation" (mean anomaly, equation of the centre,
declination).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from math import acos, asin, cos, pi, radians, sin

from dashboard.site import Site
from dashboard.stream.rollups import DAY_MS

MARGIN_MS = 10 * 60_000
_EPOCH_TO_2000 = 10_957  # days from 1970-01-01 to 2000-01-01
_HORIZON = radians(-0.833)  # refraction and half the sun's width
_TILT = radians(23.44)

Night = Callable[[int, int], int]  # from_ms, to_ms -> ms between them in which lights must be lit


@lru_cache(maxsize=4096)
def sun_times(day: int, lon: float, lat: float) -> tuple[int, int]:
    """(sunrise, sunset) of a day as UTC epoch milliseconds.

    day: days since 1970-01-01, of the place's own calendar; in Korea the KST day.
    """
    # Days since 2000-01-01 12:00 UT at the place's noon.
    n = day - _EPOCH_TO_2000 - lon / 360
    anomaly = radians((357.5291 + 0.98560028 * n) % 360)
    centre = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
    longitude = anomaly + radians(centre + 180 + 102.9372)
    noon_days = n + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude)
    declination = asin(sin(longitude) * sin(_TILT))
    phi = radians(lat)
    angle = (sin(_HORIZON) - sin(phi) * sin(declination)) / (cos(phi) * cos(declination))
    half_day = int(acos(max(-1.0, min(1.0, angle))) / (2 * pi) * DAY_MS)
    noon_ms = int((noon_days + _EPOCH_TO_2000) * DAY_MS) + DAY_MS // 2
    return noon_ms - half_day, noon_ms + half_day


def darkness(from_ms: int, to_ms: int, lon: float, lat: float, margin_ms: int = MARGIN_MS) -> int:
    """Milliseconds of night between two moments: margin_ms after sunset to as much before sunrise.

    The sum over the pieces of a time is that of the whole.
    """
    east_ms = int(lon / 360 * DAY_MS)
    dark_ms = to_ms - from_ms
    for day in range((from_ms + east_ms) // DAY_MS, (to_ms + east_ms) // DAY_MS + 1):
        rise_ms, set_ms = _daylight(day, lon, lat, margin_ms)
        dark_ms -= max(0, min(to_ms, set_ms) - max(from_ms, rise_ms))
    return dark_ms


def night_of(site: Site) -> Night:
    """Night at the middle of a city, by the margin it wants."""
    margin_ms = int(site.thresholds.lit_margin_min * 60_000)
    return partial(darkness, lon=site.view.lon, lat=site.view.lat, margin_ms=margin_ms)


@lru_cache(maxsize=4096)
def _daylight(day: int, lon: float, lat: float, margin_ms: int) -> tuple[int, int]:
    """The time of a day, counted by the sun, in which no light need be lit; within that day."""
    start_ms = day * DAY_MS - int(lon / 360 * DAY_MS)
    rise_ms, set_ms = sun_times(day, lon, lat)
    return max(rise_ms - margin_ms, start_ms), min(set_ms + margin_ms, start_ms + DAY_MS)
