"""The table of hours by weekdays: a cell, a weekday or an hour of the day is picked in it.

A table and no chart: read out row by row, walked through by keyboard, and each number is there.
"""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
from dash import html
from numpy.typing import NDArray

from dashboard.coarse import FEW
from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.aoristic import Week
from dashboard.trends.change import Judged
from dashboard.trends.choice import HourPick
from dashboard.trends.heat import Heat
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.hours import block_word, hour_word, hours_word, weekday_word

STEPS = 5
HIDDEN = "·"
ARROWS = {"more": "▲", "less": "▼"}
TOLD_FLAGS = 6
FIRST = HourPick(0, 0)


def heat_picture(here: Here, heat: Heat, counted: bool = True) -> Picture:
    """counted: whether passers are counted in the zone or on the route that is chosen."""
    t = here.t
    above: list[Any] = [explained(t, "trends_when.heat")]
    if heat.n == 0:
        left_out = heat.parts["left_out"]
        above.append(_note(t("trends_when.heat_none")))
        return Picture(above=above + ([_parts(t, heat)] if left_out != 0 else []))
    above += [_parts(t, heat), *_unusual(here, heat), _table(here, heat)]
    return Picture(above=[*above, _legend(t, heat)], below=_rates(here, heat, counted))


def _note(words: Any) -> html.P:
    return html.P(words, className="trends__note")


def _parts(t: Translate, heat: Heat) -> html.P:
    """n, how well its times are known, and what could not be placed at all."""
    n = t("trends_when.few") if heat.n is None else number(heat.n)
    said = [t("trends_when.heat_n", n=n)]
    for name, amount in heat.parts.items():
        if amount != 0:
            few = t("trends_when.few") if amount is None else number(amount)
            said.append(t(f"trends_when.heat_{name}", n=few))
    return _note(" · ".join(said))


def _unusual(here: Here, heat: Heat) -> list[html.P]:
    """Which hours are unlike the weeks before, in words; and what chance alone would do."""
    t = here.t
    if not heat.weeks:
        return [_note(t("trends_when.no_history"))]
    said = []
    for name in ("more", "less"):
        hours = [hour for hour, flag in enumerate(heat.flags) if flag == name]
        hours.sort(key=lambda hour: -abs(heat.judged[hour].z or 0))
        if hours:
            words = ", ".join(_unusual_hour(t, heat, hour) for hour in hours[:TOLD_FLAGS])
            rest = len(hours) - TOLD_FLAGS
            words += t("trends_when.and_more", n=rest) if rest > 0 else ""
            said.append(_note(f"{ARROWS[name]} {t(f'trends_when.heat_{name}', hours=words)}"))
    chance = t("trends_when.by_chance", weeks=heat.weeks, n=f"{heat.by_chance:.1f}")
    calm = "" if said else t("trends_when.all_usual") + " "
    return [*said, _note(calm + chance)]


def _unusual_hour(t: Translate, heat: Heat, hour: int) -> str:
    one = heat.judged[hour]
    word = _hours_of(t, heat, hour)
    if one.expected is None:
        return word
    return t("trends_when.against", hour=word, n=amount(one.n), usual=amount(one.expected))


# -- the table -------------------------------------------------------------------------------


