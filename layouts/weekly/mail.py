"""The week as a mail: subject, plain text, and the same in plain HTML.

No style, no picture and nothing to be fetched from elsewhere: a program for mail shows it in its
own type, and the sheet with the lines is attached as PDF. Says nothing that the page does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from dash import html

from dashboard.kpis.groups import Dim
from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.shown import Shown
from dashboard.weekly.summary import Decision, RouteNeed, Row, Said, Told
from layouts.kpis.here import Say
from layouts.markup import Tag, markup
from layouts.weekly import address, words

INDENT = "    "
SPANS = ("d28", "year", "last_year")
COLUMNS = ("measure", "week", *SPANS, "usual", "z")


@dataclass(frozen=True, slots=True)
class Telling:
    """origin: https://control.example, of the page that is linked to; "" = nothing is."""

    t: Translate
    language: str
    say: Say
    shown: Shown
    origin: str = ""

    @property
    def word(self) -> str:
        return self.shown.summary.week

    @property
    def main_rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.shown.summary.rows if BY_KEY[row.key].main)

    def to(self, anchor: str = "") -> str:
        return self.origin.rstrip("/") + address.to(self.word, anchor=anchor)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter(told: Telling) -> Letter:
    subject = told.t("weekly_mail.subject", week=words.week_name(told.t, told.word))
    return Letter(subject, _text(told, subject), _html(told, subject))


# -- what both say -------------------------------------------------------------------------------


def _state(told: Telling) -> str:
    """How sure the figures are."""
    t, sealed = told.t, told.shown.sealed
    if sealed is None:
        known = words.moment(t, told.shown.summary.known_to_ms)
        return t("weekly_mail.provisional", known=known)
    at = words.moment(t, sealed.sealed_ms)
    return t("weekly_mail.sealed", at=at, revision=sealed.revision, hash=sealed.hash[:12])


def _plain(told: Telling, said: Said) -> str:
    return words.plain(words.say(told.t, told.say, said))


def _name(told: Telling, row: Row) -> str:
    return " ".join(filter(None, (words.mark(row.usual), words.measure(told.t, row.key))))


def _figure(told: Telling, row: Row, span: str) -> str:
    figure: Told = getattr(row, span)
    return words.figure(told.t, figure, BY_KEY[row.key].unit)


def _beside(told: Telling, row: Row) -> str:
    """What is told beside the week's figure: its parts, or why there is none."""
    parts = [words.part(told.t, name, value) for name, value in row.week.parts.items()]
    reason = words.why(told.t, row.week)
    return ", ".join([reason] if reason else parts)


def _usual(told: Telling, row: Row) -> str:
    return words.usual(told.t, row.usual, BY_KEY[row.key].unit)


def _route(told: Telling, need: RouteNeed) -> str:
    level = told.t(f"weekly_mail.level_{need.level}")
    return told.t("weekly_mail.route", route=told.say(Dim.ROUTE, need.route), level=level)


def _by(told: Telling, one: Decision) -> str:
    return told.t("weekly_mail.by", user=one.by, at=words.moment(told.t, one.at_ms))


def _routes_title(told: Telling) -> str:
    summary = told.shown.summary
    return told.t("weekly_mail.routes", n=len(summary.routes), of=summary.routes_in_all)


# -- plain text ----------------------------------------------------------------------------------


def _text(told: Telling, subject: str) -> str:
    t, summary = told.t, told.shown.summary
    parts = [
        [subject, words.days(t, summary), _state(told)],
        [_plain(told, one) for one in summary.said],
        _titled(t("weekly_mail.rows"), [_row_lines(told, row) for row in told.main_rows]),
        _titled(_routes_title(told), [_route_lines(told, one) for one in summary.routes]),
        _titled(t("weekly_mail.decisions"), _decision_lines(told)),
        _titled(t("weekly_mail.caveats"), [[f"- {_plain(told, s)}"] for s in summary.caveats]),
        [*([t("weekly_mail.page", address=told.to())] if told.origin else []),
         t("weekly_mail.attached"), t("weekly_mail.automatic")],
    ]  # fmt: skip
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _titled(title: str, parts: Iterable[list[str]]) -> list[str]:
    lines = [line for part in parts for line in part]
    return [title, *lines] if lines else []


