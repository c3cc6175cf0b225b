"""What a KPI is (a row of the table) and what it answers (a figure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.kpis.facts import Facts
from dashboard.kpis.groups import DIMS, Dim

Unit = Literal["share", "ms", "count", "rate", "per_day", "weeks"]
Section = Literal["devices", "repair", "alerts", "response", "traffic", "data"]
# How chance works on a figure: cases out of n; events in an exposure; exposure between events;
# time of devices in a state; "" = waiting times and all that is judged by its interval alone.
Chance = Literal["binomial", "poisson", "between", "time", ""]
NO_DATA, TOO_FEW, LOW_COVERAGE, HIDDEN = "no_data", "too_few", "low_coverage", "hidden"
MIN_COVERAGE = 0.5  # with less than half of the data there is no verdict

# Units of the parts of figures. The last three are never shown: exposure is what chance depends
# on (device time in ms, passages), outage_ms the length of an independent piece of down-time,
# spread how much such periods differ by themselves (standard deviation, in the KPI's unit).
PART_UNITS: dict[str, Literal["ms", "count", "per_day", "z"]] = {
    **dict.fromkeys(
        ("up_ms", "down_ms", "unknown_ms", "out_ms", "lit_ms", "unlit_ms", "point_ms", "median",
         "mean", "p1", "p50", "p90", "p95", "oldest_ms", "pause_ms"), "ms"),
    **dict.fromkeys(
        ("failures", "reported", "by_itself", "open", "met", "missed", "overdue", "unproved",
         "excluded", "band_0", "band_4", "band_8", "band_15", "band_31", "closed_per_week",
         "reopened", "repeats", "late", "soon", "date_unknown", "alerts", "real", "mistaken",
         "malfunction", "test", "unclear", "no_verdict", "written_in", "without", "passages", "bad",
         "ahead", "from_apps", "from_gateways"),
        "count"),
    **dict.fromkeys(("usual", "passages_per_day"), "per_day"),
    "z": "z",
    "exposure": "count",
    "outage_ms": "ms",
    "spread": "per_day",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """value None: nothing can be said; `why` says why (NO_DATA, TOO_FEW, HIDDEN).

    low, high: 95 % interval, None where the value is a plain count of what is; high alone None:
    there is no upper limit.
    n: what it is counted from (failures, alerts with a verdict, ...). coverage: 0-1, share of
    the scheduled device time in which data came; None where that makes no sense.
    parts: named components in base units (see PART_UNITS), such as up_ms, open, p90.
    censored: the value is at least this (the median lies beyond what is known).
    """

    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    why: str = ""
    censored: bool = False


@dataclass(frozen=True, slots=True)
class Kpi:
    """One row. Texts: kpis.<key> (name), kpis.<key>_what (definition), and kpis.<key>_how.

    better: where good is; "" = neither. dims: what it can be broken down by.
    few: with n below it there is no verdict. of: what a click lists ("devices", "orders",
    "alerts", "incidents", "traffic", "feeds"). shown: parts worth telling beside the value.
    people: it counts people's affairs, so groups under five are hidden from coarse roles.
    kinds: the kinds of device it speaks of, () = any. dims () = for the whole city only.
    """

    key: str
    section: Section
    unit: Unit
    better: Literal["high", "low", ""]
    value: Callable[[Facts], Figure]
    of: str = "devices"
    few: int = 20
    shown: tuple[str, ...] = ()
    dims: tuple[Dim, ...] = DIMS
    people: bool = False
    kinds: tuple[str, ...] = ()
    chance: Chance = ""
    source: str = ""  # where the formula comes from

    def enough(self, figure: Figure) -> bool:
        """Whether a figure is good for a verdict."""
        heard = figure.coverage is None or figure.coverage >= MIN_COVERAGE
        return figure.value is not None and figure.n >= self.few and heard
