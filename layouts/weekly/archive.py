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

COLUMNS = ("week", "days", "state", "sealed", "coverage")
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
    tools = html.Nav(
        html.Div(back, className="weekly__weeks"),
        className="weekly__tools",
        **{"aria-label": t("weekly_page.tools")},
    )
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
    heads = [_head(t(f"weekly_page.archive_{name}"), name) for name in COLUMNS]
    if two:
        heads += [_head(t(f"weekly_page.pick_{choice}"), "pick") for choice in CHOICES]
    sealed = [line.week for line in lines if line.revision]
    chosen = (sealed if len(sealed) > 1 else [line.week for line in lines])[:2]
    rows = [_row(t, line, chosen if two else None) for line in lines]
    caption = html.Caption(t("weekly_page.archive_of"), className="visually-hidden")
    head = html.Thead(html.Tr(heads, role="row"), role="rowgroup")
    body = html.Tbody(rows, role="rowgroup")
    return html.Table([caption, head, body], className="weekly__archive", role="table")


def _head(words_: str, name: str) -> html.Th:
    return html.Th(words_, scope="col", role="columnheader", className=f"weekly__a-{name}")


def _row(t: Translate, line: WeekLine, chosen: Sequence[str] | None) -> html.Tr:
    """chosen: of each choice, before anybody chooses; None = there is nothing to choose."""
    name = words.week_name(t, line.week)
    link = html.A(name, href=address.to(line.week))
    told = {
        "days": kpi_words.days(t, Week.of(line.week).period),
        "state": _state(t, line),
        "sealed": words.moment(t, line.sealed_ms) if line.revision else "",
        "coverage": "" if line.coverage is None else kpi_words.share(line.coverage),
    }
    cells = [html.Th(link, scope="row", role="rowheader", className="weekly__a-week")]
    cells += [_cell(t, column, said) for column, said in told.items()]
    for choice, word in zip(CHOICES, chosen or (), strict=False):
        cells.append(_choice(t, line.week, name, choice, word == line.week))
    return html.Tr(cells, role="row", **{"data-key": line.week})


def _cell(t: Translate, column: str, said: Any) -> html.Td:
    label = {"data-label": t(f"weekly_page.archive_{column}")}
    look = f"weekly__a-{column}"
    return html.Td(said or words.NOTHING, role="cell", className=look, **label)


def _state(t: Translate, line: WeekLine) -> Any:
    if line.revision:
        revision = t("weekly_page.revision", n=line.revision)
        return f"{t('weekly_page.sealed')} · {revision}"
    key = "soon_sealed_short" if line.complete else "provisional"
    return html.Span(t(f"weekly_page.{key}"), className="weekly__provisional")


def _choice(t: Translate, word: str, name: str, choice: str, chosen: bool) -> html.Td:
    said = t(f"weekly_page.choose_{choice}", week=name)
    told = {"type": "radio", "name": choice, "value": word, "checked": chosen, "aria-label": said}
    label = html.Label(Tag("input", told), className="weekly__choice")
    return html.Td(label, role="cell", className="weekly__a-pick")
