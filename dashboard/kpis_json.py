"""KPIs in the words of the reading API: times are RFC 3339 UTC, durations milliseconds."""

from __future__ import annotations

from math import isfinite
from typing import Any

from dashboard.api_json import rfc3339
from dashboard.kpis.breakdown import Breakdown
from dashboard.kpis.choice import Period
from dashboard.kpis.compare import Change
from dashboard.kpis.figure import Figure
from dashboard.kpis.report import Row
from dashboard.text import Translate

Json = dict[str, Any]
INNER_PARTS = ("exposure", "outage_ms", "spread")  # what chance depends on; for charts only


def row_json(row: Row, by: Breakdown | None, t: Translate) -> Json:
    kpi = row.kpi
    return {
        "key": kpi.key,
        "name": t(f"kpis.{kpi.key}"),
        "definition": t(f"kpis.{kpi.key}_what"),
        "method": t(f"kpis.{kpi.key}_how"),
        "section": kpi.section,
        "unit": kpi.unit,
        "better": kpi.better or None,
        **figure_json(row.figure),
        "previous": _compared(row.previous, row.since_previous),
        "last_year": _compared(row.last_year, row.since_last_year),
        "target": row.target,
        "meets_target": None if row.meets is None else bool(row.meets),
        "series": [
            {"from": rfc3339(start), "to": rfc3339(end), **figure_json(figure)}
            for start, end, figure in row.series
        ],
        "by": None if by is None else breakdown_json(by),
    }


def figure_json(figure: Figure) -> Json:
    """value null: why says why. at_least: the value is a lower bound."""
    bounded = figure.low is not None or figure.high is not None
    return {
        "value": _number(figure.value),
        "n": int(figure.n) if figure.why != "hidden" else None,
        "interval": {"low": _number(figure.low), "high": _number(figure.high)} if bounded else None,
        "coverage": _number(figure.coverage),
        "at_least": bool(figure.censored),
        "why": figure.why or None,
        "parts": {name: _number(n) for name, n in figure.parts.items() if name not in INNER_PARTS},
    }


def breakdown_json(found: Breakdown) -> Json:
    points = {point.word: point for point in found.funnel.points} if found.funnel else {}
    return {
        "dimension": found.dim.value,
        "parts": [
            {
                "word": part.word,
                "hidden": part.hidden,
                **figure_json(part.figure),
                "outside": points[part.word].outside or None if part.word in points else None,
                "side": points[part.word].side or None if part.word in points else None,
            }
            for part in found.parts
        ],
    }


def period_json(period: Period, now_ms: int, first_ms: int = 0) -> Json:
    """known_from, known_to: where knowledge of the period begins and ends. compared: what
    previous and last_year are cut to, while the period is in progress."""
    return {
        "from": rfc3339(period.from_ms),
        "to": rfc3339(period.to_ms),
        "known_from": rfc3339(min(max(period.from_ms, first_ms), period.to_ms)),
        "known_to": rfc3339(min(period.to_ms, now_ms)),
        "compared": "up_to_same_time" if now_ms < period.to_ms else "whole",
        "word": period.word or None,
    }


def _compared(figure: Figure | None, change: Change) -> Json | None:
    if figure is None:
        return None
    told = {"verdict": change.verdict, "difference": _number(change.difference),
            "percent": _number(change.percent)}  # fmt: skip
    return {**figure_json(figure), **told}


def _number(x: float | None) -> float | None:
    """JSON knows no infinity."""
    return float(x) if x is not None and isfinite(x) else None
