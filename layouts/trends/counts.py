"""Counts against what is usual: a row per group, the surprising ones first and marked."""

from __future__ import annotations

from math import sqrt
from typing import Any

from dash import html

from dashboard.coarse import FEW
from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.change import FLAG_Z, USUAL_Z, Counts, Judged, Row
from layouts.trends.address import BY
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.picks import name_of
from layouts.trends.surprise import chance

DEFAULT = "category"
MOST_ROWS = 20
ARROWS = {"more": "▲", "less": "▼"}
COLUMNS = ("group", "n", "usual", "says", "last_year")


def counts_picture(here: Here, counts: Counts) -> Picture:
    t, by = here.t, here.address.by or DEFAULT
    above: list[Any] = [explained(t, "trends_change.counts"), _tabs(here, by)]
    if not counts.rows:
        return Picture(above=[*above, _note(t("trends_change.none"))])
    above += [html.P(_summary(t, counts), className="trends__unusual"), _table(here, by, counts)]
    if len(counts.rows) > MOST_ROWS:
        above.append(_note(t("trends_change.more_rows", n=len(counts.rows) - MOST_ROWS)))
    if counts.weeks:
        above.append(_note(_basis(t, counts)))
    return Picture(above=above)


def _note(words: str) -> html.P:
    return html.P(words, className="trends__note")


def _tabs(here: Here, by: str) -> html.Nav:
    shown = [name for name in BY if name != "code" or here.sees_codes]
    links = [
        html.A(
            here.t(f"trends.filter_{name}"),
            href=here.address.but(by="" if name == DEFAULT else name),
            className="kpis__tab kpis__tab--here" if name == by else "kpis__tab",
            **({"aria-current": "true"} if name == by else {}),
        )
        for name in shown
    ]
    label = {"aria-label": here.t("trends_change.by")}
    return html.Nav(links, className="kpis__tabs trends__by", **label)


def _summary(t: Translate, counts: Counts) -> str:
    if not counts.weeks:
        return t("trends_change.no_history")
    if not counts.flagged:
        return t("trends_change.all_usual", chance=f"{counts.by_chance:.2f}")
    return t("trends_change.flagged", n=len(counts.flagged), chance=f"{counts.by_chance:.2f}")


def _basis(t: Translate, counts: Counts) -> str:
    said = t("trends_change.basis", weeks=counts.weeks)
    if counts.phi > 1.2:
        said += " " + t("trends_change.scatter", phi=f"{counts.phi:.1f}")
    return said


def _table(here: Here, by: str, counts: Counts) -> html.Div:
    t, rows, known = here.t, counts.rows[:MOST_ROWS], counts.weeks > 0
    most = max((_reach(row.judged) for row in rows if row.judged), default=1.0)
    head = [html.Th(t(f"trends_change.column_{name}"), scope="col") for name in COLUMNS]
    head[0] = html.Th(t(f"trends.filter_{by}"), scope="col")
    body = [_row(here, by, row, most, known) for row in rows]
    table = html.Table(
        [
            html.Caption(t("trends.picture_counts"), className="visually-hidden"),
            html.Thead(html.Tr(head)),
            html.Tbody([_total(t, counts.total, known), *body]),
        ],
        className="table trends__counts",
    )
    label = {"aria-label": t("trends.picture_counts")}
    return html.Div(table, className="trends__across", tabIndex="0", role="region", **label)


def _row(here: Here, by: str, row: Row, most: float, known: bool) -> html.Tr:
    picked = here.choice.wanted.get(by) == row.key
    name = html.Th(_name(here, by, row.key, picked), scope="row")
    look = "trends__row--picked" if picked else ""
    if row.judged is None:
        hidden = html.Td(here.t("trends_change.hidden", few=FEW), colSpan="4")
        return html.Tr([name, hidden], className=look, **{"data-key": f"by-{row.key}"})
    return html.Tr(
        [name, *_cells(here.t, row, row.judged, most, known)],
        className=look,
        **{"data-key": f"by-{row.key}"},
    )


