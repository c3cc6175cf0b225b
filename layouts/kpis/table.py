"""The overview: what to know first, then every KPI in one table, what it rests on beside it.

On a phone a row becomes two lines, so roles are written out: a grid is no table to a browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.kpis.figure import LOW_COVERAGE, MIN_COVERAGE, PART_UNITS, Figure, Kpi
from dashboard.text import Translate
from layouts import sparks
from layouts.kpis import verdicts, words
from layouts.kpis.head import DEFINITIONS
from layouts.kpis.here import Here
from layouts.kpis.summary import summary

if TYPE_CHECKING:
    from dashboard.kpis.report import Change, Row

COLUMNS = ("value", "n", "coverage", "previous", "last_year", "target", "trend")
NUMBERS = COLUMNS[:-2]
BESIDE = 5  # parts
ORIGINS = ("alerts", "from_apps", "from_gateways")  # of alerts: parts of their rate
KNOWN_TIME = ("up_ms", "lit_ms", "unlit_ms", "down_ms")
DEVICE_TIME = frozenset({*KNOWN_TIME, "unknown_ms", "out_ms"})  # of many devices at once
SUMS = frozenset({*KNOWN_TIME, "out_ms", "point_ms"})


def overview(here: Here, rows: Sequence[Row], all_kpis: Sequence[Kpi]) -> list[Any]:
    t = here.t
    bodies = [
        _section(here, section, list(group))
        for section, group in groupby(rows, key=lambda row: row.kpi.section)
    ]
    caption = html.Caption(t("kpis.table_of"), className="visually-hidden")
    head = html.Thead(_columns(t), role="rowgroup")
    table = html.Table([caption, head, *bodies], className="kpis__table", role="table")
    return [summary(here, rows), table, *_left_out(here, rows, all_kpis), _legend(t)]


def _columns(t: Translate) -> html.Tr:
    heads = [html.Th(t("kpis.column_kpi"), scope="col", role="columnheader")]
    for name in COLUMNS:
        look = "kpis__number" if name in NUMBERS else f"kpis__{name}"
        heads.append(
            html.Th(t(f"kpis.column_{name}"), scope="col", role="columnheader", className=look)
        )
    return html.Tr(heads, role="row")


def _section(here: Here, name: str, rows: Sequence[Row]) -> html.Tbody:
    words_ = [here.t(f"kpis.section_{name}"), *_alerts_by_origin(here.t, rows)]
    title = html.Th(words_, scope="rowgroup", role="rowheader")
    cells = [title, *(html.Td(role="cell") for _ in COLUMNS)]
    head = html.Tr(cells, className="kpis__section", role="row")
    lines = [head, *(_row(here, row) for row in rows)]
    return html.Tbody(lines, role="rowgroup", **{"data-key": name})


def _alerts_by_origin(t: Translate, rows: Sequence[Row]) -> list[Any]:
    """Why the rows of a section count different numbers of alerts; [] where that is not known,
    or all have one origin."""
    parts = next((row.figure.parts for row in rows if row.kpi.key == "alert_rate"), {})
    if "alerts" not in parts:
        return []
    found = {name: parts.get(name, 0) for name in ORIGINS if parts.get(name)}
    if len(found) < 2:
        return []
    said = [f"{t(f'kpis.origin_{name}')} {words.count(n)}" for name, n in found.items()]
    all_of_them = t("kpis.origins", n=words.count(sum(found.values())), parts=" · ".join(said))
    return [" ", html.Small(all_of_them, className="kpis__origins")]


def _row(here: Here, row: Row) -> html.Tr:
    t, kpi, figure = here.t, row.kpi, row.figure
    cells = [
        _name(here, row),
        _cell(t, "value", value_cell(t, kpi, figure)),
        _cell(t, "n", words.cases(figure)),
        _cell(t, "coverage", _coverage(figure)),
        _cell(t, "previous", _before(t, kpi, row.previous, row.since_previous)),
        _cell(t, "last_year", _before(t, kpi, row.last_year, row.since_last_year)),
        _cell(t, "target", verdicts.target(t, row) or words.NOTHING),
        _cell(t, "trend", trend(t, row)),
    ]
    mark = verdicts.mark(row)
    look = f"kpis__kpi kpis__kpi--{mark}" if mark else "kpis__kpi"
    return html.Tr(cells, className=look, role="row", **{"data-key": kpi.key})


def _name(here: Here, row: Row) -> html.Th:
    t, kpi = here.t, row.kpi
    link = html.A(t(f"kpis.{kpi.key}"), href=here.address.of_kpi(kpi.key), className="kpis__name")
    parts = parts_line(t, kpi, row.figure)
    define = html.A(
        t("kpis.definition"),
        href=f"{DEFINITIONS}#{kpi.key}",
        className="kpis__define",
        **{"aria-label": t("kpis.definition_of", name=t(f"kpis.{kpi.key}"))},
    )
    beside = html.Span(parts, className="kpis__parts-line") if parts else None
    small = html.Small([beside, define])
    return html.Th([*verdicts.mark_shape(t, row), link, small], scope="row", role="rowheader")


def _cell(t: Translate, name: str, content: Any) -> html.Td:
    look = f"kpis__{name} kpis__number" if name in NUMBERS else f"kpis__{name}"
    if content == words.NOTHING:
        look += " kpis__nothing"
    label = {"data-label": t(f"kpis.column_{name}")}
    return html.Td(content, className=look, role="cell", **label)


def value_cell(t: Translate, kpi: Kpi, figure: Figure) -> list[Any]:
    """The value and, under it, its interval or why to mistrust it."""
    if figure.value is None:
        return [html.Span(short_why(t, figure), className="kpis__why")]
    small = words.interval(t, kpi, figure)
    told = [html.B(words.value(t, kpi, figure)), html.Small(small) if small else None]
    if figure.coverage is not None and figure.coverage < MIN_COVERAGE:
        told.append(html.Small(t(f"kpis.short_{LOW_COVERAGE}"), className="kpis__why"))
    return told


def short_why(t: Translate, figure: Figure) -> str:
    return t(f"kpis.short_{figure.why or 'no_data'}")


def _coverage(figure: Figure) -> str:
    return words.NOTHING if figure.coverage is None else words.share(figure.coverage)


def _before(t: Translate, kpi: Kpi, figure: Figure | None, told: Change) -> Any:
    if figure is None or figure.value is None:
        return words.NOTHING
    change = verdicts.change(t, kpi, told)
    return [words.value(t, kpi, figure), html.Small(change) if change else None]


def parts_line(t: Translate, kpi: Kpi, figure: Figure) -> str:
    """What is worth knowing beside the value; sums of time are left to the details."""
    told = [(name, figure.parts.get(name, 0)) for name in kpi.shown if name not in SUMS]
    if "unknown_ms" in kpi.shown:
        told = [(name, x) for name, x in told if name != "unknown_ms"]
        told.insert(0, ("unknown_ms", _unknown(figure)))
    said = [
        f"{t(f'kpis.part_{name}')} {_beside(t, kpi, name, x)}" for name, x in told if x
    ]  # fmt: skip
    return " · ".join(said[:BESIDE])


def _unknown(figure: Figure) -> float:
    """As a share of all the time that should have been heard of."""
    unknown = figure.parts.get("unknown_ms", 0)
    known = sum(figure.parts.get(name, 0) for name in KNOWN_TIME)
    return unknown / (unknown + known) if known else 0


def _beside(t: Translate, kpi: Kpi, name: str, x: float) -> str:
    return words.share(x) if name == "unknown_ms" else part(t, kpi, name, x)


def part(t: Translate, kpi: Kpi, name: str, x: float) -> str:
    """In its own unit, whatever the KPI's is."""
    unit = PART_UNITS.get(name, kpi.unit)
    if unit == "z":
        return f"{x:+.1f}".replace("-", "−")
    if name == "closed_per_week":
        return f"{x:.1f}"
    if name in DEVICE_TIME:
        return t("kpis.device_days", n=words.plain(x / words.DAY) if x else "0")
    return words.span(t, x) if unit == "ms" else words.count(x)


def trend(t: Translate, row: Row) -> Any:
    values = [figure.value for _, _, figure in row.series]
    known = [x for x in values if x is not None]
    if len(known) < 2:
        return words.NOTHING
    unit = row.kpi.unit
    label = t(
        "kpis.trend_says",
        n=len(values),
        first=words.amount(t, unit, known[0]),
        last=words.amount(t, unit, known[-1]),
        low=words.amount(t, unit, min(known)),
        high=words.amount(t, unit, max(known)),
    )
    return sparks.spark(values, label, sparks.usual(values), row.target, verdicts.mark(row))


def _left_out(here: Here, rows: Iterable[Row], all_kpis: Iterable[Kpi]) -> list[Any]:
    shown = {row.kpi.key for row in rows}
    names = [here.t(f"kpis.{kpi.key}") for kpi in all_kpis if kpi.key not in shown]
    if not names:
        return []
    return [html.P(here.t("kpis.left_out", names=", ".join(names)), className="kpis__note")]


def _legend(t: Translate) -> html.P:
    return html.P(t("kpis.legend"), className="kpis__note")
