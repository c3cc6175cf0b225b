"""A week in numbers, as it is told, stored and sealed: nothing in it is a text of a language.

Figures are rounded to what is told (see rounded), so that a week that is worked out again a year
later, elsewhere, is the same to the last letter, and a revision is something that can be seen.
Times are UTC epoch ms, days ISO dates of Korea, durations ms, shares 0 to 1.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Unit = Literal["count", "ms", "share", "per_day"]
NOT_KNOWN = "not_known"  # nothing is known from then
NOT_SUMMED = "not_summed"  # a census of a moment has no sum over weeks
DIGITS: dict[str, int] = {"count": 0, "ms": -3, "share": 4, "per_day": 0}


class Told(Struct, frozen=True, omit_defaults=True):
    """One figure. value None: why says why (figure.py's words, NOT_KNOWN, NOT_SUMMED).

    low, high: 95 % interval, where there is one. n: what it is counted from. coverage: share of
    the time of the devices it depends on in which they were heard. at_least: a median that lies
    beyond what is known. parts: what else is told of it (real, false, p90, ...), in base units.
    since: the KST day from which it is known, where that lies within its span.
    """

    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    at_least: bool = False
    parts: dict[str, float] = {}
    why: str = ""
    since: str = ""


class Usual(Struct, frozen=True, omit_defaults=True):
    """What a week like this is like: middle, and low to high, in which 19 of 20 lie. weeks: of
    before, that it is known from; 0 = not known, and all others are None. z None: not judged
    (why: running, low_coverage, no_data, too_few, no_history). mark: "" as usual, "out" |z| >= 2,
    "far" |z| >= 3. side: more, less, or in words of good and bad: better, worse."""

    weeks: int = 0
    middle: float | None = None
    low: float | None = None
    high: float | None = None
    z: float | None = None
    mark: Literal["", "out", "far"] = ""
    side: Literal["", "more", "less", "better", "worse"] = ""
    why: str = ""


class Row(Struct, frozen=True):
    """key: of measures.MEASURES. last_year: the same weeks of the year before. line: 52 weeks,
    the oldest first, this one last; None = nothing known. target None = there is none."""

    key: str
    week: Told
    d28: Told
    year: Told
    last_year: Told
    last_year_week: Told
    usual: Usual
    line: tuple[float | None, ...]
    target: float | None = None


class Value(Struct, frozen=True, omit_defaults=True):
    """Something in a sentence. kind: a Unit, or people, devices, routes, figures, days, nights,
    hours, number, percent (0 to 1); or what is named: measure, route, zone, device (kind of),
    vendor, week, day, hour.
    of: what it comes from and leads to: "row:<key>", "route:<id>", "vendor:<name>", "gaps",
    "" = nothing. places: decimals of a share, in percent."""

    kind: str
    value: float | str
    of: str = ""
    places: int = 1


class Said(Struct, frozen=True, omit_defaults=True):
    """A sentence: key of the text weekly.<key>, and what stands in its places. Parts of a key,
    joined by +, are as many short sentences in a row that share the values."""

    key: str
    values: dict[str, Value] = {}


class RouteNeed(Struct, frozen=True):
    """A safe route that needs attention. level: weak or watch (weekly/routes.py). faults: devices
    with an open repair at the end of the week, by_kind of them. longest_ms: how long the oldest
    has lasted, 0 = no faults. dark_ms: lamp time in which light was due and there was none;
    dark_share: of the time due that is known, None = of none. people: passers of the week while it
    was dark, in tens, made up for what was not counted; None = not counted (well enough), or one to
    four. alerts: of bells and cameras; None = one to four, or it would give such a number back.
    reasons: in order of weight."""

    route: str
    level: Literal["weak", "watch"]
    faults: int
    by_kind: dict[str, int]
    longest_ms: int
    dark_ms: int
    dark_share: float | None
    people: int | None
    alerts: int | None
    reasons: tuple[Said, ...]


class VendorLine(Struct, frozen=True):
    """sides: figure -> better or worse than its own mix of devices lets expect, where chance
    does not explain it. enough: ranked."""

    vendor: str
    devices: int
    availability: Told
    sla: Told
    mttr: Told
    backlog: int
    sides: dict[str, str]
    enough: bool


class PilotLine(Struct, frozen=True):
    """As of the end of the week. status: running, ended. outcome "": nothing is compared, and
    value None: of this outcome nothing is told; why says why. value: difference of differences, or
    a ratio (ratio True), with its 95 % interval. side: more, less, "" = chance could have done it;
    of incidents why then says more: no_change, mixed, cannot (too few to show a fifth)."""

    pilot: str
    name: str
    status: str
    start: str
    end: str
    outcome: str = ""
    unit: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: bool = False
    side: str = ""
    why: str = ""


class Gap(Struct, frozen=True):
    """Data that are missing. what: devices (of a kind, on a day: share of their scheduled time in
    which they were not heard, ms of device time) or feed (silent for ms of a day, kind "")."""

    what: Literal["devices", "feed"]
    day: str
    kind: str
    share: float
    ms: int


class Inputs(Struct, frozen=True):
    """What the week was worked out from. first_day, last_day: KST days of sums that were read,
    the years before included. Counts are of the week itself. counted_from, incidents_from: the
    first KST day of each that is known, "" = none. devices: on average of the week."""

    first_day: str
    last_day: str
    counted_from: str
    incidents_from: str
    devices: int
    device_days: float
    alerts: int
    incidents: int
    orders: int
    partitions: int


class Summary(Struct, frozen=True):
    """complete: knowledge reaches its end and the hours it settles in. known_to_ms: where
    knowledge of the week ends; to_ms when complete. coverage: share of all scheduled device time
    that was heard, None = no device. said: three sentences."""

    week: str
    from_ms: int
    to_ms: int
    known_to_ms: int
    complete: bool
    simulated: bool
    coverage: float | None
    routes_in_all: int
    inputs: Inputs
    said: tuple[Said, ...]
    rows: tuple[Row, ...]
    routes: tuple[RouteNeed, ...]
    vendors: tuple[VendorLine, ...]
    pilots: tuple[PilotLine, ...]
    gaps: tuple[Gap, ...]
    caveats: tuple[Said, ...]

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.key == key)


class Difference(Struct, frozen=True):
    """path: rows/bell_presses/week/value. None = was not, or is no longer, there."""

    path: str
    before: str | None
    after: str | None


class Sealed(Struct, frozen=True):
    """hash: of the summary alone (seal.hash_of). seen_ms: up to when messages had been taken in.
    code: of the source that worked it out. changed: against the revision before."""

    revision: int
    sealed_ms: int
    seen_ms: int
    code: str
    hash: str
    summary: Summary
    changed: tuple[Difference, ...] = ()


class Decision(Struct, frozen=True):
    """What a manager asks executives to decide. withdrawn_by "" = it stands."""

    id: str
    text: str
    by: str
    at_ms: int
    withdrawn_by: str = ""
    withdrawn_ms: int = 0


def rounded(value: float | None, unit: str) -> float | None:
    """As it is told: counts whole, durations to the second, shares to a hundredth of a percent."""
    if value is None:
        return None
    found = round(value, DIGITS[unit])
    return found + 0.0  # never -0.0