def _total(t: Translate, row: Row, known: bool) -> html.Tr:
    name = html.Th(t("trends_change.total"), scope="row")
    if row.judged is None:
        return html.Tr([name, html.Td(t("trends_change.hidden", few=FEW), colSpan="4")])
    cells = _cells(t, row, row.judged, _reach(row.judged), known)
    return html.Tr([name, *cells], className="trends__row--total")


def _name(here: Here, by: str, key: str, picked: bool) -> Any:
    """A link that picks the group, or takes it back."""
    words = name_of(here, by, key)
    if not key:
        return words
    href = here.address.without(by) if picked else here.address.of(by, key)
    mark = {"aria-current": "true"} if picked else {}
    return html.A(words, href=href, className="trends__pick", **mark)


def _cells(t: Translate, row: Row, judged: Judged, most: float, known: bool) -> list[html.Td]:
    return [
        html.Td(html.B(number(round(judged.n))), className="trends__number"),
        html.Td(_range(t, row, most, known)),
        html.Td(_says(t, row, known)),
        html.Td(_last_year(t, row), className="trends__number"),
    ]


def _says(t: Translate, row: Row, known: bool) -> Any:
    """known: there is something to compare with, be it hidden from this role."""
    if not known:
        return html.Span(t("trends_change.unknown"), className="trends__quiet")
    z = row.judged.z if row.judged else None
    if not row.flag:
        word = "usual" if abs(z or 0.0) < USUAL_Z else "rather_more" if z else "usual"
        word = "rather_less" if (z or 0.0) <= -USUAL_Z else word
        return html.Span(t(f"trends_change.{word}"), className="trends__quiet")
    if z is None:
        words = t(f"trends_change.{row.flag}_than_few", few=FEW)
    else:
        words = t(f"trends_change.{row.flag}", chance=chance(t, z))
    return html.Span([html.B(ARROWS[row.flag]), " ", words], className="trends__flag")


def _last_year(t: Translate, row: Row) -> Any:
    if row.last_year is None:
        return "–"
    said = number(row.last_year)
    if row.z_last_year is None or abs(row.z_last_year) < FLAG_Z:
        return said
    way = "more" if row.z_last_year > 0 else "less"
    arrow = html.B(ARROWS[way], className="trends__flag", **{"aria-hidden": "true"})
    words = html.Span(t(f"trends_change.now_{way}"), className="visually-hidden")
    return [said, " ", arrow, words]


def _range(t: Translate, row: Row, most: float, known: bool) -> Any:
    """The usual range as a bar, the count as a dot, both on one scale for the whole table: of
    square roots, on which as much surprise is as wide among few as among many."""
    judged = row.judged
    if judged is None or judged.low is None or judged.high is None:
        words = t("trends_change.range_hidden", few=FEW) if known else "–"
        return html.Span(words, className="range__words")
    low, high = judged.low, judged.high
    words = t("trends_change.range", low=number(round(low)), high=number(round(high)))
    dot = "range__dot" + (f" range__dot--{row.flag}" if row.flag else "")
    return html.Span(
        [
            html.Span(
                [
                    html.Span(
                        className="range__band",
                        style={"left": _share(low, most), "width": _share(high, most, low)},
                    ),
                    html.Span(className=dot, style={"left": _share(judged.n, most)}),
                ],
                className="range",
                **{"aria-hidden": "true"},
            ),
            html.Span(words, className="range__words"),
        ]
    )


def _share(value: float, most: float, less: float = 0.0) -> str:
    return f"{100 * (sqrt(max(0.0, value)) - sqrt(less)) / sqrt(most):.1f}%"


def _reach(judged: Judged) -> float:
    return 1.05 * max(judged.n, judged.high or 0.0, 1.0)
