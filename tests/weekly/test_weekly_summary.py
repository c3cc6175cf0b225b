"""A week worked out: when it is complete, that it stays the same, and what makes it another one.

On the year of tests/weekly/recount, in which weeks were worked out when they were due as well.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from dashboard.stream.rollups import DAY_MS
from dashboard.weekly import seal
from dashboard.weekly.summarise import summarise
from dashboard.weekly.summary import Summary
from dashboard.weekly.week import Week
from tests.source_tree import ROOT
from tests.weekly.recount.control_room import SEALED, told, year_room
from tests.weekly.recount.elsewhere import WORDS, hashes
from tests.weekly.recount.kept import asked
from tests.weekly.recount.saying import LATE_OF, REVISED_OF
from tests.weekly.recount.year import year

LATE = (LATE_OF, REVISED_OF)


def letters(summary: Summary) -> bytes:
    return seal.canonical(msgspec.to_builtins(summary))


def worked_out(word: str, now_ms: int) -> Summary:
    return summarise(*asked(year_room().book, Week.of(word), now_ms, year().site))


# -- it stays the same -----------------------------------------------------------------------


@pytest.mark.parametrize("word", [word for word in SEALED if word not in LATE])
def test_a_week_is_the_same_to_the_last_letter_months_after_it_was_due(word: str) -> None:
    """At its end people had not judged everything, repairs were under way, devices dead."""
    assert year_room().sealed[word].complete
    assert letters(year_room().sealed[word]) == letters(told(word))


@pytest.mark.parametrize("word", WORDS)
def test_it_is_the_same_a_year_later(word: str) -> None:
    later = worked_out(word, year_room().frontier_ms + 300 * DAY_MS)
    assert letters(later) == letters(told(word))


def test_a_verdict_that_came_on_monday_at_half_past_six_is_not_in_the_week_and_in_the_next() -> (
    None
):
    """Two presses of a Sunday turned out to be real: one at five on Monday, one later."""
    week, after = told("2026-W51").row("bell_presses"), told("2026-W52").row("bell_presses")
    alone = [told(word).row("bell_presses").week.parts["real"] for word in
             ("2026-W49", "2026-W50", "2026-W51", "2026-W52")]  # fmt: skip
    assert week.week == year_room().sealed["2026-W51"].row("bell_presses").week
    assert after.d28.parts["real"] >= sum(alone) + 1


def test_an_incident_told_late_makes_another_week() -> None:
    before, now = year_room().sealed[LATE_OF], told(LATE_OF)
    assert seal.differs(before, now)
    changed = {one.path: (one.before, one.after) for one in seal.differences(before, now)}
    n = before.row("incidents").week.n
    assert changed["rows/incidents/week/n"] == (str(n), str(n + 1))
    assert "rows/incidents_property/week/value" in changed
    assert not [path for path in changed if path.startswith("rows/bell_presses")]


def test_an_incident_told_otherwise_moves_from_one_type_to_another() -> None:
    before, now = year_room().sealed[REVISED_OF], told(REVISED_OF)
    assert seal.differs(before, now)
    shifts = {
        key: (now.row(key).week.value or 0) - (before.row(key).week.value or 0)
        for key in ("incidents", "incidents_property", "incidents_sexual")
    }
    assert shifts == {"incidents": 0, "incidents_property": -1, "incidents_sexual": 1}


def test_weeks_around_it_are_no_other_weeks_of_their_own() -> None:
    """Their 28 days and usual ranges are others; that opens no revision."""
    before = year_room().sealed["2026-W51"]
    again = [one.path for one in seal.differences(before, told("2026-W51"))]
    assert any(path.startswith("rows/incidents/d28") for path in again)
    own = [path for path in again if path.startswith("rows/") and path.split("/")[2] == "week"]
    assert {path.split("/")[1] for path in own} <= {"incidents_property", "incidents_sexual"}


# -- and does not depend on who works it out ----------------------------------------------------


def test_the_order_in_which_things_are_taken_in_does_not_matter() -> None:
    kept = year_room().kept()
    mine = [seal.hash_of(told(word)) for word in WORDS]
    assert hashes(kept, seed=1) == hashes(kept, seed=2) == mine


def test_it_has_the_same_hash_in_another_process_and_another_country(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(pickle.dumps(year_room().kept()))
    abroad = {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8",
              "PYTHONPATH": str(ROOT)}  # fmt: skip
    command = [sys.executable, "-m", "tests.weekly.recount.elsewhere", str(tmp_path / "kept"), "7"]
    done = subprocess.run(command, env=os.environ | abroad, cwd=tmp_path, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert done.stdout.split() == [seal.hash_of(told(word)) for word in WORDS]


# -- when it is complete -----------------------------------------------------------------------


@pytest.mark.parametrize(("after_ms", "complete"), [(-1, False), (0, True)])
def test_it_is_complete_when_the_feed_has_passed_six_on_monday(
    after_ms: int, complete: bool
) -> None:
    week = Week.of("2027-W02")
    found = worked_out(week.word, week.settled_ms + after_ms)
    assert (found.complete, found.known_to_ms) == (complete, week.to_ms)
    assert found.row("incidents").usual.z is not None  # it is over, so it is judged


def test_a_week_in_progress_says_how_far_it_is_known_and_is_not_judged() -> None:
    found = told("2027-W03")
    assert (found.complete, found.known_to_ms) == (False, year_room().frontier_ms)
    assert {row.usual.why for row in found.rows if row.usual.weeks} == {"running"}
    assert not [row.key for row in found.rows if row.usual.z is not None or row.usual.mark]


def test_a_week_before_anything_was_known_says_so() -> None:
    found = told("2025-W50")
    assert found.coverage is None and found.inputs.device_days == 0
    assert {(row.week.value, row.week.why) for row in found.rows} == {(None, "not_known")}
    assert all(row.line == (None,) * 52 for row in found.rows)


def test_a_week_whose_feed_was_dead_says_how_much_was_heard_and_judges_nothing_by_it() -> None:
    found = told("2026-W50")
    assert found.complete and found.coverage == pytest.approx(62 / 168, abs=0.01)
    counted = [row for row in found.rows if row.key != "arrived" and row.week.value is not None]
    assert {(row.usual.z, row.usual.why, row.line[-1]) for row in counted} == {
        (None, "low_coverage", None)
    }
    after = told("2026-W51").row("incidents")
    assert after.line[-2] is None and after.usual.weeks == 8 and after.usual.z is not None


def test_it_says_what_it_was_worked_out_from() -> None:
    inputs = told("2027-W01").inputs
    assert (inputs.first_day, inputs.last_day) == ("2025-12-29", "2027-01-10")
    assert (inputs.counted_from, inputs.incidents_from) == ("2025-12-25", "2025-12-25")
    assert (inputs.devices, inputs.partitions) == (15, 1)
    assert inputs.incidents == told("2027-W01").row("incidents").week.n
