"""Data that are missing from a week: devices of a kind that were not heard, silent feeds."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.kpis.facts import Facts
from dashboard.weekly.summary import Gap


def gaps_of(days: Sequence[Facts]) -> tuple[Gap, ...]:
    """days: facts of each KST day of the week."""
    return ()
