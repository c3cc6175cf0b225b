"""The year as a calendar: a row per month, in it a column per day, filled from above by what
was wrong. Beside each month its figures. A table by itself, so there is no other one below it.

States differ by pattern as well as by colour (devices.css). However short a state was in a day,
it is drawn a few pixels high: nothing that happened is too small to be seen.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.device_table import STATUSES
from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.device_year import DeviceYear, Month
from dashboard.kpis.states import UNTOLD, Day
from dashboard.records import Status
from dashboard.text import Translate
from layouts.devices import words

COLUMNS = ("availability", "coverage", "failures", "lost")
JANUARY = 1


def ribbon(t: Translate, year: DeviceYear) -> html.Div:
    repaired = {day_of_ms(one.round.repaired_ms) for one in year.repairs if one.round.repaired_ms}
    heads = [_head(t("devices.column_month"), "month"), _head(_scale(), "strip")]
    heads += [_head(t(f"devices.column_{name}"), name) for name in COLUMNS]
    table = html.Table(
        [
            html.Caption(t("devices.ribbon"), className="visually-hidden"),
            html.Thead(html.Tr(heads, role="row"), role="rowgroup"),
            html.Tbody(
                [_month(t, month, repaired, first=at == 0) for at, month in enumerate(year.months)],
                role="rowgroup",
            ),
        ],
        role="table",
        className="devices__year",
    )
    return html.Div([table, legend(t, bool(repaired))])


def _head(content: Any, name: str) -> html.Th:
    look = f"devices__cell devices__cell--{name}"
    return html.Th(content, scope="col", role="columnheader", className=look)


def _scale() -> html.Div:
    """Numbers above the first, every fifth and the last day."""
    marked = [1, *range(5, 31, 5)]
    numbers = [html.Span(day if day in marked else "") for day in range(1, 32)]
    return html.Div(numbers, className="devices__days devices__days--scale")


def _month(t: Translate, month: Month, repaired: Collection[date], first: bool) -> html.Tr:
    named = words.month_of_year if first or month.first.month == JANUARY else words.month
    days = [_day(t, day, day.day in repaired) for day in month.days]
    label = {"aria-label": words.shares(t, month.times)}
    cells = [
        html.Td(
            html.Div(days, className="devices__days", role="img", **label),
            role="cell",
            className="devices__cell devices__cell--strip",
        ),
        *(_figure(t, name, month) for name in COLUMNS),
    ]
    head = html.Th(
        named(t, month.first),
        scope="row",
        role="rowheader",
        className="devices__cell devices__cell--month",
    )
    untold = month.times[UNTOLD] == sum(month.times)
    look = {"className": "devices__month--untold"} if untold else {}
    return html.Tr([head, *cells], role="row", **look)


def _figure(t: Translate, name: str, month: Month) -> html.Td:
    lost = month.times[Status.FAULT] + month.times[Status.OFFLINE]
    known = sum(month.times) > month.times[UNTOLD]
    said = {
        "availability": words.share(month.availability),
        "coverage": words.share(month.coverage),
        "failures": common.number(month.failures) if known else words.NOTHING,
        "lost": words.span(t, lost) if lost else words.NOTHING,
    }[name]
    look = f"devices__cell devices__cell--{name}"
    return html.Td(said, role="cell", className=look, **{"data-label": t(f"devices.column_{name}")})


def _day(t: Translate, day: Day, repaired: bool) -> html.I:
    """A day in one state alone is one element; of the whole year most are."""
    look = "devices__day devices__day--repaired" if repaired else "devices__day"
    states = [one for one in (UNTOLD, *words.TOLD) if day.times[one]]
    [first, *more] = states
    if not more:
        said = {} if first in (Status.OK, UNTOLD) else {"title": _says(t, day)}
        return html.I(className=f"{look} {_state(first)}", **said)
    whole = sum(day.times)
    parts = [
        html.B(className=_state(one), style={"flex-grow": f"{day.times[one] / whole:.4f}"})
        for one in states
    ]
    return html.I(parts, className=look, title=_says(t, day))


def _state(number: int) -> str:
    return f"devices__state devices__state--{'untold' if number == UNTOLD else STATUSES[number]}"


def _says(t: Translate, day: Day) -> str:
    return t("devices.day_says", day=words.day(t, day.day), spent=words.spent(t, day.times))


def legend(t: Translate, repaired: bool) -> html.Ul:
    shown = [
        html.Li([html.I(className=_state(one)), words.status(t, one)])
        for one in (Status.OK, Status.FAULT, Status.OFFLINE, Status.UNKNOWN,
                    Status.OUT_OF_SERVICE, UNTOLD)
    ]  # fmt: skip
    if repaired:
        mark = html.I(className="devices__mark")
        shown.append(html.Li([mark, t("devices.repaired_that_day")]))
    return html.Ul(shown, className="devices__legend")
