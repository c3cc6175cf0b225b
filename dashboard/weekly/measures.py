"""The rows of the weekly table: what is counted, in what unit, and how its usual range is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from dashboard.kpis import alerts, devices, health, repair, response, traffic
from dashboard.kpis.estimates import NOTHING
from dashboard.kpis.exposure import coverage_of_alerts
from dashboard.kpis.facts import CATEGORIES, Facts, Rows
from dashboard.kpis.figure import Figure
from dashboard.pilots.outcomes import night_traffic
from dashboard.records import Kind
from dashboard.weekly.summary import Unit

From = Literal["devices", "incidents"]  # whose first day is the first day of the row
AI_TYPES = ("scream", "fight", "fall", "intrusion", "loitering", "abandonment", "crowding", "fire")
# Incidents by type, in groups that leave no category out and none twice.
TYPES: dict[str, tuple[str, ...]] = {
    "incidents_sexual": ("sexual", "stalking"),
    "incidents_violence": ("violence",),
    "incidents_property": ("theft", "property_damage"),
    "incidents_disorder": ("disorder", "suspicious"),
    "incidents_other": ("missing", "traffic", "other"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Texts: weekly.<key> (name), weekly.<key>_what (definition). kpi: the indicator whose
    definition it has, "" = its own. main: on the first page; the others stand in the appendix.
    chance: "poisson" = a count, judged as on the page of trends; "between" = judged by how weeks
    differ. shown: parts told beside the value. census: as of the end, without sums over weeks."""

    key: str
    unit: Unit
    better: Literal["high", "low", ""]
    value: Callable[[Facts], Figure]
    chance: Literal["poisson", "between"] = "between"
    kpi: str = ""
    shown: tuple[str, ...] = ()
    of: From = "devices"
    main: bool = True
    census: bool = False
    kind: str = ""


def bell_presses(facts: Facts) -> Figure:
    """Actual alerts of the type bell, by what they turned out to be."""
    presses = _of_types(facts, ("bell",))
    n = np.bincount(presses["verdict"], minlength=6)
    false = n[alerts.MISTAKEN] + n[alerts.MALFUNCTION]
    judged = n[alerts.REAL] + false
    parts = {"real": n[alerts.REAL], "false": false, "unjudged": len(presses) - judged}
    return _count(facts, len(presses), **parts)


def ai_events(facts: Facts) -> Figure:
    """Events that cameras and microphones recognised and somebody confirmed as real."""
    events = _of_types(facts, AI_TYPES)
    real = int((events["verdict"] == alerts.REAL).sum())
    false = np.isin(events["verdict"], (alerts.MISTAKEN, alerts.MALFUNCTION)).sum()
    return _count(facts, real, raised=len(events), false=false)


def incidents(facts: Facts, categories: tuple[str, ...] = CATEGORIES) -> Figure:
    """Reported in the period, tests and exercises left out. Coverage: of the feed they come by."""
    wanted = [CATEGORIES.index(word) for word in categories]
    rows = facts.incidents
    n = int((rows["actual"] & np.isin(rows["category"], wanted)).sum())
    return Figure(float(n), n=n, coverage=health.feed_uptime(facts).value)


def availability_of(kind: str, facts: Facts) -> Figure:
    """Sums alone are cut to the kind: availability looks at nothing else."""
    mask = facts.mask & facts.groups.mask(kind=kind)[: len(facts.mask)]
    return devices.availability(replace(facts, mask=mask, sums=facts.sums * mask[:, None]))


def _of_types(facts: Facts, words: tuple[str, ...]) -> Rows:
    found = alerts.actual(facts)
    types = [at for at, word in enumerate(facts.alert_types) if word in words]
    return found.only(np.isin(found["type"], types))


def _count(facts: Facts, n: int, **parts: float) -> Figure:
    """Where nothing stands that could call for help, none is not a count."""
    heard = coverage_of_alerts(facts)
    if heard is None and not n:
        return NOTHING
    told = {name: float(part) for name, part in parts.items()}
    return Figure(float(n), n=n, coverage=heard, parts=told)


def _by_type(key: str) -> Measure:
    return Measure(key, "count", "", partial(incidents, categories=TYPES[key]), "poisson",
                   of="incidents", main=key == "incidents_sexual")  # fmt: skip


def _by_kind(kind: Kind) -> Measure:
    return Measure(f"availability_{kind}", "share", "high", partial(availability_of, kind.value),
                   kpi="availability", main=False, kind=kind.value)  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    Measure("bell_presses", "count", "", bell_presses, "poisson",
            shown=("real", "false", "unjudged")),
    Measure("ai_events", "count", "", ai_events, "poisson", shown=("raised", "false")),
    Measure("incidents", "count", "", incidents, "poisson", of="incidents"),
    *(_by_type(key) for key in TYPES),
    Measure("acknowledged", "ms", "low", alerts.mtta, kpi="mtta", shown=("p90",)),
    Measure("arrived", "ms", "low", response.arrived, kpi="leg_arrived", shown=("p90",),
            of="incidents"),
    Measure("availability", "share", "high", devices.availability, kpi="availability"),
    Measure("availability_night", "share", "high", devices.availability_night,
            kpi="availability_night"),
    *(_by_kind(kind) for kind in Kind),
    Measure("sla", "share", "high", repair.sla, kpi="sla", shown=("met", "missed", "overdue")),
    Measure("backlog", "count", "low", repair.backlog, kpi="backlog", shown=("band_31",),
            census=True),
    Measure("traffic_night", "per_day", "", night_traffic),
    Measure("traffic", "per_day", "", traffic.traffic, kpi="traffic", main=False),
)  # fmt: skip
BY_KEY: dict[str, Measure] = {one.key: one for one in MEASURES}
