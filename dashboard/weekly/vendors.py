"""Vendors side by side, each against what its mix of devices lets one expect."""

from __future__ import annotations

from dashboard.kpis.facts import Facts
from dashboard.weekly.summary import VendorLine


def vendor_lines(facts: Facts) -> tuple[VendorLine, ...]:
    """As on the page of KPIs (kpis/scorecard.py), in its order."""
    return ()
