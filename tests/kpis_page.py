"""Made-up rows and readers for tests of the KPI page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.kpis.choice import Choice, Period, period_of, start_of
from dashboard.kpis.compare import Change
from dashboard.kpis.figure import Figure
from dashboard.kpis.indicators import BY_KEY
from dashboard.kpis.report import Row
from dashboard.principal import Principal
from dashboard.roles import Role
from dashboard.stream.rollups import DAY_MS
from dashboard.text import translator
from data_sources.sites import load_site
from layouts.kpis.address import Address
from layouts.kpis.here import Here, namer

SITE = load_site("goyang")
TODAY = start_of(date(2026, 11, 24))
NOW_MS = TODAY + 11 * 3_600_000
KNOWN = {
    "kind": ["bell", "cctv", "light"],
    "zone": [zone.code for zone in SITE.zones[:4]],
    "route": [route.id for route in SITE.routes[:4]],
    "vendor": ["Gaon", "Maru"],
    "owner": ["corporation"],
    "pilot": ["P-01"],
}


def a_period(**query: str) -> Period:
    return period_of(query, NOW_MS)


def a_reader(role: str = "manager", language: str = "ko", **address: Any) -> Here:
    """address: period words and filters as in an address; view, key and by of Address."""
    shown = {name: address.pop(name) for name in ("view", "key", "by") if name in address}
    dates = {name: address.pop(name) for name in ("period", "from", "to") if name in address}
    t = translator(language)
    who = Principal("someone", Role(role), language=language)
    choice = Choice(a_period(**dates), address)
    return Here(t, who, namer(SITE, t, language), Address(choice, **shown), NOW_MS, KNOWN)


def a_figure(value: float | None = 0.979, **fields: Any) -> Figure:
    given: dict[str, Any] = {"n": 560, "coverage": 0.986}
    if value is not None and "low" not in fields:
        given |= {"low": value * 0.997, "high": value * 1.003}
    return Figure(value, **(given | fields))


def a_row(key: str = "availability", value: float | None = 0.979, **fields: Any) -> Row:
    """fields: of Row; parts and what else is of Figure."""
    own = {name: fields.pop(name) for name in list(fields) if name in Figure.__dataclass_fields__}
    figure = fields.pop("figure", None) or a_figure(value, **own)
    given: dict[str, Any] = {
        "previous": replace(figure, value=None if value is None else value * 0.99),
        "last_year": None,
        "since_previous": Change("same", None if value is None else value * 0.01),
        "since_last_year": Change("none"),
        "target": None,
        "meets": None,
        "series": pieces(value),
    }
    return Row(BY_KEY[key], figure, **(given | fields))


def pieces(value: float | None) -> tuple[tuple[int, int, Figure], ...]:
    if value is None:
        return ()
    steps = (0.2, -0.4, 0.5, 0.1, -0.2, 0.3, -0.6, 0.2, 0.4, -0.3, 0.1, -0.2, 0.0)
    return tuple(
        (
            TODAY - (13 - at) * DAY_MS,
            TODAY - (12 - at) * DAY_MS,
            a_figure(value * (1 + step / 200)),
        )
        for at, step in enumerate(steps)
    )


def find(tree: Any, class_name: str) -> list[Any]:
    """Every component below with this class."""
    found: list[Any] = []
    children = getattr(tree, "children", None)
    if class_name in str(getattr(tree, "className", "")).split():
        found.append(tree)
    parts = tree if isinstance(tree, list | tuple) else children
    if isinstance(parts, list | tuple):
        for one in parts:
            found += find(one, class_name)
    elif parts is not None and not isinstance(parts, str | int | float):
        found += find(parts, class_name)
    return found


def said(tree: Any) -> str:
    """Every text below, in order."""
    if tree is None or tree is False:
        return ""
    if isinstance(tree, str | int | float):
        return str(tree)
    if isinstance(tree, list | tuple):
        return "".join(said(one) for one in tree)
    return said(getattr(tree, "children", None))
