"""A week in progress is worked out for whoever looks, without doing everything again each time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dashboard.pilots.pilot import Area, Pilot
from tests.live_room import LiveRoom
from tests.weekly.week_room import FIRST, OVER, RUNNING, find


@pytest.fixture
def evaluated(town_room: LiveRoom, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Moments a pilot that ran in all weeks was evaluated for."""
    desk, moments = town_room.sources.pilots, list[int]()
    pilot = Pilot(
        "", "Lamps", "LED", (FIRST.monday + timedelta(days=2)).isoformat(),
        treated=Area(routes=("R-03",)), control=Area(routes=("R-08",)), outcomes=("lit",),
    )  # fmt: skip
    monkeypatch.setattr(desk.book, "now_ms", lambda: FIRST.from_ms)
    town_room.run(desk.book.define(pilot, "kim", ""))
    evaluate = desk.evaluate

    async def noted(pilot: Pilot, coarse: bool = True, at_ms: int = 0) -> Any:
        moments.append(at_ms)
        return await evaluate(pilot, coarse, at_ms)

    monkeypatch.setattr(desk, "evaluate", noted)
    return moments


def test_what_a_pilot_changed_is_worked_out_once_in_an_hour(
    town_room: LiveRoom, evaluated: list[int]
) -> None:
    first = find(town_room, RUNNING).summary
    assert [one.pilot for one in first.pilots] == ["P-01"]
    assert find(town_room, RUNNING).summary.pilots == first.pilots and len(evaluated) == 1
    find(town_room, OVER[2])  # as of another day
    assert evaluated == [town_room.sources.kpis.now_ms(), OVER[2].to_ms]


def test_for_a_seal_it_is_worked_out_anew(town_room: LiveRoom, evaluated: list[int]) -> None:
    find(town_room, OVER[2])
    town_room.run(town_room.sources.weekly.work_out(OVER[2]))
    assert evaluated == [OVER[2].to_ms] * 2
