"""What every figure means and comes from: where the figures of the page lead to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row
from layouts.kpis import address as kpis
from layouts.kpis import words as kpi_words
from layouts.trends import address as trends
from layouts.weekly import words
from layouts.weekly.here import Here
from layouts.weekly.lists import section

Facts = Sequence[tuple[str, Any]]


def definitions(here: Here) -> html.Section:
    rows = here.summary.rows
    listed = html.Div([_definition(here, row) for row in rows], className="weekly__definitions")
    how = [html.P(here.t(f"weekly_page.how_{name}")) for name in ("usual", "spans", "figures")]
    said = html.Div(how, className="weekly__how")
    return section(here.t("weekly_page.definitions"), "", [said, listed], "definitions")


def _definition(here: Here, row: Row) -> html.Article:
    t = here.t
    back = html.A(words.measure(t, row.key), href=f"#r-{row.key}")
    return html.Article(
        [
            html.H3(back),
            html.P(_meaning(here, row)),
            _list([(name, said) for name, said in _facts(here, row) if said]),
            *_elsewhere(here, row),
        ],
        id=f"d-{row.key}",
        className="weekly__definition",
        **{"data-key": row.key},
    )


def _meaning(here: Here, row: Row) -> Any:
    """Of a kind of device: the same as of all of them, which is told once."""
    t, measure = here.t, BY_KEY[row.key]
    if not measure.kind or measure.kpi not in BY_KEY:
        return words.definition(t, row.key)
    same = html.A(words.measure(t, measure.kpi), href=f"#d-{measure.kpi}")
    return [t("weekly_page.same_for_kind"), " ", same]


def _facts(here: Here, row: Row) -> Facts:
    t, told, measure = here.t, row.week, BY_KEY[row.key]
    value = words.figure(t, told, measure.unit)
    known = "" if told.value is None else kpi_words.count(told.n)
    covered = "" if told.coverage is None else kpi_words.share(told.coverage)
    return [
        (t("weekly_page.fact_value"), value if told.value is not None else words.why(t, told)),
        (t("weekly_page.fact_interval"), _interval(here, row)),
        (t("weekly_page.fact_n"), known),
        (t("weekly_page.fact_coverage"), covered),
        (t("weekly_page.fact_usual"), _usual(here, row)),
        (t("weekly_page.fact_unit"), t(f"weekly_page.unit_{measure.unit}")),
        (t("weekly_page.fact_source"), words.source(t, row.key)),
    ]


def _interval(here: Here, row: Row) -> str:
    told, unit = row.week, BY_KEY[row.key].unit
    if told.value is None or told.low is None or told.high is None:
        return ""
    low, high = (words.amount(here.t, unit, x) for x in (told.low, told.high))
    return here.t("kpis.between", low=low.removesuffix("%") if unit == "share" else low, high=high)


def _usual(here: Here, row: Row) -> str:
    t, usual = here.t, row.usual
    if not usual.weeks:
        return words.why(t, usual)
    said = words.usual(t, usual, BY_KEY[row.key].unit)
    return t("weekly_page.usual_of", usual=said, n=usual.weeks)


def _elsewhere(here: Here, row: Row) -> list[html.P]:
    """Where the same is told of this week in more detail."""
    t, measure = here.t, BY_KEY[row.key]
    if measure.kpi:
        query = {"kpi": measure.kpi, "period": here.word}
        query |= {"kind": measure.kind} if measure.kind else {}
        link = html.A(t("weekly_page.to_kpi"), href=kpis.to(query))
    elif measure.of == "incidents":
        link = html.A(t("weekly_page.to_trends"), href=trends.to({"period": here.word}))
    else:
        return []
    return [html.P(link, className="weekly__elsewhere")]


def _list(facts: Facts) -> html.Dl:
    pairs = [html.Div([html.Dt(name), html.Dd(said)]) for name, said in facts]
    return html.Dl(pairs, className="weekly__facts")


# -- what the week was worked out from -----------------------------------------------------------


def sources(here: Here) -> html.Section:
    """Enough to work it out again elsewhere, and to see that it is the same."""
    t = here.t
    facts = _list([(t(f"weekly_page.source_{name}"), said) for name, said in _inputs(here) if said])
    note = html.P(t("weekly_page.sources_how"), className="weekly__note")
    return section(t("weekly_page.sources"), "", [facts, note], "sources")


def _inputs(here: Here) -> Facts:
    t, inputs, sealed = here.t, here.summary.inputs, here.sealed
    count = kpi_words.count
    first, last = _day(here, inputs.first_day), _day(here, inputs.last_day)
    device_days = t("weekly_page.device_days", n=count(inputs.device_days))
    told: list[tuple[str, Any]] = [
        ("sums", t("weekly.days", first=first, last=last)),
        ("counted_from", _day(here, inputs.counted_from)),
        ("incidents_from", _day(here, inputs.incidents_from)),
        ("devices", f"{count(inputs.devices)} · {device_days}"),
        ("alerts", count(inputs.alerts)),
        ("incidents", count(inputs.incidents)),
        ("orders", count(inputs.orders)),
        ("partitions", count(inputs.partitions)),
    ]
    if sealed is None:
        return told
    return [
        *told,
        ("sealed", words.moment(t, sealed.sealed_ms)),
        ("seen", words.moment(t, sealed.seen_ms)),
        ("code", html.Code(sealed.code)),
        ("hash", html.Code(sealed.hash)),
    ]


def _day(here: Here, day: str) -> str:
    return words.day(here.t, date.fromisoformat(day)) if day else ""
