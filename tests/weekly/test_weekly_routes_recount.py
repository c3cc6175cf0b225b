"""Safe routes once more, from the raw messages of a small town over New Year (tests/kpis/recount).

Written from what the docstring of weekly/routes.py says, in rows of pandas, route by route.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.kpis.facts import Facts
from dashboard.weekly.route_facts import streets_of
from dashboard.weekly.routes import routes_of
from tests.builders import SITE
from tests.kpis.recount.answers import Cut, known
from tests.kpis.recount.room import room
from tests.kpis.recount.spans import DAY_MS, HOUR_MS, KST_MS, at_night, within
from tests.weekly.recounted import WEEKS, borders

SUN_MS = 8 * 60_000  # two ways of working out the sun, over a week of a few lamps


DEAD = 0.2  # of the sensors, from the fourth week on
CASES = [*((word, 0.0) for word in WEEKS), ("2026-W52", DEAD), ("2026-W53", DEAD)]


def town(word: str, dead_share: float) -> tuple[Cut, Facts]:
    control_room = room(dead_share)
    cut = Cut(known(control_room.frontier_ms, dead_share), *borders(word))
    return cut, control_room.facts(*borders(word))


def out(cut: Cut, route: str) -> pd.DataFrame:
    """Devices that are out: since, by kind and device."""
    rounds = cut.known.rounds
    rows = rounds[(rounds["route"] == route) & (rounds["cause"] != "inspection")]
    ends = rows[["verified", "cancelled"]]
    ended = ends.mask(ends < 0, 2**62).min(axis=1)
    still = rows[(rows["opened"] < cut.end_ms) & (ended >= cut.end_ms)]
    return still.groupby(["kind", "device"], as_index=False)["down"].min()


def light(cut: Cut, route: str) -> tuple[int, int]:
    """Lamp time without light, and lamp time due that is known."""
    lamps = cut.spans[(cut.spans["kind"] == "light") & (cut.spans["route"] == route)]
    off = within(cut.known.off, cut.from_ms, cut.end_ms)
    lamps, off = at_night(lamps), at_night(off[off["route"] == route])
    time = {n: int(lamps[lamps["status"] == n]["ms"].sum()) if len(lamps) else 0 for n in (0, 3, 4)}
    dark = int(off["ms"].sum()) if len(off) else 0
    return dark + time[3] + time[4], sum(time.values())


def passers(cut: Cut, route: str) -> float | None:
    counts = cut.rows("counts", "at")
    counts = counts[counts["route"] == route].reset_index(drop=True)
    if counts.empty:
        return None
    spans = cut.spans[(cut.spans["kind"] == "counter") & (cut.spans["route"] == route)]
    planned = max(int(spans[spans["status"] != 1]["ms"].sum()), int(counts["ms"].sum()))
    share = counts["ms"].sum() / planned
    pieces = pd.DataFrame({"from": counts["at"], "to": counts["at"] + counts["ms"],
                           "people": counts["people"], "whole": counts["ms"]})  # fmt: skip
    night = at_night(pieces)
    people = (night["people"] * night["ms"] // night["whole"]).sum()
    return float(people) / share if share >= 0.5 else None


def alerts(cut: Cut) -> dict[str, int]:
    rows = cut.rows("alerts", "raised")
    rows = rows[rows["actual"] & rows["kind"].isin(["bell", "cctv"])]
    return dict(rows.groupby("route").size())


@pytest.mark.parametrize(("word", "dead_share"), CASES)
def test_what_is_known_of_each_route_agrees_with_a_recount(word: str, dead_share: float) -> None:
    cut, facts = town(word, dead_share)
    raised = alerts(cut)
    for route, street in zip(SITE.routes, streets_of(facts, SITE), strict=True):
        gone = out(cut, route.id)
        assert {one.kind: one.n for one in street.outs} == dict(gone.groupby("kind").size())
        for one in street.outs:
            since = int(gone[gone["kind"] == one.kind]["down"].min())
            midnights = [
                m for m in range(borders("2026-W49")[0], cut.end_ms + 1, DAY_MS) if m > since
            ]
            assert (one.longest_ms, one.nights) == (cut.end_ms - since, len(midnights))
        dark, due = light(cut, route.id)
        assert abs(street.light.dark_ms - dark) <= SUN_MS
        if due:
            assert street.light.share == pytest.approx(dark / due, abs=3e-3)
        else:
            assert street.light.share is None
        people = passers(cut, route.id)
        if people is None:
            assert street.people.told is None
        elif people >= 5:
            assert abs((street.people.told or 0) - people) <= 10
        n = raised.get(route.id, 0)
        assert street.raised.n in ({n} if n == 0 else {None} if n < 5 else {n, None})


def test_there_is_something_to_recount() -> None:
    cuts = [town(*case)[0] for case in CASES]
    routes = [route.id for route in SITE.routes]
    assert sum(len(out(cut, route)) for cut in cuts for route in routes) > 10
    assert sum(light(cut, route)[0] > HOUR_MS for cut in cuts for route in routes) > 10
    assert sum((passers(cut, route) or 0) > 100 for cut in cuts for route in routes) > 10
    assert sum(n for cut in cuts for n in alerts(cut).values()) > 50


@pytest.mark.parametrize(("word", "dead_share"), CASES)
def test_routes_in_need_are_those_that_the_rules_name(word: str, dead_share: float) -> None:
    cut, facts = town(word, dead_share)
    expected: dict[str, Any] = {}
    for route in SITE.routes:
        gone, (dark, due) = out(cut, route.id), light(cut, route.id)
        gone["lasted"] = cut.end_ms - gone["down"]
        nights = (cut.end_ms + KST_MS) // DAY_MS - (gone["down"] + KST_MS) // DAY_MS
        people = passers(cut, route.id)
        some = people is None or people >= 5
        share = dark / due if due and dark >= 12 * HOUR_MS else 0.0
        bells = gone["kind"] == "bell"
        weak = (bells & (gone["lasted"] >= DAY_MS)).any()
        weak |= ((gone["kind"] == "light") & (nights >= 3)).any() or share >= 0.1
        watch = weak or bells.any() or (gone["lasted"] >= DAY_MS).any() or share > 0.03
        if watch:
            expected[route.id] = "weak" if weak and some else "watch"
    assert {one.route: one.level for one in routes_of(facts, SITE)} == expected
