"""A row as a role without exact points may know it: nothing that counts under five people's
affairs, neither now nor before, nor in any piece of the period."""

from __future__ import annotations

from dataclasses import replace

from dashboard.kpis.breakdown import for_coarse
from dashboard.kpis.compare import change
from dashboard.kpis.figure import Figure
from dashboard.kpis.report import Row


def for_role(row: Row, coarse: bool) -> Row:
    if not coarse or not row.kpi.people:
        return row
    figure, previous, last_year = map(
        lambda one: _told(row, one), (row.figure, row.previous, row.last_year)
    )
    assert figure is not None
    return replace(
        row,
        figure=figure,
        previous=previous,
        last_year=last_year,
        since_previous=change(row.kpi, figure, previous),
        since_last_year=change(row.kpi, figure, last_year),
        meets=None if figure.value is None else row.meets,
        series=tuple((start, end, for_coarse(row.kpi, one)) for start, end, one in row.series),
    )


def _told(row: Row, figure: Figure | None) -> Figure | None:
    return None if figure is None else for_coarse(row.kpi, figure)
