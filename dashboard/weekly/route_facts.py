"""What is known of each safe route: what is out there, light, passers and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboard.coarse import FEW, hide_few
from dashboard.kpis import alerts, repair
from dashboard.kpis.exposure import COUNTING, RAISING, WORKING, of_kinds
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import MIN_COVERAGE
from dashboard.kpis.funnel import limits_of_rate
from dashboard.kpis.groups import Dim
from dashboard.pilots.outcomes import passages_at_night
from dashboard.records import Kind
from dashboard.site import Site
from dashboard.stream.rollups import DAY_MS, KST_MS
from dashboard.weekly.summary import rounded

PEOPLE_IN = 10  # passers are told in tens
FIRST = (Kind.BELL, Kind.LIGHT)  # what a safe route is for; other kinds by how long they are out
Places = NDArray[np.intp]  # of each group that of its route in the site's list; -1 = none of them
Counts = NDArray[np.int64]


class Out(NamedTuple):
    """Devices of a kind with an open repair. longest_ms, nights (midnights) of the oldest."""

    kind: str
    n: int
    longest_ms: int
    nights: int


@dataclass(frozen=True, slots=True)
class Light:
    """dark_ms: of the lamps together, of what is known of the time due; share None: nothing is
    known. enough: so much is known that the share can be judged."""

    dark_ms: int
    share: float | None
    enough: bool


@dataclass(frozen=True, slots=True)
class People:
    """told None: not counted (well enough), or under five. pass_by: False = nearly nobody."""

    told: int | None
    pass_by: bool = True


@dataclass(frozen=True, slots=True)
class Alerts:
    """n None: not told. many: more than chance lets one expect; never of what is not told."""

    n: int | None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Street:
    """A route."""

    outs: tuple[Out, ...]
    light: Light
    people: People
    raised: Alerts


def streets_of(facts: Facts, site: Site) -> list[Street]:
    """In the order of the site's routes."""
    places, n = _places(facts, site), len(site.routes)
    outs = _outs(facts, places)
    each = zip(
        _lights(facts, places, n), _people(facts, places, n), _alerts(facts, site), strict=True
    )
    return [Street(outs.get(at, ()), *known) for at, known in enumerate(each)]


def _places(facts: Facts, site: Site) -> Places:
    known = {route.id: at for at, route in enumerate(site.routes)}
    of_word = [known.get(word, -1) for word in facts.groups.words_of(Dim.ROUTE)]
    column = facts.groups.column(Dim.ROUTE)[: len(facts.mask)]
    return np.array(of_word, np.intp)[column]


def _sum(places: Places, values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    inside = places >= 0
    return np.bincount(places[inside], values[inside], minlength=n).astype(np.float64)


def _outs(facts: Facts, places: Places) -> Mapping[int, tuple[Out, ...]]:
    """Place of a route -> what is out there, in the order of weight."""
    rounds = facts.rounds
    still = rounds[repair.is_open(facts) & (rounds["cause"] != repair.INSPECTION)]
    kinds, column = facts.groups.words_of(Dim.KIND), facts.groups.column(Dim.KIND)
    since: dict[tuple[int, str], dict[int, int]] = {}  # of each device; one nobody knows is < 0
    for n, row in enumerate(still):
        place, device = int(places[row["group"]]), int(row["device"])
        devices = since.setdefault((place, kinds[column[row["group"]]]), {})
        known = device if device >= 0 else -1 - n
        devices[known] = min(devices.get(known, facts.end_ms), int(row["down"]))
    found: dict[int, list[Out]] = {}
    for (place, kind), devices in since.items():
        found.setdefault(place, []).append(_out(kind, devices, facts.end_ms))
    return {place: tuple(sorted(outs, key=_weight)) for place, outs in found.items()}


def _out(kind: str, since: Mapping[int, int], end_ms: int) -> Out:
    down_ms = min(since.values())
    nights = (end_ms + KST_MS) // DAY_MS - (down_ms + KST_MS) // DAY_MS
    return Out(kind, len(since), end_ms - down_ms, nights)


def _weight(out: Out) -> tuple[int, int, str]:
    first = FIRST.index(Kind(out.kind)) if out.kind in FIRST else len(FIRST)
    return first, -out.longest_ms, out.kind


def _lights(facts: Facts, places: Places, n: int) -> list[Light]:
    working, off = facts.by_group("q0"), facts.by_group("dark")
    unlit = _sum(places, off + facts.by_group("q3", "q4"), n)
    known = unlit + _sum(places, np.maximum(working - off, 0.0), n)
    due = known + _sum(places, facts.by_group("q2"), n)
    return [_light(*one) for one in zip(unlit.tolist(), known.tolist(), due.tolist(), strict=True)]


def _light(unlit_ms: float, known_ms: float, due_ms: float) -> Light:
    if known_ms <= 0:
        return Light(0, None, False)
    share = rounded(unlit_ms / known_ms, "share")
    return Light(round(unlit_ms / 1000) * 1000, share, known_ms >= MIN_COVERAGE * due_ms)


def _people(facts: Facts, places: Places, n: int) -> list[People]:
    """While it is dark, made up for what was not counted."""
    counters = of_kinds(facts, COUNTING)
    return [_told(facts, counters & (places == at)) for at in range(n)]


def _told(facts: Facts, counters: NDArray[np.bool_]) -> People:
    found = passages_at_night(facts, counters)
    if found is None or found.coverage < MIN_COVERAGE:
        return People(None)
    if 0 < found.counted < FEW or 0 < found.all < FEW:
        return People(None, pass_by=False)
    tens = max(1, round(found.all / PEOPLE_IN)) if found.all else 0
    return People(tens * PEOPLE_IN, pass_by=found.all > 0)


def _alerts(facts: Facts, site: Site) -> list[Alerts]:
    """Actual ones of bells and cameras."""
    words, column = facts.groups.words_of(Dim.ROUTE), facts.groups.column(Dim.ROUTE)
    raising = of_kinds(facts, RAISING)
    groups = alerts.actual(facts)["group"]
    raised = np.bincount(column[groups[raising[groups]]], minlength=len(words))
    column = column[: len(facts.mask)]
    working = facts.by_group(*WORKING)[raising]
    up_ms = np.bincount(column[raising], working, minlength=len(words)).astype(np.float64)
    told = _hidden({words[at]: int(raised[at]) for at in np.unique(column[facts.mask]).tolist()})
    at = {word: n for n, word in enumerate(words)}
    known = [at[route.id] for route in site.routes if route.id in told]
    many = _many(raised[known], up_ms[known])
    found = {words[k]: Alerts(told[words[k]], more) for k, more in zip(known, many, strict=True)}
    return [found.get(route.id, Alerts(0)) for route in site.routes]


def _hidden(raised: Mapping[str, int]) -> dict[str, int | None]:
    """As hide_few does, but of several next smallest ones all are hidden: which of them comes
    first is chance, and another page may have taken another."""
    told = hide_few(dict(raised))
    also = {raised[word] for word, n in told.items() if n is None and raised[word] >= FEW}
    return {word: None if raised[word] in also else n for word, n in told.items()}


def _many(raised: Counts, up_ms: NDArray[np.float64]) -> list[bool]:
    """Of so many in so much time in working order; never of fewer than five."""
    theta = float(raised.sum()) / float(up_ms.sum()) if up_ms.sum() > 0 else 0.0
    if not theta:
        return [False] * len(raised)
    exposure = np.maximum(up_ms, 1.0)
    highs = [high for _, high in limits_of_rate(np.full(len(raised), theta), exposure, "99.8")]
    return [bool(one) for one in (raised >= FEW) & (raised / exposure > highs)]
