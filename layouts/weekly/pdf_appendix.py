"""The appendix of the document: everything in full, and what every figure means and comes from."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row, Told
from dashboard.weekly.week import WEEKS, Week
from layouts.kpis import words as kpis
from layouts.weekly import pdf_lists as lists
from layouts.weekly import words
from layouts.weekly.ink import chart_ink
from layouts.weekly.lines import Frame, svg, ticks, tone
from layouts.weekly.pdf_blocks import (
    Paper,
    between,
    cell,
    line,
    line_said,
    section,
    stars,
    table,
    target,
    text,
)
from layouts.weekly.pdf_seal import seal
from layouts.weekly.pdf_text import Json, plain

LARGE = Frame(206, 62, radius=2.0, stroke=0.9, large=True)
BESIDE = ("d28", "year", "last_year", "last_year_week")
FIGURE_WIDTHS = (1, *(0,) * 8)


def appendix(one: Paper) -> list[Json]:
    listed = (lists.routes, lists.vendors, lists.pilots, lists.decisions, lists.gaps)
    parts = (_figures, _lines, *listed, _definitions, seal)
    return [section for part in parts for section in part(one)]


# -- figures -------------------------------------------------------------------------------------


def _figures(one: Paper) -> Iterator[Json]:
    t = one.t
    counted = f"{t('weekly_page.fact_n')} · {t('weekly_page.fact_coverage')}"
    heads = [t("weekly_page.column_measure"), t("weekly_page.column_week"), counted]
    heads += [t(f"weekly_page.column_{name}") for name in BESIDE[:3]]
    heads += [t("weekly_pdf.column_last_year_week")]
    heads += [t(f"weekly_page.column_{name}") for name in ("usual", "z")]
    rows = [_row(one, row) for row in one.summary.rows]
    blocks = [table(heads, FIGURE_WIDTHS, rows)]
    blocks += [text(plain(" · ".join(stars(one))))] if one.sinces else []
    yield section(t("weekly_pdf.all_figures"), blocks)


def _row(one: Paper, row: Row) -> Json:
    t, unit = one.t, BY_KEY[row.key].unit
    name = one.flow([words.Link(words.measure(t, row.key), f"row:{row.key}")])
    spans = [[cell(one, told, unit), words.why(t, told)]
             for told in (getattr(row, span) for span in BESIDE)]  # fmt: skip
    sign = words.mark(row.usual)
    judged = f"{sign} {words.z(t, row.usual)}" if sign else words.z(t, row.usual)
    cells = [
        [name, *_beside(t, row)],
        [cell(one, row.week, unit), between(t, row.week, unit) or words.why(t, row.week)],
        _counted(row.week),
        *spans,
        [words.usual(t, row.usual, unit)],
        [judged, words.why(t, row.usual)],
    ]
    return line(cells, mark=tone(row.usual))


def _beside(t: Translate, row: Row) -> list[str]:
    told = row.week.parts
    said = [words.part(t, name, told[name]) for name in BY_KEY[row.key].shown if name in told]
    return [" · ".join(said)] if said else []


def _counted(told: Told) -> list[str]:
    heard = "" if told.coverage is None else kpis.share(told.coverage)
    return [words.NOTHING if told.value is None else kpis.count(told.n), heard]


def _lines(one: Paper) -> Iterator[Json]:
    t, week = one.t, Week.of(one.summary.week)
    first, last = (words.week_name(t, at.word) for at in (week.plus(1 - WEEKS), week))
    charts = [{**_chart(one, row), "first": first, "last": last} for row in one.summary.rows]
    blocks = [text(plain(t("weekly_pdf.lines_what"))), {"is": "charts", "charts": charts}]
    yield section(t("weekly_pdf.lines"), blocks)


def _chart(one: Paper, row: Row) -> Json:
    t, unit = one.t, BY_KEY[row.key].unit
    drawn = ticks(row, LARGE)
    return {
        "name": one.flow([words.Link(words.measure(t, row.key), f"row:{row.key}")]),
        "week": words.figure(t, row.week, unit), "mark": tone(row.usual),
        "range": _range(t, row),
        "svg": svg(row, chart_ink(), LARGE), "alt": line_said(t, row),
        "ticks": [[words.figure(t, Told(value), unit), at] for value, at in drawn],
    }  # fmt: skip


def _range(t: Translate, row: Row) -> str:
    unit = BY_KEY[row.key].unit
    said = [t("weekly_pdf.range", usual=words.usual(t, row.usual, unit))]
    return " · ".join((*said, *target(t, row)))


# -- definitions ---------------------------------------------------------------------------------


def _definitions(one: Paper) -> Iterator[Json]:
    """Of rows with the same one, once."""
    t = one.t
    how = [text(plain(t(f"weekly_page.how_{name}"))) for name in ("usual", "spans", "figures")]
    told: dict[tuple[str, str], list[Json]] = {}
    for row in one.summary.rows:
        said = words.definition(t, row.key), words.source(t, row.key)
        name = {"name": plain(words.measure(t, row.key)), "label": f"d-{row.key}"}
        told.setdefault(said, []).append(name)
    source = t("weekly_page.fact_source")
    each = [{"names": names, "what": plain(what), "source": plain(f"{source}: {of}")}
            for (what, of), names in told.items()]  # fmt: skip
    yield section(t("weekly_page.definitions"), [{"is": "definitions", "of": each}, *how])
