"""Figures as sheets: the table of KPIs, one of them by group, the vendors."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.kpis.breakdown import Breakdown
from dashboard.kpis.compare import Change
from dashboard.kpis.figure import Figure, Kpi
from dashboard.kpis.indicators import BY_KEY
from dashboard.kpis.report import Row
from dashboard.kpis.scorecard import SCORED, VendorScore
from dashboard.text import Translate
from layouts.exports.about import Reader, amount, unit_of
from layouts.exports.files import Cell, Sheet

FIGURE = ("value", "unit", "low", "high", "n", "coverage", "remark")


def table(reader: Reader, rows: Sequence[Row]) -> Sheet:
    t = reader.t
    compared = [f"{t(f'export.{name}')}: {t(f'export.{part}')}"
                for name in ("previous", "last_year")
                for part in ("value", "difference", "change")]  # fmt: skip
    head = [t("export.figure"), *_heads(t), *compared, t("export.target"), t("export.meets"),
            t("export.definition"), t("export.method")]  # fmt: skip
    return Sheet(t("kpis.export_table"), head, [_row(t, row) for row in rows])


def _row(t: Translate, row: Row) -> list[Cell]:
    kpi = row.kpi
    met = "export.unknown" if row.meets is None else "export.yes" if row.meets else "export.no"
    return [
        t(f"kpis.{kpi.key}"),
        *_figure(t, kpi, row.figure),
        *_compared(t, kpi, row.previous, row.since_previous),
        *_compared(t, kpi, row.last_year, row.since_last_year),
        amount(kpi, row.target),
        "" if row.target is None else t(met),
        t(f"kpis.{kpi.key}_what"),
        t(f"kpis.{kpi.key}_how"),
    ]


def breakdown(reader: Reader, kpi: Kpi, found: Breakdown) -> Sheet:
    t = reader.t
    points = {point.word: point for point in found.funnel.points} if found.funnel else {}
    rows: list[list[Cell]] = []
    for part in found.parts:
        point = points.get(part.word)
        beyond = t(f"export.{point.side or 'other'}") if point and point.outside else ""
        rows.append([
            reader.say(found.dim, part.word), part.word, *_figure(t, kpi, part.figure),
            f"{point.outside} % · {beyond}" if point and beyond else "",
        ])  # fmt: skip
    dim = t(f"kpis.dim_{found.dim}")
    head = [dim, t("export.code"), *_heads(t), t("export.outside")]
    return Sheet(f"{t(f'kpis.{kpi.key}')} · {dim}", head, rows)


def vendors(reader: Reader, scores: Sequence[VendorScore]) -> Sheet:
    t = reader.t
    kpis = [BY_KEY[key] for key in SCORED]
    head = [t("kpis.dim_vendor"), t("export.devices"), t("export.device_days"), t("export.ranked")]
    for kpi in kpis:
        named = f"{t(f'kpis.{kpi.key}')} ({unit_of(t, kpi)})"
        head += [named, f"{named}: n", f"{named}: {t('export.expected')}",
                 f"{named}: {t('export.outside')}"]  # fmt: skip
    return Sheet(t("kpis.export_vendors"), head, [_vendor(t, score, kpis) for score in scores])


def _vendor(t: Translate, score: VendorScore, kpis: Sequence[Kpi]) -> list[Cell]:
    row: list[Cell] = [
        score.vendor, score.devices, round(score.device_days, 1),
        t("export.yes" if score.enough else "export.no"),
    ]  # fmt: skip
    for kpi in kpis:
        figure = score.figures[kpi.key]
        outside, side = score.judged.get(kpi.key, ("", ""))
        beyond = f"{outside} % · {t(f'export.{side}')}" if outside and side else ""
        expected = amount(kpi, score.expected.get(kpi.key))
        row += [amount(kpi, figure.value), figure.n, expected, beyond]
    return row


def _heads(t: Translate) -> list[str]:
    return [t(f"export.{name}") for name in FIGURE]


def _figure(t: Translate, kpi: Kpi, figure: Figure) -> list[Cell]:
    hidden = figure.why == "hidden"
    coverage = None if figure.coverage is None else round(100 * figure.coverage, 2)
    remark = t(f"kpis.why_{figure.why}") if figure.why else ""
    return [
        amount(kpi, figure.value),
        unit_of(t, kpi),
        amount(kpi, figure.low),
        amount(kpi, figure.high),
        None if hidden else figure.n,
        coverage,
        t("export.at_least") if figure.censored else remark,
    ]


def _compared(t: Translate, kpi: Kpi, figure: Figure | None, change: Change) -> list[Cell]:
    value = None if figure is None else amount(kpi, figure.value)
    verdict = "" if change.verdict == "none" else t(f"kpis.change_{change.verdict}")
    return [value, amount(kpi, change.difference), verdict]
