"""What people do in the year of the recount: press bells, report incidents, judge alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from data_sources.simulator.entry import HOUR, SECOND, stamp
from tests.weekly.recount.saying import (
    AI_TYPES,
    BEGAN_MS,
    CATEGORIES,
    LATCHING,
    VERDICTS,
    Said,
    act,
    midnight,
    moment,
    rng_of,
    said,
)


def alerts_of(week_ms: int) -> Iterator[Said]:
    rng = rng_of("alerts", str(week_ms))
    many = 30 if week_ms == midnight("2026-12-21") else rng.poisson(6)
    types = ["bell"] * many + rng.choice(AI_TYPES, rng.poisson(9)).tolist()
    for n, type_ in enumerate(types):
        at = moment(rng, week_ms)
        if at < BEGAN_MS:
            continue
        acked = None if rng.random() < 0.08 else int(40 * np.exp(rng.standard_normal()))
        closed = int(600 * np.exp(rng.standard_normal())) * SECOND
        if rng.random() < 0.1:
            closed += 30 * HOUR
        if acked is None and type_ not in LATCHING:
            yield said(at + closed, "alerts", alert_id=f"{week_ms}-{n}", type=type_,
                        event="cleared", ts=stamp(at + closed))  # fmt: skip
        told = None if acked is None else (acked, max(closed, (acked + 1) * SECOND))
        yield from alert_of(f"{week_ms}-{n}", at, type_, told, str(rng.choice(VERDICTS)))


def alert_of(
    name: str, at: int, type_: str, taken: tuple[int, int] | None, verdict: str
) -> Iterator[Said]:
    """taken: seconds until it was acknowledged, and ms until it was closed."""
    by = {"bell": "BE", "fire": "CC", "scream": "BE"}.get(type_, "CC")
    yield said(at, "alerts", alert_id=name, ts=stamp(at), type=type_,
                device_id=f"{by}-{1 + at // SECOND % 3}")  # fmt: skip
    if taken is not None:
        yield act("acknowledge", at + taken[0] * SECOND, alert_id=name)
        yield act("close", at + taken[1], alert_id=name, verdict=verdict)


def incidents_of(week_ms: int) -> Iterator[Said]:
    """Weeks differ more than by chance."""
    rng = rng_of("incidents", str(week_ms))
    for n in range(rng.poisson(12 * rng.gamma(8, 1 / 8))):
        at, category = moment(rng, week_ms), str(rng.choice(CATEGORIES))
        if at < BEGAN_MS + 9 * HOUR:
            continue
        legs = np.cumsum(np.exp(rng.standard_normal(3)) * (90, 300, 1_800)).astype(int) * SECOND
        name, known = f"I-{week_ms}-{n}", int(rng.choice((1, 2, 3, 3, 3, 3, 3, 3)))
        yield incident_of(at, name, at, 1, category, [])
        yield incident_of(at + int(legs[-1]), name, at, 2, category, legs.tolist()[:known])


def incident_of(
    sent_ms: int, name: str, at: int, rev: int, category: str, legs: Sequence[int]
) -> Said:
    """legs: until it was dispatched, arrived, closed, in ms."""
    told = zip(("dispatched_at", "arrived_at", "closed_at"), legs, strict=False)
    return said(sent_ms, "incidents", incident_id=name, rev=rev, category=category,
                 reported_at=stamp(at), lon=126.78, lat=37.65,
                 **{leg: stamp(at + ms) for leg, ms in told})  # fmt: skip
