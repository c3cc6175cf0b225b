"""What a reader must know before believing the figures. Only what applies is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dashboard.kpis import indicators
from dashboard.kpis.figure import LOW_COVERAGE
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.sentences import LOW_COVERAGE as FEW_DATA
from dashboard.weekly.summary import NOT_KNOWN, RouteNeed, Row, Said, Value
from dashboard.weekly.told import figures
from dashboard.weekly.usual import NO_HISTORY

FEW = 20  # cases, where the KPI does not say from how many on it is judged
JUDGED_BY_PEOPLE = ("bell_presses", "ai_events")


def caveats_of(
    simulated: bool,
    rows: Sequence[Row],
    routes: Sequence[RouteNeed],
    coverage: float | None,
    complete: bool,
) -> tuple[Said, ...]:
    """The gravest first."""
    return tuple(_caveats(simulated, rows, routes, coverage, complete))


def _caveats(
    simulated: bool,
    rows: Sequence[Row],
    routes: Sequence[RouteNeed],
    coverage: float | None,
    complete: bool,
) -> Iterator[Said]:
    if simulated:
        yield Said("caveat_simulated")
    if not complete:
        yield Said("caveat_provisional")
    if coverage is not None and coverage < FEW_DATA:
        yield Said("caveat_coverage", {"coverage": Value("percent", coverage, "gaps")})
    yield from _of(rows, "caveat_unheard", lambda row: row.usual.why == LOW_COVERAGE)
    yield from _all_or_some(rows, "caveat_no_usual", lambda row: row.usual.why == NO_HISTORY)
    yield from _since(rows)
    yield from _all_or_some(rows, "caveat_no_last_year", _no_last_year)
    yield from _of(rows, "caveat_few", _few)
    if any(row.usual.mark for row in rows):
        yield from _of(rows, "caveat_chance", lambda row: row.usual.z is not None)
    if any(row.key in JUDGED_BY_PEOPLE and row.week.parts.get("false") is not None for row in rows):
        yield Said("caveat_verdicts")
    if any(need.alerts is None for need in routes):
        yield Said("caveat_small")


def _of(rows: Sequence[Row], key: str, applies: Callable[[Row], bool]) -> Iterator[Said]:
    found = [row for row in rows if applies(row)]
    if found:
        yield Said(key, {"figures": figures(found)})


def _all_or_some(rows: Sequence[Row], key: str, applies: Callable[[Row], bool]) -> Iterator[Said]:
    if all(applies(row) for row in rows):
        yield Said(key)
    else:
        yield from _of(rows, f"{key}_some", applies)


def _no_last_year(row: Row) -> bool:
    return NOT_KNOWN in (row.last_year.why, row.last_year_week.why)


def _since(rows: Sequence[Row]) -> Iterator[Said]:
    """Of devices and of incidents, the day from which sums are known that would begin earlier."""
    for of in ("devices", "incidents"):
        told = {one.since for row in rows if BY_KEY[row.key].of == of
                for one in (row.week, row.d28, row.year)} - {""}  # fmt: skip
        for since in sorted(told)[-1:]:
            yield Said(f"caveat_since_{of}", {"since": Value("day", since)})


def _few(row: Row) -> bool:
    """Counts are judged by chance however few they are; medians and shares are not."""
    measure = BY_KEY[row.key]
    if measure.unit not in ("ms", "share") or row.week.value is None:
        return False
    few = indicators.BY_KEY[measure.kpi].few if measure.kpi else FEW
    return row.week.n < few
