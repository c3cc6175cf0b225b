"""Any two weeks side by side: each row of the table, the difference, and whether it is clear."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.text import Translate
from dashboard.weekly.compare import Compared, compare
from dashboard.weekly.measures import BY_KEY
from layouts.kpis import words as kpi_words
from layouts.weekly import address, words
from layouts.weekly.here import Here
from layouts.weekly.lists import said

CLEAR = ("more", "less", "better", "worse")


def side_by_side(earlier: Here, later: Here) -> list[Any]:
    t = later.t
    title = html.H1(name(earlier, later), tabIndex="-1", **{"data-title": "1"})
    weeks = html.Div(
        [_week(here) for here in (earlier, later)], className="weekly__two weekly__pair"
    )
    links = [
        html.A(t("weekly_page.archive_other"), href=address.ARCHIVE, className="weekly__tool"),
        html.Button(t("weekly_page.print"), type="button", className="weekly__tool",
                    **{"data-print": "1"}),
    ]  # fmt: skip
    tools = html.Nav(
        [html.Div(), html.Div(links, className="weekly__doors")],
        className="weekly__tools", **{"aria-label": t("weekly_page.tools")},
    )  # fmt: skip
    content = [
        html.Header([html.Div([title])], className="weekly__head"),
        weeks,
        html.Section(
            [
                html.H2(t("weekly_page.table"), className="visually-hidden"),
                _table(earlier, later),
                html.P(t("weekly_page.compare_how"), className="weekly__note"),
            ],
            className="weekly__figures",
            **{"data-key": "compared"},
        ),
    ]
    return [tools, html.Article(content, className="weekly__sheet")]


def name(earlier: Here, later: Here) -> str:
    first, second = (words.week_name(here.t, here.word) for here in (earlier, later))
    return later.t("weekly_page.compare_title", first=first, second=second)


def _week(here: Here) -> html.Section:
    """What is read of it first."""
    t = here.t
    link = html.A(words.week_name(t, here.word), href=address.to(here.word))
    state = t("weekly_page.provisional")
    if here.sealed is not None:
        revision = t("weekly_page.revision", n=here.sealed.revision)
        state = f"{t('weekly_page.sealed')} · {revision}"
    beside = [words.days(t, here.summary), state]
    if here.summary.coverage is not None:
        share = kpi_words.share(here.summary.coverage)
        beside.append(t("weekly_page.coverage", share=share))
    told = [html.P(_plain(here, one)) for one in here.summary.said]
    return html.Section(
        [
            html.H2([link, " ", html.Span(" · ".join(beside), className="weekly__beside")]),
            html.Div(told, className="weekly__short"),
        ],
        className="weekly__part",
        **{"data-key": here.word},
    )


def _plain(here: Here, sentence: Any) -> list[Any]:
    """Its links lead to the page of that week."""
    told = said(here, sentence)
    for one in told:
        link = one.children[0] if isinstance(one, html.Span) else one
        if not isinstance(link, str):
            link.href = address.to(here.word) + link.href
    return told


def _table(earlier: Here, later: Here) -> html.Table:
    t = later.t
    weeks = [words.week_name(t, here.word) for here in (earlier, later)]
    names = (t("weekly_page.column_measure"), *weeks, t("weekly_page.column_difference"),
             t("weekly_page.column_verdict"))  # fmt: skip
    heads = [
        html.Th(said_, scope="col", role="columnheader", className=None if at == 0 else "is-number")
        for at, said_ in enumerate(names)
    ]
    rows = [_row(later, one, weeks) for one in compare(earlier.summary, later.summary)]
    caption = html.Caption(t("weekly_page.compare_of"), className="visually-hidden")
    head = html.Thead(html.Tr(heads, role="row"), role="rowgroup")
    body = html.Tbody(rows, role="rowgroup")
    return html.Table([caption, head, body], className="weekly__compared", role="table")


def _row(here: Here, one: Compared, weeks: list[str]) -> html.Tr:
    t, unit = here.t, BY_KEY[one.key].unit
    define = html.A(
        words.measure(t, one.key), href=address.to(here.word, anchor=f"d-{one.key}"),
        className="weekly__name",
    )  # fmt: skip
    cells = [
        _cell(weeks[0], words.figure(t, one.earlier, unit), "is-number"),
        _cell(weeks[1], words.figure(t, one.later, unit), "is-number weekly__later"),
        _cell(t("weekly_page.column_difference"), _difference(t, one), "is-number"),
        _cell(t("weekly_page.column_verdict"), _verdict(t, one), "weekly__verdict"),
    ]
    look = "weekly__row weekly__row--clear" if one.verdict in CLEAR else "weekly__row"
    head = html.Th(define, scope="row", role="rowheader")
    return html.Tr([head, *cells], className=look, role="row", **{"data-key": one.key})


def _cell(label: str, content: Any, look: str) -> html.Td:
    return html.Td(content, className=look, role="cell", **{"data-label": label})


def _difference(t: Translate, one: Compared) -> str:
    if one.difference is None:
        return words.NOTHING
    if not one.difference:
        return "0"
    unit = BY_KEY[one.key].unit
    return kpi_words.difference(t, "count" if unit == "per_day" else unit, one.difference)


def _verdict(t: Translate, one: Compared) -> list[Any]:
    """An arrow beside the word: which way it went."""
    said_ = t(f"weekly_page.verdict_{one.verdict}")
    if one.verdict not in CLEAR or one.difference is None:
        return [said_]
    arrow = "↑" if one.difference > 0 else "↓"
    return [html.Span(arrow, className="weekly__arrow", **{"aria-hidden": "true"}), " ", said_]
