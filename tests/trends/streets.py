"""Streets with counters: what each counts by the hour, by naming only what a test cares about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.kpis.choice import Period, start_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.foot import Foot
from dashboard.trends.profile import Street, street_of
from tests.builders import SITE

FROM_MS = start_of(date(2026, 10, 12))  # a Monday; no holiday until Christmas
WEEKS = 10
NOW_MS = FROM_MS + WEEKS * 7 * DAY_MS
LAST_WEEK = Period(NOW_MS - 7 * DAY_MS, NOW_MS)
HOUR_OF_DAY = np.array([2, 1, 0, 0, 0, 1, 5, 20, 40, 25, 20, 25,
                        35, 30, 25, 25, 30, 45, 80, 60, 40, 25, 12, 6], float)  # fmt: skip
Floats = NDArray[np.float64]


def week_shape(scale: float = 1.0) -> Floats:
    """(168,): people in each hour of the week, more on Fridays."""
    return np.concatenate([HOUR_OF_DAY * (1.5 if day == 4 else 1.0) for day in range(7)]) * scale


def counts(scale: float = 1.0, seed: int = 0, weeks: int = WEEKS) -> Floats:
    """Poisson counts of so many weeks."""
    mean = np.tile(week_shape(scale), weeks)
    return np.random.default_rng(seed).poisson(mean).astype(float)


def foot(
    people: Mapping[str, Floats],
    covered: Mapping[str, Floats] | None = None,
    routes: Mapping[str, str] | None = None,
    status: Mapping[str, str] | None = None,
    from_ms: int = FROM_MS,
) -> Foot:
    """covered: full where nothing is said; people are nan where it is 0."""
    sensors = list(people)
    hours = len(next(iter(people.values())))
    index = pd.Index(from_ms + np.arange(hours, dtype=np.int64) * HOUR_MS)
    share = pd.DataFrame(
        {one: (covered or {}).get(one, np.ones(hours)) for one in sensors}, index=index
    ).astype(np.float32)
    said = pd.DataFrame(dict(people), index=index).astype(np.float32).where(share > 0)
    counters = pd.DataFrame(
        {
            "zone": ["z1"] * len(sensors),
            "route": [(routes or {}).get(one, "r1") for one in sensors],
            "name": sensors,
            "status": [(status or {}).get(one, "ok") for one in sensors],
        },
        index=sensors,
    )
    return Foot(said, share, counters)


def street(of: Foot, now_ms: int = NOW_MS) -> Street:
    return street_of(of, SITE, now_ms)


def dead(hours: int, since: int) -> Floats:
    """Covered until an hour, then not at all."""
    share = np.ones(hours)
    share[since:] = 0.0
    return share


def sensors(street: Street) -> Sequence[str]:
    return street.sensors
