"""Incidents per 1,000 passers by route and by zone, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.coarse import FEW
from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.passers import Passed, Passers
from layouts.kpis.words import NOTHING
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.people import people, percent

COLUMNS = ("rate", "interval", "incidents", "passers", "known")
NEARLY_ALL = 0.995
MARKS = {"more": "▲", "fewer": "▼"}


def passers_picture(here: Here, found: Sequence[Passers]) -> Picture:
    """found: by route, by zone."""
    t = here.t
    above: list[Any] = [explained(t, "trends_foot.passers")]
    told = [one for one in found if any(row.passers for row in one.rows)]
    if not told:
        return Picture(above=[*above, _note(t("trends_foot.passers_none"))])
    if told[0].part < NEARLY_ALL:
        above.append(_note(t("trends_foot.part", share=percent(told[0].part))))
    for one in told:
        above += [_verdict(here, one), _table(here, one), *_uncounted(here, one)]
    return Picture(above=above)


def _note(words: Any) -> html.P:
    return html.P(words, className="trends__note")


def _verdict(here: Here, found: Passers) -> html.P:
    """Which can be told apart from the whole, and how many chance alone would."""
    t = here.t
    said = []
    for verdict in MARKS:
        names = [_word(here, found.dim, row.word) for row in found.rows if row.verdict == verdict]
        if names:
            said.append(t(f"trends_foot.passers_{verdict}", places=", ".join(names)))
    said = said or [t("trends_foot.passers_alike")]
    return _note(" ".join([*said, t("trends_foot.by_chance", n=f"{found.by_chance:.1f}")]))


def _word(here: Here, dim: str, word: str) -> str:
    return here.route(word) if dim == "route" else here.zone(word)


def _table(here: Here, found: Passers) -> html.Div:
    t, dim = here.t, found.dim
    label = t(f"trends_foot.passers_by_{dim}")
    heads = [html.Th(t(f"trends.filter_{dim}"), scope="col")]
    heads += [
        html.Th(t(f"trends_foot.column_{name}"), scope="col", className="kpis__number")
        for name in COLUMNS
    ]
    shown = [row for row in found.rows if row.passers]
    whole = html.Tr(
        [html.Th(t("trends_foot.whole"), scope="row"), *_cells(t, found.whole)],
        className="trends__row--total",
    )
    body = [whole, *(_row(here, dim, row) for row in shown)]
    caption = html.Caption(label, className="visually-hidden")
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(body)], className="table foot__table"
    )
    return html.Div(
        table, className="trends__across", tabIndex="0", role="region", **{"aria-label": label}
    )


def _row(here: Here, dim: str, row: Passed) -> html.Tr:
    """Its name picks the place, or takes it back."""
    picked = here.choice.wanted.get(dim) == row.word
    href = here.address.without(dim) if picked else here.address.of(dim, row.word)
    mark = {"aria-current": "true"} if picked else {}
    link = html.A(_word(here, dim, row.word), href=href, className="trends__pick", **mark)
    look = "trends__row--picked" if picked else ""
    cells = [html.Th(link, scope="row"), *_cells(here.t, row)]
    return html.Tr(cells, className=look, **{"data-key": f"{dim}-{row.word}"})


def _cells(t: Translate, row: Passed) -> list[html.Td]:
    passers = [html.Td(people(row.passers), className="kpis__number"),
               html.Td(percent(row.known), className="kpis__number")]  # fmt: skip
    if row.n is None:
        return [html.Td(t("trends_foot.hidden", few=FEW), colSpan="3"), *passers]
    rate = NOTHING if row.rate is None else html.B(amount(row.rate))
    mark = MARKS.get(row.verdict, "")
    if mark:
        said = html.Span(t(f"trends_foot.verdict_{row.verdict}"), className="visually-hidden")
        rate = [html.Span(mark, **{"aria-hidden": "true"}), " ", rate, said]
    known = row.low is not None and row.high is not None
    limits = f"{amount(row.low or 0)}–{amount(row.high or 0)}" if known else NOTHING
    shown = [rate, limits, number(row.n)]
    return [*(html.Td(one, className="kpis__number") for one in shown), *passers]


def _uncounted(here: Here, found: Passers) -> list[html.P]:
    names = [_word(here, found.dim, row.word) for row in found.rows if not row.passers]
    if not names:
        return []
    said = here.t("trends_foot.without_counters", n=len(names))
    more = html.Details([html.Summary(said), html.P(", ".join(names))], className="trends__how")
    return [more]


def amount(rate: float) -> str:
    """Two figures or three: "0.031", "1.2", "12"."""
    if rate == 0:
        return "0"
    if rate < 0.001:
        return "<0.001"
    return f"{rate:#.2g}" if rate < 10 else number(round(rate))
