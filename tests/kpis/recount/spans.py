"""Device time as rows: from, to, status, and whose it was; failures, and nights among them."""

from __future__ import annotations

from math import acos, asin, cos, degrees, radians, sin, tan

import numpy as np
import pandas as pd

from tests.kpis.recount.lives import DIMS, DOWN, Turn
from tests.kpis.recount.reading import Raw

DAY_MS, HOUR_MS, KST_MS = 86_400_000, 3_600_000, 32_400_000
LON, LAT, MARGIN_MS = 126.83, 37.66, 600_000  # the middle of the site, and ten minutes


def belongings(raw: Raw, end_ms: int) -> pd.DataFrame:
    """Whose a device was from when to when: device, joined, left and the six dimensions."""
    rows = raw.registry.rename(columns={"device_id": "device", "ts": "joined",
                                        "route_id": "route", "pilot_id": "pilot"})  # fmt: skip
    rows = rows.sort_values(["device", "joined"], kind="stable")
    rows["left"] = rows.groupby("device")["joined"].shift(-1).fillna(end_ms).astype(np.int64)
    rows = rows[~rows["retired"]]
    return rows[["device", "joined", "left", *DIMS]]


def spans_of(turns: dict[str, list[Turn]], whose: pd.DataFrame, end_ms: int) -> pd.DataFrame:
    """device, from, to, status and the six dimensions; together all the time there was."""
    rows = []
    for device, mine in turns.items():
        ends = [turn.at_ms for turn in mine[1:]] + [end_ms]
        rows += [(device, t.at_ms, end, t.status) for t, end in zip(mine, ends, strict=True)]
    spans = pd.DataFrame(rows, columns=["device", "from", "to", "status"])
    both = spans.merge(whose, on="device")
    both["from"] = both[["from", "joined"]].max(axis=1)
    both["to"] = both[["to", "left"]].min(axis=1)
    return both[both["from"] < both["to"]].drop(columns=["joined", "left"])


def failures_of(turns: dict[str, list[Turn]], whose: pd.DataFrame) -> pd.DataFrame:
    """device, at and the six dimensions of every change into fault or silence."""
    rows = [
        (device, new.at_ms)
        for device, mine in turns.items()
        for old, new in zip(mine, mine[1:], strict=False)
        if new.status in DOWN and old.status not in DOWN
    ]
    both = pd.DataFrame(rows, columns=["device", "at"]).merge(whose, on="device")
    return both[(both["joined"] <= both["at"]) & (both["at"] < both["left"])]


def within(spans: pd.DataFrame, from_ms: int, to_ms: int) -> pd.DataFrame:
    """The part of them in a period, with its length as `ms`."""
    cut = spans.assign(**{"from": spans["from"].clip(lower=from_ms),
                          "to": spans["to"].clip(upper=to_ms)})  # fmt: skip
    cut["ms"] = cut["to"] - cut["from"]
    return cut[cut["ms"] > 0]


def lamps_off(raw: Raw, spans: pd.DataFrame) -> pd.DataFrame:
    """The part of the time in working order in which a light last said that its lamp was off."""
    lights = spans[(spans["kind"] == "light") & (spans["status"] == 0)]
    said = raw.status[raw.status["device_id"].isin(set(lights["device"]))]
    said = said.assign(end=said.groupby("device_id")["ts"].shift(-1))
    said["end"] = said["end"].fillna(2**62)
    both = lights.merge(said[said["off"]][["device_id", "ts", "end"]], left_on="device",
                        right_on="device_id")  # fmt: skip
    both["from"] = both[["from", "ts"]].max(axis=1)
    both["to"] = both[["to", "end"]].min(axis=1).astype(np.int64)
    return both[both["from"] < both["to"]]


def at_night(spans: pd.DataFrame) -> pd.DataFrame:
    """The parts of them in which lights must be lit."""
    if spans.empty:
        return spans
    first, last = spans["from"].min() // DAY_MS - 1, spans["to"].max() // DAY_MS + 2
    nights = pd.DataFrame([_night_after(day) for day in range(first, last)],
                          columns=["dusk", "dawn"])  # fmt: skip
    both = spans.merge(nights, how="cross")
    both["from"] = both[["from", "dusk"]].max(axis=1)
    both["to"] = both[["to", "dawn"]].min(axis=1)
    both["ms"] = both["to"] - both["from"]
    return both[both["ms"] > 0]


def _night_after(day: int) -> tuple[int, int]:
    """From ten minutes after sunset of a day to ten minutes before the next sunrise."""
    return _sun(day)[1] + MARGIN_MS, _sun(day + 1)[0] - MARGIN_MS


def _sun(day: int) -> tuple[int, int]:
    """Sunrise and sunset of a KST day, by the equations of NOAA's solar calculator."""
    noon_ms = day * DAY_MS - KST_MS + DAY_MS // 2
    t = (noon_ms / DAY_MS + 2_440_587.5 - 2_451_545) / 36_525  # Julian centuries
    mean = radians((280.46646 + t * (36_000.76983 + t * 0.0003032)) % 360)
    anomaly = radians(357.52911 + t * (35_999.05029 - 0.0001537 * t))
    e = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre = sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
    centre += sin(2 * anomaly) * (0.019993 - 0.000101 * t) + sin(3 * anomaly) * 0.000289
    moon = radians(125.04 - 1934.136 * t)
    apparent = mean + radians(centre - 0.00569 - 0.00478 * sin(moon))
    tilt = radians(23 + (26 + (21.448 - t * 46.815) / 60) / 60 + 0.00256 * cos(moon))
    declination, y = asin(sin(tilt) * sin(apparent)), tan(tilt / 2) ** 2
    equation_min = 4 * degrees(
        y * sin(2 * mean) - 2 * e * sin(anomaly) + 4 * e * y * sin(anomaly) * cos(2 * mean)
        - y * y * sin(4 * mean) / 2 - 1.25 * e * e * sin(2 * anomaly)
    )  # fmt: skip
    lat = radians(LAT)
    half = acos(cos(radians(90.833)) / (cos(lat) * cos(declination)) - tan(lat) * tan(declination))
    noon_min = 720 - 4 * LON - equation_min  # UTC minutes of the day
    start_ms, half_min = day * DAY_MS, 4 * degrees(half)
    return round(start_ms + (noon_min - half_min) * 60_000), round(
        start_ms + (noon_min + half_min) * 60_000
    )
