"""Vendors side by side, each against what its mix of devices lets one expect."""

from __future__ import annotations

from dashboard.kpis import repair
from dashboard.kpis.facts import Facts
from dashboard.kpis.scorecard import VendorScore, vendors
from dashboard.weekly.measures import BY_KEY, Measure
from dashboard.weekly.rows import told
from dashboard.weekly.summary import VendorLine

MTTR = Measure("mttr", "ms", "low", repair.mttr, kpi="mttr")  # of no row


def vendor_lines(facts: Facts) -> tuple[VendorLine, ...]:
    """As on the page of KPIs (kpis/scorecard.py), in its order."""
    return tuple(_line(score) for score in vendors(facts))


def _line(score: VendorScore) -> VendorLine:
    figures = score.figures
    sides: dict[str, str] = {key: side for key, (outside, side) in score.judged.items() if outside}
    return VendorLine(
        vendor=score.vendor,
        devices=score.devices,
        availability=told(BY_KEY["availability"], figures["availability"]),
        sla=told(BY_KEY["sla"], figures["sla"]),
        mttr=told(MTTR, figures["mttr"]),
        backlog=round(figures["backlog"].value or 0),
        sides=sides if score.enough else {},
        enough=score.enough,
    )
