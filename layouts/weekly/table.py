"""The table of the week: what is on the first page, and below it everything else.

On a phone a row becomes a card, so roles are written out: a grid is no table to a browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row, Told
from layouts.kpis import words as kpi_words
from layouts.weekly import words
from layouts.weekly.here import Here, hidden, spoken
from layouts.weekly.spark import spark

SPANS = ("d28", "year", "last_year")
COLUMNS = ("week", *SPANS, "usual", "z", "line")
SPOKEN = ("z",)  # heads that are read aloud otherwise than they are seen
QUIET = ("unjudged", "overdue", "band_31")  # parts that are told only where there are some
ENOUGH = 0.95  # coverage that is not worth a word beside the figure


def figures(here: Here) -> html.Section:
    """The rows of the first page."""
    t = here.t
    legend = [t(f"weekly_page.legend_{name}") for name in ("usual", "marks", "z")]
    first = [row for row in here.summary.rows if BY_KEY[row.key].main]
    return html.Section(
        [
            html.H2(t("weekly_page.table"), className="visually-hidden"),
            _table(here, first, t("weekly_page.table_of")),
            html.P(" ".join(legend), className="weekly__note"),
        ],
        className="weekly__figures",
        **{"data-key": "figures"},
    )


def others(here: Here) -> html.Details:
    """All other rows; on paper they follow what is read (weekly_to_paper.css)."""
    t = here.t
    rest = [row for row in here.summary.rows if not BY_KEY[row.key].main]
    title = html.Summary(t("weekly_page.all_figures", n=len(rest)), className="weekly__opener")
    return html.Details(
        [title, _table(here, rest, t("weekly_page.table_others"))],
        className="weekly__more weekly__others",
        **{"data-key": "others"},
    )


def _table(here: Here, rows: Sequence[Row], caption: str) -> html.Table:
    t = here.t
    heads = [_head(t, "measure"), *(_head(t, name) for name in COLUMNS)]
    head = html.Thead(html.Tr(heads, role="row"), role="rowgroup")
    body = html.Tbody([_row(here, row) for row in rows], role="rowgroup")
    said = html.Caption(caption, className="visually-hidden")
    return html.Table([said, head, body], className="weekly__table", role="table")


def _head(t: Translate, name: str) -> html.Th:
    seen = t(f"weekly_page.column_{name}")
    said = spoken(seen, t(f"weekly_page.aloud_{name}")) if name in SPOKEN else seen
    look = f"weekly__{name}" if name != "measure" else None
    return html.Th(said, scope="col", role="columnheader", className=look)


def _row(here: Here, row: Row) -> html.Tr:
    t, usual = here.t, row.usual
    drawn = spark(t, row)
    cells = [
        _name(t, row),
        _cell(t, "week", [_link(row, _figure(t, row, row.week), first=True), *_since(t, row.week)]),
        *(_cell(t, name, _span(t, row, name), not _known(row, name)) for name in SPANS),
        _cell(t, "usual", _link(row, words.usual(t, usual, BY_KEY[row.key].unit)), not usual.weeks),
        _cell(t, "z", _z(t, row), usual.z is None),
        _cell(t, "line", drawn, drawn == words.NOTHING),
    ]
    look = "weekly__row"
    if row.usual.mark:
        side = " weekly__row--better" if row.usual.side == "better" else ""
        look = f"{look} weekly__row--{row.usual.mark}{side}"
    return html.Tr(cells, id=f"r-{row.key}", className=look, role="row", **{"data-key": row.key})


def _name(t: Translate, row: Row) -> html.Th:
    link = html.A(words.measure(t, row.key), href=f"#d-{row.key}", className="weekly__name")
    beside = " · ".join(_beside(t, row))
    small = html.Small(beside) if beside else None
    return html.Th([*mark(t, row), link, small], scope="row", role="rowheader")


def mark(t: Translate, row: Row) -> list[Any]:
    """The shape, and what it means for those who do not see it."""
    if not row.usual.mark:
        return []
    shape = html.Span(words.mark(row.usual), className="weekly__mark", **{"aria-hidden": "true"})
    return [shape, hidden(t(f"weekly_page.mark_{row.usual.mark}") + " ")]


def _beside(t: Translate, row: Row) -> list[str]:
    """What is told under the name: what the figure is made of, its target, what was not heard."""
    told = row.week
    measure = BY_KEY[row.key]
    parts = {name: told.parts[name] for name in measure.shown if name in told.parts}
    said = [words.part(t, name, x) for name, x in parts.items() if x or name not in QUIET]
    if row.target is not None:
        target = kpi_words.target(t, "share" if measure.unit == "share" else "ms", row.target)
        said.append(t("weekly_page.target", target=target))
    if told.coverage is not None and told.coverage < ENOUGH:
        said.append(t("weekly_page.coverage", share=kpi_words.share(told.coverage)))
    return said


def _figure(t: Translate, row: Row, told: Told) -> list[Any]:
    """Why there is none is read aloud, and seen by who points at it; of the week by everybody."""
    said = words.figure(t, told, BY_KEY[row.key].unit)
    if told.value is not None:
        return [said]
    why = words.why(t, told)
    if told is row.week:
        return [html.Span(why, className="weekly__why")]
    return [html.Span(said, title=why, **{"aria-hidden": "true"}), hidden(why)]


def _span(t: Translate, row: Row, name: str) -> list[Any]:
    told: Told = getattr(row, name)
    if name == "last_year":
        return _last_year(t, row)
    return [_link(row, _figure(t, row, told)), *_since(t, told)]


def _last_year(t: Translate, row: Row) -> list[Any]:
    """The same weeks, and below them the same week; it alone where no more is known."""
    told, week = row.last_year, row.last_year_week
    if week.value is None:
        return [_link(row, _figure(t, row, told))]
    if told.value is None:
        only = html.Small(t("weekly_page.only_week_last_year"))
        return [_link(row, _figure(t, row, week)), only]
    said = words.figure(t, week, BY_KEY[row.key].unit)
    beside = html.Small(t("weekly_page.same_week_last_year", value=said))
    return [_link(row, _figure(t, row, told)), beside]


def _known(row: Row, name: str) -> bool:
    spans = (row.last_year, row.last_year_week) if name == "last_year" else (getattr(row, name),)
    return any(told.value is not None for told in spans)


def _since(t: Translate, told: Told) -> list[html.Small]:
    """Of less than the span that the column is about."""
    return [html.Small(words.since(t, told))] if told.since and told.value is not None else []


def _z(t: Translate, row: Row) -> list[Any]:
    usual = row.usual
    said: list[Any] = [_link(row, words.z(t, usual))]
    if usual.side:
        said.append(html.Small(t(f"weekly_page.side_{usual.side}"), className="weekly__side"))
    elif usual.why and usual.z is None:
        said.append(hidden(t(f"weekly.why_{usual.why}")))
    return said


def _link(row: Row, said: Any, first: bool = False) -> html.A:
    """Every figure leads to its definition; by keyboard one of a row is enough."""
    look = "weekly__figure weekly__figure--first" if first else "weekly__figure"
    reach = {} if first else {"tabIndex": "-1"}
    return html.A(said, href=f"#d-{row.key}", className=look, **reach)


def _cell(t: Translate, name: str, content: Any, empty: bool = False) -> html.Td:
    """empty: there is nothing to tell, which a card leaves out."""
    label = {"data-label": t(f"weekly_page.column_{name}")}
    look = f"weekly__{name} weekly__empty" if empty else f"weekly__{name}"
    return html.Td(content, className=look, role="cell", **label)
