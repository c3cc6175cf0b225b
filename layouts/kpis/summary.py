"""What one must know before reading any row of the overview, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from layouts.kpis.here import Here

if TYPE_CHECKING:
    from dashboard.kpis.report import Row


def summary(here: Here, rows: Sequence[Row]) -> html.P:
    """The names lead to the details."""
    t = here.t
    found = {
        "missed": [row for row in rows if row.meets is False],
        "worse": [row for row in rows if row.since_previous.verdict == "worse"],
        "better": [row for row in rows if row.since_previous.verdict == "better"],
        "silent": [row for row in rows if row.figure.value is None],
    }
    said: list[Any] = [t("kpis.sum_all", n=len(rows))]
    for name, group in found.items():
        what = t(f"kpis.sum_{name}", n=len(group))
        look = "kpis__sum--missed" if name == "missed" and group else None
        names = _names(here, group) if name in ("missed", "worse") else []
        said += [" " if len(said) == 1 else ", ", html.Span([what, *names], className=look)]
    return html.P([*said, "."], className="kpis__sum")


def _names(here: Here, rows: Sequence[Row]) -> list[Any]:
    if not rows:
        return []
    named: list[Any] = []
    for row in rows:
        link = html.A(here.t(f"kpis.{row.kpi.key}"), href=here.address.of_kpi(row.kpi.key))
        named += [", " if named else "", link]
    return [" (", *named, ")"]