def _table(here: Here, heat: Heat) -> html.Div:
    t = here.t
    coarse = here.coarse
    corner = html.Th(html.Span(t("trends_when.weekday"), className="visually-hidden"), scope="col")
    hours = [_hours_head(here, heat.together, at) for at in range(24 // heat.together)]
    all_day = [] if coarse else [html.Th(t("trends_when.sum"), scope="col", className="heat__sum")]
    rows = [_row(here, heat, day) for day in range(7)]
    if not coarse:
        sums = [_sum(x) for x in [*heat.weights.sum(axis=0), heat.weights.sum()]]
        head = html.Th(t("trends_when.sum"), scope="row", className="heat__sum")
        rows.append(html.Tr([head, *sums], className="heat__sums"))
    caption = html.Caption(t("trends_when.heat_caption"), className="visually-hidden")
    table = html.Table(
        [caption, html.Thead(html.Tr([corner, *hours, *all_day])), html.Tbody(rows)],
        className="heat__table",
    )
    return across(table, f"{t('trends_when.heat_caption')}. {t('trends_when.heat_keys')}")


def across(table: html.Table, label: str) -> html.Div:
    """On a narrow page the table is scrolled, not the page."""
    return html.Div(
        table, className="heat__across", tabIndex="0", role="region", **{"aria-label": label}
    )


def _hours_head(here: Here, together: int, at: int) -> html.Th:
    """Several hours together cannot be picked."""
    if together == 1:
        return _head(here, HourPick(None, at), hour_word(at), "col")
    return html.Th(block_word(together, at), scope="col")


def _row(here: Here, heat: Heat, day: int) -> html.Tr:
    word = weekday_word(here.t, day)
    cells = [_cell(here, heat, day, at) for at in range(24 // heat.together)]
    sums = [] if here.coarse else [_sum(float(heat.weights[day].sum()))]
    return html.Tr([_head(here, HourPick(day), word, "row", heat.together), *cells, *sums])


def _sum(weight: float) -> html.Td:
    return html.Td(amount(weight), className="heat__sum")


def _head(here: Here, pick: HourPick, word: str, scope: str, together: int = 1) -> html.Th:
    return html.Th(_link(here, pick, word, hours_word(here.t, pick), together), scope=scope)


def _cell(here: Here, heat: Heat, day: int, column: int) -> html.Td:
    number, weight = day * heat.weights.shape[1] + column, float(heat.weights[day, column])
    flag, chosen, first = heat.flags[number], here.choice.hour, heat.together * column
    hours = range(24 * day + first, 24 * day + first + heat.together)
    said = f"{_hours_of(here.t, heat, number)}: {_said(here.t, weight, heat.judged[number], flag)}"
    arrow = [html.Span(ARROWS.get(flag), className="heat__arrow", **{"aria-hidden": "true"})]
    shown = [*(arrow if flag else []), amount(weight)]
    looks = ["heat__cell", f"heat__cell--{step_of(weight, heat.weights)}"]
    looks += [f"heat__cell--{flag}"] if flag else []
    looks += ["heat__cell--picked"] if chosen and any(map(chosen.has, hours)) else []
    if heat.together > 1:
        inside: Any = html.Span(shown, className="heat__pick", title=said)
    else:
        inside = _link(here, HourPick(day, column), shown, said)
    return html.Td(inside, className=" ".join(looks))


def _hours_of(t: Translate, heat: Heat, number: int) -> str:
    """Of a cell, by its place in the order of the week."""
    day, column = divmod(number, 24 // heat.together)
    first = heat.together * column
    return hours_word(t, HourPick(day, first), heat.together)


def _link(here: Here, pick: HourPick, shown: Any, said: str, together: int = 1) -> html.A:
    """Picks these hours; where they are picked, takes the pick back."""
    picked = here.choice.hour == pick
    begins = here.choice.hour or FIRST
    if together > 1:
        begins = HourPick(begins.weekday or 0)
    back = f" ({here.t('trends_when.take_back')})" if picked else ""
    return html.A(
        shown,
        href=here.address.picking(hour=None if picked else pick),
        className="heat__pick trends__pick",
        tabIndex="0" if pick == begins else "-1",  # assets/js/trends/heat.js
        title=said + back,
        **{"aria-label": said + back, **({"aria-current": "true"} if picked else {})},
    )


def _said(t: Translate, weight: float, one: Judged, flag: str) -> str:
    """A cell in full, for the hover and those who hear it."""
    if isnan(weight):
        return t("trends_when.fewer_than", n=FEW)
    shown, exact = amount(weight), amount(weight, 1)
    said = [shown if shown == exact else f"{shown} ({exact})"]  # what is seen is heard too
    if one.expected is not None and one.z is not None:
        z = f"{round(one.z, 1) + 0.0:+.1f}"  # never minus nothing
        said.append(t("trends_when.usual", usual=amount(one.expected, 1), z=z))
    if flag:
        said.append(t(f"trends_when.flag_{flag}"))
    return " · ".join(said).replace("-", "−")


def amount(weight: float, places: int = 0) -> str:
    """Of a sum of weights. Little is told as little, not as nothing."""
    if isnan(weight):
        return HIDDEN
    if 0 < weight < 0.95 and not places:
        return "<1"
    return f"{weight:,.{places}f}".removesuffix(".0")


def step_of(value: float, every: NDArray[np.float64]) -> int:
    """Of the scale of shades: 0 = nothing, or not told; STEPS = the most there is."""
    most = float(np.nanmax(every)) if np.isfinite(every).any() else 0.0
    if isnan(value) or value <= 0 or most <= 0:
        return 0
    return max(1, min(STEPS, int(np.ceil(STEPS * value / most - 1e-9))))


# -- beside it -------------------------------------------------------------------------------


def _legend(t: Translate, heat: Heat) -> html.P:
    told = heat.weights[~heat.hidden]
    most = amount(float(told.max())) if len(told) else HIDDEN
    shades = [html.Span(className=f"heat__shade heat__cell--{n}") for n in range(STEPS + 1)]
    scale = html.Span(["0 ", *shades, f" {most}"], className="heat__scale")
    hidden = f" {t('trends_when.heat_hidden', few=FEW)}" if heat.hidden.any() else ""
    if heat.together > 1:
        hidden += " " + t("trends_when.heat_together", n=heat.together)
    return html.P([scale, f" {t('trends_when.heat_legend')}{hidden}"], className="trends__note")


def _rates(here: Here, heat: Heat, counted: bool) -> list[Any]:
    """Incidents against those who pass, where a zone or a route with counters is chosen."""
    t = here.t
    if heat.rates is None or not np.isfinite(heat.rates).any():
        key = "rates_no_counters" if counted else "rates_choose"
        return [_note(t(f"trends_when.{key}"))]
    title = html.Summary(t("trends_when.rates_title"))
    return [html.Details([title, _note(t("trends_when.rates_what")), _rate_table(t, heat.rates)])]


def _rate_table(t: Translate, rates: Week) -> html.Div:
    columns = rates.shape[1]
    heads = (block_word(24 // columns, at) for at in range(columns))
    hours = [html.Th(word, scope="col") for word in heads]
    rows = []
    for day in range(7):
        cells = [_rate(float(rate), rates) for rate in rates[day]]
        rows.append(html.Tr([html.Th(weekday_word(t, day), scope="row"), *cells]))
    label = t("trends_when.rates_title")
    caption = html.Caption(label, className="visually-hidden")
    head = html.Thead(html.Tr([html.Td(), *hours]))
    return across(html.Table([caption, head, html.Tbody(rows)], className="heat__table"), label)


def _rate(rate: float, rates: Week) -> html.Td:
    shown = "–" if isnan(rate) else "<0.1" if 0 < rate < 0.05 else f"{rate:.1f}" if rate else "0"
    return html.Td(shown, className=f"heat__cell heat__cell--{step_of(rate, rates)}")
