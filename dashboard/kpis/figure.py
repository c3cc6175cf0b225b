"""What a KPI is (a row of the table) and what it answers (a figure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.kpis.facts import Facts
from dashboard.kpis.groups import DIMS, Dim

Unit = Literal["share", "ms", "count", "rate", "per_day", "weeks"]
Section = Literal["devices", "repair", "alerts", "response", "traffic", "data"]
NO_DATA, TOO_FEW, LOW_COVERAGE = "no_data", "too_few", "low_coverage"


@dataclass(frozen=True, slots=True)
class Figure:
    """value None: nothing can be said; `why` says why (NO_DATA, TOO_FEW).

    low, high: 95 % interval, None where the value is a plain count of what is.
    n: what it is counted from (failures, alerts with a verdict, ...). coverage: 0-1, share of
    the scheduled device time in which data came; None where that makes no sense.
    parts: named components in base units (ms, counts), such as up_ms, open, p90.
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
    source: str = ""  # where the formula comes from
