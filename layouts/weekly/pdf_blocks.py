"""What is printed, and what pages are made of: plain JSON that the template knows (week.typ).

A section is a title and blocks: text, table, charts or definitions. A cell of a table is a list
of lines, the first one the figure, the others small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.shown import Shown
from dashboard.weekly.summary import Row, Said, Sealed, Summary, Told, Usual
from layouts.kpis import words as kpis
from layouts.kpis.here import Say
from layouts.weekly import words
from layouts.weekly.lines import tone
from layouts.weekly.pdf_text import Json, Text, flow, plain

SPANS = ("week", "d28", "year", "last_year", "last_year_week")
NAMED = ("vendors", "gaps")  # sections that something leads to
TONES = {"weak": "far", "watch": "out"}


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed, for whom. city: its name. history: revisions of the week, the first one
    first, for what each of them changed."""

    t: Translate
    language: str
    names: Say
    city: str
    shown: Shown
    history: tuple[Sealed, ...] = ()

    @property
    def summary(self) -> Summary:
        return self.shown.summary

    @property
    def at_ms(self) -> int:
        """The document's own time: when it was sealed, or up to when the week is known."""
        sealed = self.shown.sealed
        return sealed.sealed_ms if sealed else self.summary.known_to_ms

    @property
    def sinces(self) -> list[str]:
        """Days from which figures of the table are known, where that lies within their span."""
        told = (getattr(row, span) for row in self.summary.rows for span in SPANS)
        return sorted({one.since for one in told if one.since and one.value is not None})

    @property
    def targets(self) -> frozenset[str]:
        """Labels of the appendix; to anything else nothing can lead."""
        rows = (words.anchor(f"row:{row.key}") for row in self.summary.rows)
        routes = (words.anchor(f"route:{one.route}") for one in self.summary.routes)
        return frozenset((*rows, *routes, *NAMED))

    def flow(self, said: Sequence[str | words.Link]) -> Text:
        return flow(said, self.targets)

    def say(self, said: Said) -> Text:
        return self.flow(words.say(self.t, self.names, said))

    def say_marked(self, said: Said) -> Text:
        """Figures that are not as usual in their colour."""
        marks = {f"d-{row.key}": tone(row.usual) for row in self.summary.rows}
        return flow(words.say(self.t, self.names, said), self.targets, marks)


# -- figures -------------------------------------------------------------------------------------


def cell(one: Paper, told: Told, unit: str) -> str:
    """With as many stars as name the day from which it is known (see sinces)."""
    stars = one.sinces.index(told.since) + 1 if told.since and told.value is not None else 0
    return words.figure(one.t, told, unit) + "*" * stars


def stars(one: Paper) -> list[str]:
    """What they mean."""
    days = (words.since(one.t, Told(None, since=day)) for day in one.sinces)
    return [f"{'*' * n} {day}" for n, day in enumerate(days, 1)]


def target(t: Translate, row: Row) -> list[str]:
    """In words; none where there is none."""
    if row.target is None:
        return []
    unit: Literal["share", "ms"] = "share" if BY_KEY[row.key].unit == "share" else "ms"
    return [t("weekly_page.target", target=kpis.target(t, unit, row.target))]


def line_said(t: Translate, row: Row) -> str:
    """The 52 weeks in words, for those who do not see them."""
    unit, seen = BY_KEY[row.key].unit, [value for value in row.line if value is not None]
    if not seen:
        return f"{words.measure(t, row.key)}: {t('weekly_pdf.line_nothing')}"
    low, high, first, last = (
        words.amount(t, unit, value) for value in (min(seen), max(seen), seen[0], seen[-1])
    )
    said = t("weekly_page.line_says", n=len(seen), low=low, high=high, first=first, last=last)
    usual = words.usual(t, row.usual, unit)
    beside = "" if usual == words.NOTHING else " " + t("weekly_page.line_usual", usual=usual)
    return f"{words.measure(t, row.key)}: {said}{beside}"


def between(t: Translate, told: Told, unit: str) -> str:
    """The 95 % interval; "" where there is none."""
    if told.value is None or told.low is None or told.high is None:
        return ""
    return words.usual(t, Usual(low=told.low, high=told.high), unit)


# -- blocks --------------------------------------------------------------------------------------


def section(title: str, blocks: Sequence[Json], label: str = "") -> Json:
    return {"title": title, "label": label, "blocks": list(blocks)}


def text(told: Text) -> Json:
    return {"is": "text", "text": told}


def table(heads: Sequence[str], widths: Sequence[float], rows: list[Json]) -> Json:
    """widths: shares of the width; 0 = as wide as it needs. At 0 and below cells stand at the
    right."""
    return {"is": "table", "heads": list(heads), "widths": list(widths), "rows": rows}


def line(cells: Sequence[Sequence[Text | str]], label: str = "", mark: str = "") -> Json:
    told = [[plain(x) if isinstance(x, str) else x for x in lines if x] for lines in cells]
    return {"cells": told, "label": label, "mark": mark}
