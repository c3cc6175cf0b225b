"""What must be known to believe the figures of a week is said where it applies, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.kpis.figure import LOW_COVERAGE
from dashboard.text import translator
from dashboard.weekly.caveats import caveats_of
from dashboard.weekly.measures import MEASURES
from dashboard.weekly.summary import NOT_KNOWN, NOT_SUMMED, RouteNeed, Row, Said, Told, Usual
from dashboard.weekly.usual import NO_HISTORY
from layouts.weekly import words
from tests.weekly.summaries import a_row
from tests.weekly.told_rows import a_need, any_need, any_rows, bad, judged, table, unknown

busy = settings(suppress_health_check=[HealthCheck.too_slow])  # on a machine that is
LAST: dict[str, Any] = {"last_year": Told(40.0, 40), "last_year_week": Told(40.0, 40)}


def caveats(
    rows: Sequence[Row] | None = None,
    routes: Sequence[RouteNeed] = (),
    simulated: bool = False,
    coverage: float | None = 0.98,
    complete: bool = True,
) -> dict[str, Said]:
    found = caveats_of(simulated, rows or table(**LAST), routes, coverage, complete)
    assert len({one.key for one in found}) == len(found)
    return {one.key.removeprefix("caveat_"): one for one in found}


def number(said: Said) -> float | str:
    return said.values["figures"].value


@busy
@given(
    any_rows(), st.lists(any_need(), max_size=2), st.booleans(),
    st.one_of(st.none(), st.floats(0, 1)), st.booleans(),
)  # fmt: skip
def test_any_week_has_caveats_that_are_whole_in_both_languages(
    rows: tuple[Row, ...],
    routes: list[RouteNeed],
    simulated: bool,
    coverage: float | None,
    complete: bool,
) -> None:
    there = {f"row:{row.key}" for row in rows} | {"gaps"}
    for one in caveats(rows, routes, simulated, coverage, complete).values():
        assert all(v.of in there for v in one.values.values() if not isinstance(v.value, str))
        for language in ("ko", "en"):
            text = words.plain(words.say(translator(language), lambda _dim, word: word, one))
            assert text.endswith(".") and not set("{}") & set(text)


def test_a_whole_real_week_with_a_history_needs_none() -> None:
    assert not caveats()


def test_simulated_and_provisional_figures_are_called_so_first() -> None:
    assert list(caveats(simulated=True, complete=False)) == ["simulated", "provisional"]


@pytest.mark.parametrize(("coverage", "said"), [(0.89, True), (0.9, False), (None, False)])
def test_low_coverage_is_told(coverage: float | None, said: bool) -> None:
    found = caveats(coverage=coverage)
    assert ("coverage" in found) == said
    assert not said or found["coverage"].values["coverage"].value == coverage


def test_figures_that_less_than_half_was_heard_of_are_counted() -> None:
    silent = [a_row(key, usual=Usual(8, why=LOW_COVERAGE), **LAST) for key in ("sla", "traffic")]
    assert number(caveats(table(*silent, **LAST))["unheard"]) == 2


def test_no_history_is_told_of_all_or_of_some() -> None:
    assert "no_usual" in caveats(unknown(NO_HISTORY))
    some = caveats(table(a_row("sla", usual=Usual(why=NO_HISTORY), **LAST), **LAST))
    assert "no_usual" not in some and number(some["no_usual_some"]) == 1


def test_no_last_year_is_told_of_all_or_of_some() -> None:
    """A census has no sum over last year, but a last week it may have."""
    none: dict[str, Any] = {
        "last_year": Told(None, why=NOT_KNOWN),
        "last_year_week": Told(None, why=NOT_KNOWN),
    }
    census = a_row("backlog", **none | {"last_year": Told(None, why=NOT_SUMMED)})
    assert "no_last_year" in caveats(table(census, **none))
    known = a_row("backlog", **LAST | {"last_year": Told(None, why=NOT_SUMMED)})
    assert not caveats(table(known, **LAST))
    assert number(caveats(table(a_row("sla", **none), **LAST))["no_last_year_some"]) == 1


def test_the_day_from_which_sums_are_known_is_told_of_devices_and_of_incidents_apart() -> None:
    late = a_row("sla", year=Told(0.9, 40, since="2026-09-30"), **LAST)
    cases = a_row("incidents", d28=Told(9.0, 9, since="2026-11-02"), **LAST)
    found = caveats(table(late, cases, **LAST))
    assert found["since_devices"].values["since"].value == "2026-09-30"
    assert found["since_incidents"].values["since"].value == "2026-11-02"
    assert set(caveats(table(late, **LAST))) == {"since_devices"}


@pytest.mark.parametrize(
    ("key", "n", "few"),
    [("arrived", 19, True), ("arrived", 20, False), ("availability_bell", 4, True),
     ("availability_bell", 5, False), ("incidents_violence", 1, False)],
)  # fmt: skip
def test_medians_and_shares_of_few_cases_are_counted_by_what_their_kpi_needs(
    key: str, n: int, few: bool
) -> None:
    row = a_row(key, week=Told(0.5, n), **LAST)
    assert ("few" in caveats(table(row, **LAST))) == few


def test_chance_is_told_where_something_is_out_of_the_usual() -> None:
    out = bad("incidents")
    found = caveats(table(out, **LAST))
    assert number(found["chance"]) == len(MEASURES)


def test_when_verdicts_were_known_is_told_where_there_are_any() -> None:
    told = judged("bell_presses", 100, 90, 120, 0.1, parts={"real": 9.0, "false": 80.0})
    assert "verdicts" in caveats(table(told, **LAST))


def test_alerts_of_a_route_that_are_not_told_are_explained() -> None:
    assert "small" in caveats(routes=[a_need(alerts=None)])
    assert "small" not in caveats(routes=[a_need(alerts=0)])
