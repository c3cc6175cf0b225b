"""Incidents of a pilot: what can be said in a sentence, the interval drawn, the counts, and what
an evaluation of this size could show at all."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.coarse import FEW
from dashboard.pilots.incidents import CANNOT, HIDDEN, NO_INCIDENTS, Crime, Found
from dashboard.pilots.power import REALISTIC
from dashboard.pilots.wdd import Effect, Ratio
from dashboard.text import Translate
from layouts.kpis import words
from layouts.trends.here import Here
from layouts.trends.pilot_words import note

MONTH_DAYS = 30.4
SHAPES = {"fall": "▼", "rise": "▲", "mixed": "◇", "no_change": "○", CANNOT: "–"}


def incidents_part(here: Here, crime: Crime) -> list[Any]:
    t = here.t
    if crime.verdict == HIDDEN:
        return [note(t("pilots.hidden", few=FEW)), _counts(here, crime)]
    parts: list[Any] = [_verdict(t, crime), *_power(t, crime)]
    if crime.verdict != NO_INCIDENTS and crime.effect and crime.ratio:
        parts += [_difference(t, crime.effect, crime.weighted), note(_ratio(t, crime.ratio))]
    parts.append(_counts(here, crime))
    if crime.placeless is None or crime.placeless:
        n = _told(crime.placeless)
        parts.append(note(t("pilots.placeless", n=n)))
    if crime.phi > 1:
        parts.append(note(t("pilots.scatter", phi=f"{crime.phi:.1f}")))
    return parts


def _verdict(t: Translate, crime: Crime) -> html.P:
    shape = html.Span(SHAPES.get(crime.verdict, "–"), **{"aria-hidden": "true"})
    return html.P(
        [shape, " ", html.B(t(f"pilots.verdict_{crime.verdict}"))],
        className=f"pilots__verdict pilots__verdict--{crime.verdict}",
    )


def _power(t: Translate, crime: Crime) -> list[html.P]:
    """What this size could show, and the size that could show a fall of a fifth."""
    power = crime.power
    if power is None or crime.verdict == NO_INCIDENTS:
        return []
    realistic = f"{100 * REALISTIC:.0f}"
    if power.least is None:
        said = [t("pilots.shows_nothing")]
    else:
        said = [t("pilots.shows_from", percent=f"{100 * power.least:.0f}")]
    if power.able:
        said.append(t("pilots.able", percent=realistic))
    elif power.times is not None and power.needed is not None:
        months = power.needed / (crime.per_day or 1.0) / MONTH_DAYS
        said.append(
            t(
                "pilots.needed",
                percent=realistic, n=words.count(power.needed), months=words.count(months),
                times=words.plain(power.times),
            )
        )  # fmt: skip
        if crime.verdict == "fall":
            said.append(t("pilots.large_only"))
    return [note(" ".join(said))]


# -- the difference and its interval ---------------------------------------------------------


def _difference(t: Translate, effect: Effect, weighted: bool) -> html.Figure:
    value, low, high = (_signed(x) for x in (effect.value, effect.low, effect.high))
    z = "–" if effect.z is None else _signed(effect.z, 2)
    said = t("pilots.wdd", value=value, low=low, high=high, se=f"{effect.se:.1f}", z=z)
    caption: list[Any] = [said]
    if weighted:
        caption.append(html.Small(t("pilots.weighted"), className="pilots__beside"))
    return html.Figure(
        [_axis(t, effect, said), html.Figcaption(caption)], className="pilots__effect"
    )


def _axis(t: Translate, effect: Effect, said: str) -> html.Div:
    """Fewer to the left, more to the right; zero is always on it."""
    least, most = min(effect.low, 0.0), max(effect.high, 0.0)
    room = (most - least) * 0.08 or 1.0
    least, most = least - room, most + room

    def at(x: float) -> str:
        return f"{100 * (x - least) / (most - least):.2f}%"

    width = f"{100 * (effect.high - effect.low) / (most - least):.2f}%"
    marks = [
        html.Span(className="pilots__zero", style={"left": at(0.0)}),
        html.Span(className="pilots__interval", style={"left": at(effect.low), "width": width}),
        html.Span(className="pilots__point", style={"left": at(effect.value)}),
        html.Span("0", className="pilots__tick-word", style={"left": at(0.0)}),
        html.Span(f"← {t('pilots.fewer')}", className="pilots__end pilots__end--left"),
        html.Span(f"{t('pilots.more')} →", className="pilots__end pilots__end--right"),
    ]
    return html.Div(marks, className="pilots__axis", role="img", **{"aria-label": said})


def _ratio(t: Translate, ratio: Ratio) -> str:
    value, low, high = (f"{x:.2f}" if x < 100 else words.count(x)
                        for x in (ratio.value, ratio.low, ratio.high))  # fmt: skip
    said = t("pilots.ratio", value=value, low=low, high=high)
    return f"{said} {t('pilots.halves')}" if ratio.corrected else said


def _signed(x: float, places: int = 1) -> str:
    rounded = round(x, places) + 0.0
    return f"{rounded:+,.{places}f}".replace("-", "−") if rounded else "0"


# -- counts ----------------------------------------------------------------------------------


def _counts(here: Here, crime: Crime) -> html.Div:
    t = here.t
    names = ("area", "km2", "before", "after", "device_before", "device_after")
    heads = [html.Th(t(f"pilots.count_{name}"), scope="col") for name in names]
    rows = [_count(t, name, found) for name, found in crime.areas.items()]
    caption = html.Caption(t("pilots.counts"), className="visually-hidden")
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table pilots__table"
    )
    return html.Div(
        table, className="pilots__across", tabIndex="0", role="region",
        **{"aria-label": t("pilots.counts")},
    )  # fmt: skip


def _count(t: Translate, name: str, found: Found) -> html.Tr:
    numbers = (found.before, found.after, *found.by_device)
    cells = [words.plain(found.km2), *map(_told, numbers)]
    return html.Tr(
        [
            html.Th(t(f"pilots.area_{name}"), scope="row"),
            *[html.Td(cell, className="is-number") for cell in cells],
        ]
    )


def _told(n: int | None) -> str:
    return "·" if n is None else words.count(n)
