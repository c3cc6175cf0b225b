"""The control chart of 52 weeks: a line within its limits, and in words which weeks left them."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.format import number
from dashboard.kpis.choice import day_of_ms
from dashboard.text import Translate
from dashboard.trends.change import BY_CHANCE
from dashboard.trends.control import ControlChart, Week
from layouts import charts
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.surprise import chance

TOLD = 6
MARKS = {"more": "up", "less": "down"}  # of charts


def control_picture(here: Here, chart: ControlChart) -> Picture:
    t = here.t
    above: list[Any] = [explained(t, "trends_change.control")]
    if not chart.weeks:
        return Picture(above=[*above, _note(t("trends_change.control_none"))])
    judged = [week for week in chart.weeks if week.z is not None]
    above.append(html.Div(_told(here, chart, len(judged)), className="trends__unusual"))
    if chart.phi > 1.2:
        above.append(_note(t("trends_change.scatter", phi=f"{chart.phi:.1f}")))
    return Picture(above=above, chart=(_chart(t, chart), t("trends_change.control_label")))


def _note(words: str) -> html.P:
    return html.P(words, className="trends__note")


def _told(here: Here, chart: ControlChart, judged: int) -> list[Any]:
    """Newest first; each leads to its week."""
    t = here.t
    if not judged:
        return [html.P(t("trends_change.control_short"))]
    if not chart.flagged:
        by_chance = f"{BY_CHANCE * judged:.1f}"
        return [html.P(t("trends_change.control_usual", n=judged, chance=by_chance))]
    told = [_week(here, week) for week in reversed(chart.flagged[-TOLD:])]
    more = len(chart.flagged) - len(told)
    rest = [html.P(t("trends_change.control_more", n=more))] if more else []
    return [html.Ul(told, className="trends__weeks"), *rest]


def _week(here: Here, week: Week) -> html.Li:
    t = here.t
    words = t(
        f"trends_change.week_{week.flag}",
        n=number(week.n or 0),
        low=number(round(week.low or 0)),
        high=number(round(week.high or 0)),
        chance=chance(t, week.z or 0.0),
    )
    href = here.address.period(week_word(week.start_ms))
    arrow = html.B("▲" if week.flag == "more" else "▼", className="trends__flag")
    return html.Li([arrow, " ", html.A(week_name(t, week.start_ms), href=href), " ", words])


def week_word(start_ms: int) -> str:
    """As in an address: 2026-W47."""
    year, number_, _ = day_of_ms(start_ms).isocalendar()
    return f"{year:04}-W{number_:02}"


def week_name(t: Translate, start_ms: int) -> str:
    year, number_, _ = day_of_ms(start_ms).isocalendar()
    return t("trends_change.week", year=year, n=number_)


def _chart(t: Translate, chart: ControlChart) -> charts.Chart:
    points = [
        charts.Point(
            week.start_ms,
            None if week.n is None else float(week.n),
            said=_said(t, week),
            mark="open" if week.partial else MARKS.get(week.flag, ""),
        )
        for week in chart.weeks
    ]
    usual = [charts.Point(w.start_ms, w.expected, w.low, w.high) for w in chart.weeks]
    lines = [charts.Line(t("trends_change.weekly"), points)]
    return charts.line_chart(t, charts.Axis("count", zero=True), lines, usual)


def _said(t: Translate, week: Week) -> str:
    if week.n is None:
        return t("trends_change.few")
    said = t("trends_change.incidents", n=number(week.n))
    if week.low is not None and week.high is not None:
        low, high = number(round(week.low)), number(round(week.high))
        said += ", " + t("trends_change.range", low=low, high=high)
    if week.partial:
        said += ", " + t("trends_change.partial")
    if week.flag:
        said = ("▲ " if week.flag == "more" else "▼ ") + said
    return said
