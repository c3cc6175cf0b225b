"""Pilots of a week: which, by which of their outcomes, and as they stood when it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis
from msgspec import structs

from dashboard.kpis.figure import Figure
from dashboard.pilots.change import Change
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.incidents import Crime
from dashboard.pilots.outcomes import Outcome
from dashboard.pilots.pilot import Area, Kept, Pilot
from dashboard.pilots.spans import Spans
from dashboard.pilots.wdd import Effect, Ratio
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly.pilots import MOST, pilot_line, pilots_of
from dashboard.weekly.summary import PilotLine, Summary
from dashboard.weekly.week import Week
from data_sources import keys
from tests.facts.fact_room import take_in
from tests.pilots.pilots import a_pilot, kept
from tests.weekly import week_room

WEEK = Week.of("2026-W47")  # 16 to 22 November
END_MS = WEEK.to_ms
BEFORE_MS = WEEK.from_ms - 30 * DAY_MS
FIGURES = (Figure(0.9, 99),) * 4


def defined(at_ms: int = BEFORE_MS, **more: Any) -> Pilot:
    return a_pilot(defined_ms=at_ms, **more)


def ran(*found: Kept, at_ms: int = END_MS) -> list[str]:
    return [one.id for one in pilots_of(found, WEEK, at_ms)]


# -- which ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2026-10-01", "", True), ("2026-11-22", "", True), ("2026-11-23", "", False),
        ("2026-10-01", "2026-11-15", False), ("2026-10-01", "2026-11-16", True),
        ("2026-10-01", "2026-11-22", True), ("2026-10-01", "2026-12-31", True),
    ],
)  # fmt: skip
def test_it_tells_those_that_had_begun_and_not_ended_before_the_week(
    start: str, end: str, told: bool
) -> None:
    assert ran(kept(defined(start=start, end=end))) == (["P-01"] if told else [])


def test_of_a_week_in_progress_only_what_has_begun() -> None:
    one = kept(defined(start="2026-11-19"))
    assert ran(one, at_ms=WEEK.from_ms + 2 * DAY_MS) == []
    assert ran(one, at_ms=WEEK.from_ms + 4 * DAY_MS) == ["P-01"]


def test_the_version_that_stood_at_the_end_of_the_week_counts() -> None:
    first = defined(name="first", version=1)
    second = defined(END_MS - 1, name="second", version=2)
    third = defined(END_MS, name="third", version=3)
    (one,) = pilots_of([kept(first, second, third)], WEEK, END_MS)
    assert one.name == "second"


def test_what_was_defined_or_given_up_by_then_and_what_was_later() -> None:
    assert ran(kept(defined(END_MS))) == []
    assert ran(kept(defined(), defined(END_MS - 1, withdrawn="no lamps"))) == []
    assert ran(kept(defined(), defined(END_MS, withdrawn="no lamps"))) == ["P-01"]


def test_the_newest_come_first_and_no_more_than_can_be_read() -> None:
    found = [kept(defined(id=f"P-{n:02}", start=f"2026-10-{1 + n % 5:02}")) for n in range(1, 9)]
    assert ran(*found) == ["P-04", "P-08", "P-03", "P-07", "P-02", "P-06"]
    assert len(ran(*found)) == MOST


# -- what is told --------------------------------------------------------------------------------

LIT = Outcome("lit", "share", FIGURES, Change(0.012346, 0.004004, 0.02))
REPAIR = Outcome("repair", "ms", FIGURES, Change(-3_600_400.0, -7_200_600.0, 100.0))
NIGHT = Outcome("night", "per_night", FIGURES, Change(1.23456, 0.98765, 1.5, ratio=True))
EFFECT = Effect(-9.0, 2.0, -13.0, -5.0, -4.5, 0.0)
CRIME = Crime("fall", {}, EFFECT, Ratio(0.6543, 0.4321, 0.8765, False))


def evaluated(*process: Outcome, crime: Crime | None = CRIME, why: str = "") -> Evaluation:
    return Evaluation(Spans(why=why), process or (LIT, REPAIR, NIGHT), crime)


def line(found: Evaluation, *outcomes: str, at_ms: int = END_MS, **more: Any) -> PilotLine:
    return pilot_line(defined(outcomes=outcomes, **more), found, at_ms)


def told(one: PilotLine) -> tuple[Any, ...]:
    return one.outcome, one.value, one.low, one.high, one.ratio, one.side, one.why


def test_the_first_that_was_named_is_told_of_what_shows_soonest() -> None:
    every = evaluated()
    assert line(every, "incidents", "night", "lit").outcome == "lit"
    assert line(every, "incidents", "night").outcome == "night"
    assert line(every, "incidents").outcome == "incidents"
    assert line(every, "repair", "incidents").outcome == "repair"


def test_one_that_cannot_be_told_is_passed_over_while_another_can() -> None:
    dark = replace(LIT, change=None, why="too_few")
    assert line(evaluated(dark, REPAIR), "lit", "repair").outcome == "repair"
    assert line(evaluated(dark), "lit", "incidents").outcome == "incidents"
    hidden = Crime("hidden", {})
    assert told(line(evaluated(dark, crime=hidden), "lit", "incidents")) == (
        "lit", None, None, None, False, "", "too_few")  # fmt: skip
    assert line(evaluated(dark, crime=hidden), "incidents").why == "hidden"
    assert line(evaluated(dark, crime=Crime("none", {})), "incidents").why == "none"


def test_figures_are_rounded_to_what_is_told_and_ratios_of_incidents_to_tenths() -> None:
    every = evaluated()
    assert told(line(every, "lit")) == ("lit", 0.0123, 0.004, 0.02, False, "more", "")
    assert told(line(every, "repair")) == (
        "repair", -3_600_000.0, -7_201_000.0, 0.0, False, "", "")  # fmt: skip
    assert told(line(every, "night")) == ("night", 1.23, 0.99, 1.5, True, "", "")
    assert told(line(every, "incidents")) == ("incidents", 0.7, 0.4, 0.9, True, "less", "")
    assert [line(every, name).unit for name in ("lit", "repair", "night", "incidents")] == [
        "share", "ms", "per_night", ""]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "side", "why"),
    [("fall", "less", ""), ("rise", "more", ""), ("mixed", "", "mixed"), ("cannot", "", "cannot"),
     ("no_change", "", "no_change")],
)  # fmt: skip
def test_incidents_fall_or_rise_only_where_both_measures_say_so(
    verdict: str, side: str, why: str
) -> None:
    one = line(evaluated(crime=replace(CRIME, verdict=verdict)), "incidents")
    assert (one.value, one.side, one.why) == (0.7, side, why)


@pytest.mark.parametrize("why", ["too_soon", "no_history"])
def test_where_nothing_is_compared_it_says_why(why: str) -> None:
    one = line(Evaluation(Spans(why=why)), "lit")
    assert (one.outcome, one.value, one.why) == ("", None, why)


def test_a_pilot_of_which_nothing_was_named_beforehand_tells_nothing() -> None:
    assert told(line(evaluated())) == ("", None, None, None, False, "", "not_named")


@pytest.mark.parametrize(
    ("end", "status"), [("", "running"), ("2026-11-22", "ended"), ("2026-11-23", "running")]
)
def test_one_that_ends_in_the_week_has_ended_when_its_last_day_is_over(
    end: str, status: str
) -> None:
    assert line(evaluated(), "lit", end=end).status == status
    assert line(evaluated(), "lit", end=end, at_ms=END_MS - 1).status == "running"


# -- a year later --------------------------------------------------------------------------------

THEN = week_room.OVER[1]
PLACE = "4128556000"  # the zone in which the points of its incidents lie


def a_kept_one(client: redis.Redis, *changes: dict[str, Any]) -> None:
    """Begun with the week before THEN was over, judged by incidents; changes: later versions."""
    first = a_pilot(
        start=(THEN.monday + timedelta(days=1)).isoformat(),
        treated=Area(zones=(PLACE,)),
        control=Area(routes=("R-08",)),
        outcomes=("incidents",),
        version=1,
        defined_ms=THEN.from_ms,
    )
    versions = [first, *(structs.replace(first, **change) for change in changes)]
    client.hset(keys.PILOTS, first.id, msgspec.json.encode(Kept(tuple(versions))))


def worked_out(url: str, week: Week) -> Summary:
    with week_room.process(url) as room:
        return room.run(room.sources.weekly.work_out(week))


def test_a_week_says_the_same_of_a_pilot_when_it_is_worked_out_later(tmp_path: Path) -> None:
    with week_room.served(tmp_path) as (url, client):
        week_room.fill(client, THEN.to_ms + 7 * HOUR_MS)
        a_kept_one(client)
        at_once = worked_out(url, THEN)
        later = week_room.messages(THEN.to_ms + 7 * HOUR_MS, week_room.END_MS)
        week_room.tell(client, [one for one in later if one[1] != "registry"])
        take_in(client)
        a_kept_one(
            client,
            {"version": 2, "defined_ms": THEN.to_ms, "name": "another"},
            {"version": 3, "defined_ms": THEN.to_ms + DAY_MS, "withdrawn": "no lamps"},
        )
        assert worked_out(url, THEN).pilots == at_once.pilots
        assert worked_out(url, THEN.plus(1)).pilots == ()
        a_kept_one(client)
        (after,) = worked_out(url, THEN.plus(1)).pilots
    (one,) = at_once.pilots
    assert (one.outcome, one.status, one.ratio) == ("incidents", "running", True)
    assert (after.value, after.low, after.high) != (one.value, one.low, one.high)
