"""Every week there is, the newest first, and any two of them chosen to be held against each other.

Twin: callbacks/weekly/page.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.text import Translate
from dashboard.weekly.shown import WeekLine
from dashboard.weekly.week import Week
from layouts import shell
from layouts.kpis import words as kpi_words
from layouts.markup import Tag
from layouts.weekly import address, words
from layouts.weekly.page import loading, stale

COLUMNS = ("week", "state", "coverage")
CHOICES = ("week", "with")  # of the address


def layout(t: Translate, who: Principal, simulated: bool = False) -> html.Div:
    W = ids.Weekly
    places = [
        html.Div(id=W.ARCHIVE_PROBLEM, role="alert", className="weekly__problem"),
        html.Div(loading(t), id=W.ARCHIVE_CONTENT),
        html.P(id=W.ARCHIVE_SAID, role="status", className="visually-hidden"),
        dcc.Store(id=W.ARCHIVE_ASKED),
        dcc.Store(id=W.ARCHIVE_ANSWER),
    ]
    return shell.shell(t, who, "weekly_archive", [stale(t, "weekly-archive"), *places], simulated)


def archive(t: Translate, lines: Sequence[WeekLine]) -> list[Any]:
    """lines: the newest first."""
    title = html.H1(t("weekly_page.archive"), tabIndex="-1", **{"data-title": "1"})
    of = html.P(t("weekly_page.archive_what", n=len(lines)), className="weekly__of")
    back = html.A(t("weekly_page.to_newest"), href=address.PATH, className="weekly__tool")
    tools = html.Nav([back], className="weekly__tools", **{"aria-label": t("weekly_page.tools")})
    body: Any = html.P(t("weekly_page.archive_empty"), className="weekly__none")
    if lines:
        body = _form(t, lines)
    head = html.Header([html.Div([title, of])], className="weekly__head")
    return [tools, html.Article([head, body], className="weekly__sheet weekly__sheet--archive")]


def _form(t: Translate, lines: Sequence[WeekLine]) -> html.Form:
    """A plain one: it leads to the two weeks without a script as well."""
    submit = html.Button(t("weekly_page.compare_two"), type="submit", className="button")
    two = len(lines) > 1
    button = html.Div(submit, className="weekly__send weekly__send--sticky") if two else None
    return html.Form(
        [_table(t, lines, two), button], action=address.PATH, method="get", **{"data-compare": "1"}
    )


def _table(t: Translate, lines: Sequence[WeekLine], two: bool) -> html.Table:
    heads = [
        html.Th(t(f"weekly_page.archive_{name}"), scope="col", role="columnheader",
                className=f"weekly__a-{name}")
        for name in (*COLUMNS, *(CHOICES if two else ()))
    ]  # fmt: skip
    rows = [_row(t, line, at, two) for at, line in enumerate(lines)]
    caption = html.Caption(t("weekly_page.archive_of"), className="visually-hidden")
    head = html.Thead(html.Tr(heads, role="row"), role="rowgroup")
    body = html.Tbody(rows, role="rowgroup")
    return html.Table([caption, head, body], className="weekly__archive", role="table")


def _row(t: Translate, line: WeekLine, at: int, two: bool) -> html.Tr:
    name = words.week_name(t, line.week)
    period = Week.of(line.week).period
    days = html.Small(kpi_words.days(t, period))
    week = html.Th([html.A(name, href=address.to(line.week)), days], scope="row", role="rowheader")
    heard = kpi_words.share(line.coverage) if line.coverage is not None else words.NOTHING
    cells = [
        html.Td(_state(t, line), role="cell", className="weekly__a-state"),
        html.Td(heard, role="cell", className="weekly__a-coverage",
                **{"data-label": t("weekly_page.archive_coverage")}),
    ]  # fmt: skip
    if two:  # the newest against the one before it
        cells += [_choice(t, line.week, name, choice, at == n) for n, choice in enumerate(CHOICES)]
    return html.Tr([week, *cells], role="row", **{"data-key": line.week})


def _state(t: Translate, line: WeekLine) -> list[Any]:
    if not line.revision:
        key = "soon_sealed_short" if line.complete else "provisional"
        return [html.Span(t(f"weekly_page.{key}"), className="weekly__provisional")]
    revision = t("weekly_page.revision", n=line.revision)
    at = html.Small(words.moment(t, line.sealed_ms))
    return [f"{t('weekly_page.sealed')} · {revision}", at]


def _choice(t: Translate, word: str, name: str, choice: str, chosen: bool) -> html.Td:
    said = t(f"weekly_page.choose_{choice}", week=name)
    told = {"type": "radio", "name": choice, "value": word, "checked": chosen, "aria-label": said}
    label = html.Label(Tag("input", told), className="weekly__choice")
    return html.Td(label, role="cell", className=f"weekly__a-{choice}")
