"""The list of counters: faults first, then what is unlike usual, each row picks its counter."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.choice import day_of_ms
from dashboard.roles import Permission
from dashboard.text import Translate
from dashboard.trends.counters import Counter, Counters
from dashboard.trends.stuck import ZERO, Fault
from layouts import sparks
from layouts.kpis.lists import device_link
from layouts.kpis.words import NOTHING, day
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.people import ARROWS, clock_hours, people, percent

MOST_ROWS = 60
COLUMNS = ("counter", "where", "now", "seven_days", "coverage")


def counters_picture(here: Here, found: Counters) -> Picture:
    t = here.t
    above: list[Any] = [explained(t, "trends_foot.counters")]
    if not found.rows or found.hour_ms is None:
        return Picture(above=[*above, _note(t("trends_foot.counters_none"))])
    faults = [row for row in found.rows if row.fault]
    above += [_faults(here, faults), _table(here, found)]
    rest = len(found.rows) - MOST_ROWS
    if rest > 0:
        above.append(_note(t("trends_foot.more_counters", n=rest)))
    return Picture(above=above)


def _note(words: Any) -> html.P:
    return html.P(words, className="trends__note")


def _faults(here: Here, faults: list[Counter]) -> Any:
    """Which say nothing but zero, since when, and how unlikely that is."""
    t = here.t
    if not faults:
        return _note(t("trends_foot.no_faults"))
    items = [
        html.Li([_device(here, row), ": ", _fault(t, row.fault)]) for row in faults if row.fault
    ]
    title = html.P(html.B(t("trends_foot.faults", n=len(faults))))
    return html.Div([title, html.Ul(items)], className="foot__faults")


def _device(here: Here, row: Counter) -> Any:
    name = html.Span(row.name or row.sensor)
    if not here.who.may(Permission.DEVICES_SEE):
        return name
    return html.Span([name, " ", device_link(row.sensor)])


def _fault(t: Translate, fault: Fault) -> str:
    since = common.clock(fault.since_ms)[:-3]
    said = {"since": since, "hours": round(fault.hours), "n": people(fault.expected)}
    if fault.what == ZERO:
        return t("trends_foot.fault_zero", **said, p=_chance(fault.p))
    return t("trends_foot.fault_flat", **said)


def _chance(p: float) -> str:
    return "<0.0001%" if p < 1e-6 else f"{100 * p:.4f}".rstrip("0").rstrip(".") + "%"


def _table(here: Here, found: Counters) -> html.Div:
    t, label = here.t, here.t("trends.picture_counters")
    assert found.hour_ms is not None
    first = day(t, day_of_ms(found.days_from_ms))
    said = {"hours": clock_hours(found.hour_ms), "first": first}
    heads = [html.Th(t(f"trends_foot.column_{name}", **said), scope="col") for name in COLUMNS]
    heads[-1].className = "kpis__number"
    rows = [_row(here, row) for row in found.rows[:MOST_ROWS]]
    caption = html.Caption(label, className="visually-hidden")
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table foot__table"
    )
    return html.Div(
        table, className="trends__across", tabIndex="0", role="region", **{"aria-label": label}
    )


def _row(here: Here, row: Counter) -> html.Tr:
    t, picked = here.t, here.address.counter == row.sensor
    mark = {"aria-current": "true"} if picked else {}
    href = here.address.but(counter="" if picked else row.sensor)
    link = html.A(row.name or row.sensor, href=href, className="trends__pick", **mark)
    where = [here.zone(row.zone), *([here.route(row.route)] if row.route else [])]
    cells = [
        html.Td(" · ".join(where), className="foot__where"),
        html.Td(_now(t, row), className="foot__now"),
        html.Td(_spark(t, row)),
        html.Td(percent(row.coverage), className="kpis__number"),
    ]
    look = "trends__row--picked" if picked else ""
    head = html.Th(link, scope="row")
    return html.Tr([head, *cells], className=look, **{"data-key": f"counter-{row.sensor}"})


def _now(t: Translate, row: Counter) -> Any:
    """People in the last full hour, and how that is."""
    if row.fault:
        return html.Span(t("trends_foot.faulty"), className="foot__faulty")
    if row.status != "ok" and row.people is None:
        return t(f"live_map.status_{row.status}")
    said = people(row.people)
    if row.level in ARROWS:
        usual = t("trends_foot.usually", n=people(row.usual))
        return [html.B(f"{ARROWS[row.level]} {said}"), " ", usual]
    if row.people is None:
        return t("trends_foot.level_unknown")
    return said if row.usual is None else [said, " ", t("trends_foot.usually", n=people(row.usual))]


def _spark(t: Translate, row: Counter) -> Any:
    told = [None if n is None else max(n, 2.5) for n in row.days]
    known = [n for n in row.days if n is not None]
    if len(known) < 2:
        return NOTHING
    said = {"low": people(min(known)), "high": people(max(known)), "n": len(known)}
    return sparks.spark(told, t("trends_foot.spark_says", **said))