def _row_lines(told: Telling, row: Row) -> list[str]:
    t, beside = told.t, _beside(told, row)
    usual, z = _usual(told, row), words.z(t, row.usual)
    others = [t(f"weekly_mail.said_{span}", value=_figure(told, row, span)) for span in SPANS]
    first = f"{_name(told, row)}: {_figure(told, row, 'week')}"
    return [
        f"{first} ({beside})" if beside else first,
        INDENT + ", ".join([t("weekly_mail.said_usual", range=usual, z=z), *others]),
    ]


def _route_lines(told: Telling, need: RouteNeed) -> list[str]:
    return [_route(told, need), *(INDENT + _plain(told, one) for one in need.reasons)]


def _decision_lines(told: Telling) -> list[list[str]]:
    return [
        [f"{n}. {one.text}", INDENT + _by(told, one)]
        for n, one in enumerate(told.shown.standing, 1)
    ]


# -- HTML ----------------------------------------------------------------------------------------


def _html(told: Telling, subject: str) -> str:
    t, summary = told.t, told.shown.summary
    page = html.P(html.A(t("weekly_mail.to_page"), href=told.to())) if told.origin else None
    body = [
        html.H1(subject),
        html.P([words.days(t, summary), html.Br(), _state(told)]),
        *[html.P(_said(told, one)) for one in summary.said],
        page,
        _table(told),
        _section(_routes_title(told), [_route_part(told, one) for one in summary.routes]),
        _section(t("weekly_mail.decisions"), _decision_parts(told)),
        _section(t("weekly_mail.caveats"), [_said(told, one) for one in summary.caveats]),
        html.P([t("weekly_mail.attached"), html.Br(), t("weekly_mail.automatic")]),
    ]
    head = f'<meta charset="utf-8"><title>{escape(subject)}</title>'
    return (
        f'<!DOCTYPE html>\n<html lang="{told.language}"><head>{head}</head>'
        f"<body>\n{_lines(body)}\n</body></html>\n"
    )


def _lines(parts: Iterable[Any]) -> str:
    return "\n".join(markup(part) for part in parts if part is not None)


def _section(title: str, items: list[Any]) -> html.Section | None:
    if not items:
        return None
    return html.Section([html.H2(title), html.Ul([html.Li(item) for item in items])])


def _said(told: Telling, sentence: Said) -> list[Any]:
    """Figures lead to where they come from, if there is a page to be led to."""
    return [
        html.A(one.text, href=told.to(words.anchor(one.of)))
        if isinstance(one, words.Link) and told.origin
        else (one if isinstance(one, str) else one.text)
        for one in words.say(told.t, told.say, sentence)
    ]


def _route_part(told: Telling, need: RouteNeed) -> list[Any]:
    reasons = [part for one in need.reasons for part in (html.Br(), *_said(told, one))]
    return [html.B(_route(told, need)), *reasons]


def _decision_parts(told: Telling) -> list[Any]:
    return [[one.text, html.Br(), html.Small(_by(told, one))] for one in told.shown.standing]


def _table(told: Telling) -> Tag:
    t = told.t
    heads = [
        Tag("th", {"scope": "col", "align": _side(name)}, t(f"weekly_mail.column_{name}"))
        for name in COLUMNS
    ]
    rows = [html.Tr(_cells(told, row)) for row in told.main_rows]
    return Tag(
        "table",
        {"border": 1, "cellpadding": 6, "cellspacing": 0},
        [html.Caption(t("weekly_mail.rows")), html.Thead(html.Tr(heads)), html.Tbody(rows)],
    )


def _side(column: str) -> str:
    return "left" if column == "measure" else "right"


def _cells(told: Telling, row: Row) -> list[Tag]:
    beside = _beside(told, row)
    name = [_name(told, row), *([html.Br(), html.Small(beside)] if beside else [])]
    figures = [
        html.B(_figure(told, row, "week")),
        *(_figure(told, row, span) for span in SPANS),
        _usual(told, row),
        words.z(told.t, row.usual),
    ]
    head = Tag("th", {"scope": "row", "align": _side("measure")}, name)
    return [head, *(Tag("td", {"align": _side("week")}, one) for one in figures)]
