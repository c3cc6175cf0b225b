"""The sky over the simulated city: when street lights switch, and what light sensors see."""

from __future__ import annotations

from math import pi, sin, tan

from dashboard import sun

LON, LAT = 126.8, 37.66


def sun_times(day: int) -> tuple[int, int]:
    """(sunrise, sunset) of a KST day as UTC epoch milliseconds."""
    return sun.sun_times(day, LON, LAT)


def daylight(at_ms: int, day: int) -> float:
    """0 at night, 1 at noon: a smooth guess for light sensors."""
    rise, set_ = sun_times(day)
    if not rise < at_ms < set_:
        return 0.0
    return min(1.0, tan(pi / 4 * sin(pi * (at_ms - rise) / (set_ - rise))))
