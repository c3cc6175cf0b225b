"""Every row of the weekly table against a recount from raw messages: of a year with few devices,
and of the small town of tests/kpis/recount, in which far more happens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import isclose
from typing import Any

import msgspec
import pytest

from dashboard.weekly.measures import MEASURES
from tests import source_tree
from tests.kpis.recount import answers, room
from tests.weekly.recount.control_room import told, year_room
from tests.weekly.recount.weeks import DIGITS, UNSEEN, Recount, unit_of
from tests.weekly.recount.year import year

WEEKS = {
    "one of which nobody knows anything": "2025-W50",
    "the first": "2025-W52",
    "the first that is known as a whole": "2026-W01",
    "the first that is judged": "2026-W05",
    "one in which nothing happened": "2026-W48",
    "one whose feed was dead": "2026-W50",
    "the one after": "2026-W51",
    "the one across New Year": "2026-W53",
    "the first of a year": "2027-W01",
    "the one in progress": "2027-W03",
}
OF_THE_TOWN = ("2026-W49", "2026-W53")
# Where the sun is, two ways of working it out agree to half a minute.
OF_THE_SUN = ("availability_night", "traffic_night")
NOTHING = {"n": 0, "at_least": False, "why": "", "since": "", "parts": {}, "weeks": 0}


@cache
def recount(town: str) -> Recount:
    if town == "year":
        return Recount(answers.known_of(year(), year_room().frontier_ms))
    return Recount(answers.known(room.room().frontier_ms))


def disagreements(mine: dict[str, Any], row: dict[str, Any]) -> Iterator[str]:
    """mine: what it does not name is not compared. Of lines only the row is rounded."""
    sun, step = row["key"] in OF_THE_SUN, 10.0 ** -DIGITS[unit_of(row["key"])]
    exact = 5e-3 if sun else 1e-12
    for name, part in mine.items():
        if isinstance(part, list):
            pairs = enumerate(zip(row[name], part, strict=True))
            yield from (f"{name} {at}: {a} is not {b}" for at, (a, b) in pairs
                        if b != UNSEEN and not _same(a, b, exact, 0.51 * step))  # fmt: skip
            continue
        for field, value in part.items():
            off = (0.06 if sun else 0.011) if field == "z" else 0.0  # of what is rounded twice
            loose = 0.05 if sun and name == "usual" else exact
            if not _same(row[name].get(field, NOTHING.get(field)), value, loose, off):
                yield f"{name} {field}: {row[name].get(field)} is not {value}"


def _same(one: Any, other: Any, exact: float, off: float = 0.0) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=exact, abs_tol=off)
    return bool(one == other)


def wrong(word: str, town: str) -> dict[str, list[str]]:
    found = {}
    for measure in MEASURES:
        row = msgspec.to_builtins(told(word, town).row(measure.key))
        mine = recount(town).row(word, measure.key)
        found[measure.key] = [*disagreements(mine, row)]
    return {key: of for key, of in found.items() if of}


@pytest.mark.parametrize("which", WEEKS)
def test_it_agrees_with_a_recount_of_a_year(which: str) -> None:
    assert not wrong(WEEKS[which], "year")


@pytest.mark.parametrize("word", OF_THE_TOWN)
def test_it_agrees_with_a_recount_of_a_busy_town(word: str) -> None:
    assert not wrong(word, "town")


def test_it_recounts_without_the_code_it_checks() -> None:
    files = {path.stem: path for path in source_tree.files(".py", under=("tests",))
             if path.parent.parent.name == "weekly"}  # fmt: skip
    for name in ("figures", "usual_range", "weeks"):
        rooms = {module.split(".")[0] for module in source_tree.imports(files[name])}
        assert not rooms & {*source_tree.ROOMS, "app"}, name
