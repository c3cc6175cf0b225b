"""Sunrise and sunset, good to about two minutes: enough to switch street lights by."""

from __future__ import annotations

from functools import cache
from math import acos, asin, cos, pi, radians, sin, tan

from data_sources.simulator.entry import DAY, HOUR

LON, LAT = 126.8, 37.66
_HORIZON = radians(-0.833)  # refraction and half the sun's width
_TILT = radians(23.44)


@cache
def sun_times(day: int) -> tuple[int, int]:
    """(sunrise, sunset) of a KST day as UTC epoch milliseconds.

    Source: the "sunrise equation" (mean anomaly, equation of the centre, declination).
    """
    # Days since 2000-01-01 12:00 UT at the place's noon.
    n = day - 10_957 - LON / 360
    anomaly = radians((357.5291 + 0.98560028 * n) % 360)
    centre = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
    longitude = anomaly + radians(centre + 180 + 102.9372)
    noon_days = n + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude)
    declination = asin(sin(longitude) * sin(_TILT))
    lat = radians(LAT)
    angle = (sin(_HORIZON) - sin(lat) * sin(declination)) / (cos(lat) * cos(declination))
    half_day = int(acos(max(-1.0, min(1.0, angle))) / (2 * pi) * DAY)
    noon_ms = int((noon_days + 10_957) * DAY) + 12 * HOUR
    return noon_ms - half_day, noon_ms + half_day


def daylight(at_ms: int, day: int) -> float:
    """0 at night, 1 at noon: a smooth guess for light sensors."""
    rise, set_ = sun_times(day)
    if not rise < at_ms < set_:
        return 0.0
    return min(1.0, tan(pi / 4 * sin(pi * (at_ms - rise) / (set_ - rise))))
