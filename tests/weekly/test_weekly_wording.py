"""How a week reads, word for word, in both languages: wording.json holds what is expected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.text import translator
from dashboard.weekly.sentences import PEOPLE, sentences
from dashboard.weekly.summary import Gap, RouteNeed, Row, Said, Told, Usual
from dashboard.weekly.usual import NO_HISTORY, RUNNING
from data_sources.sites import load_site
from layouts.kpis.here import namer
from layouts.weekly import words
from tests.weekly.summaries import a_row
from tests.weekly.told_rows import a_need, judged, out, table, unknown, usual

HOUR, DAY = 3_600_000, 86_400_000
SITE = load_site("goyang")
EXPECTED: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "wording.json").read_text(encoding="utf-8")
)
SEXUAL = judged("incidents_sexual", 6, 0, 4, 3.2)
BELLS = judged("bell_presses", 163, 96, 131, 2.6, parts={"real": 9.0, "false": 150.0})
MUTE = judged("bell_presses", 163, 96, 131, 3.6, parts={"real": 0.0, "false": 163.0})
ARRIVED = judged("arrived", 497_000, 320_000, 380_000, 2.4)
NIGHT = judged("availability_night", 0.9612, 0.964, 0.978, -2.6)
UP = a_row(
    "availability",
    week=Told(0.9931, 10_000, 0.9922, 0.9939),
    usual=usual("availability", 0.9944, 0.9966, -3.4),
)
BACKLOG = judged("backlog", 186, 120, 170, 2.2, parts={"band_31": 21.0})
FEW_OLD = judged("backlog", 141, 124, 147, 1.0, parts={"band_31": 1.0})
WALKERS = judged("traffic_night", 31_420, 35_000, 41_000, -2.4)
FEWER = judged("incidents_property", 1, 4, 17, -2.3)
FEED = Gap("feed", "2026-11-18", "", 0.5, 40 * HOUR)
LAMP = a_need(faults=1, by_kind={"light": 1}, longest_ms=50 * HOUR, dark_share=0.01)
DARK = a_need(faults=0, by_kind={}, longest_ms=0, people=1, dark_share=0.12)
MIXED = a_need(faults=3, by_kind={"bell": 1, "cctv": 2}, longest_ms=30 * HOUR, people=None)
ALARMS = a_need(faults=0, by_kind={}, longest_ms=0, dark_share=None, alerts=14)
NEVER = Usual(8, 40, 30, 50, -9, "far", "less")
NONE = table(
    *(a_row(key, week=Told(0.0), usual=NEVER) for key in PEOPLE), BACKLOG,
    week=Told(None, why="no_data"), usual=Usual(why="no_data"),
)  # fmt: skip

Week = tuple[tuple[Row, ...], list[RouteNeed], list[Gap], float | None, bool]
WEEKS: dict[str, Week] = {
    "as the mock": (table(SEXUAL, BACKLOG), [a_need(), LAMP, DARK], [], 0.986, False),
    "bells, lamps, backlog": (table(BELLS, NIGHT, FEW_OLD), [LAMP], [], 0.98, False),
    "many out": (table(MUTE, SEXUAL, ARRIVED, NIGHT, UP), [MIXED], [], 0.98, False),
    "three others": (table(SEXUAL, ARRIVED, NIGHT, WALKERS), [DARK], [], 0.98, False),
    "two others": (table(ARRIVED, UP, WALKERS), [ALARMS], [], 0.98, False),
    "only good news": (table(FEWER), [], [], 0.98, False),
    "people on foot": (table(WALKERS), [], [], 0.98, False),
    "backlog alone": (table(BACKLOG), [], [], 0.98, False),
    "availability": (table(UP), [], [], 0.98, False),
    "quiet": (table(FEW_OLD), [], [], 0.98, False),
    "dead feed": (table(SEXUAL), [], [FEED], 0.71, False),
    "low coverage": (table(), [], [], 0.42, False),
    "very first week": (unknown(NO_HISTORY), [], [], 0.98, False),
    "counting began": (
        table(week=Told(1.0, 1, since="2026-11-18"), usual=Usual(why=NO_HISTORY)),
        [], [], 0.98, False,
    ),
    "running": (
        table(judged("bell_presses", 44, 96, 131, 0.0), usual=Usual(8, 40, 30, 50, why=RUNNING)),
        [LAMP], [], 0.98, True,
    ),
    "running, nothing yet": (
        table(week=Told(0.0), usual=Usual(8, 40, 30, 50, why=RUNNING)), [], [], 0.98, True,
    ),
    "empty": (NONE, [], [], 0.98, False),
    "empty, little heard": (NONE, [], [], 0.3, False),
    "empty, no device heard": (NONE, [], [Gap("feed", "2026-11-18", "", 1, 7 * DAY)], 0.0, False),
}  # fmt: skip


def _said(said: Said, language: str) -> str:
    t = translator(language)
    return words.plain(words.say(t, namer(SITE, t, language), said))


def _week(name: str, language: str) -> list[str]:
    return [_said(said, language) for said in sentences(*WEEKS[name])]


@pytest.mark.parametrize("name", WEEKS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_reads_as_written_down(name: str, language: str) -> None:
    assert _week(name, language) == EXPECTED[name][language]


def test_nothing_is_written_down_that_no_week_says() -> None:
    assert set(EXPECTED) == set(WEEKS)


def test_what_is_good_is_told_as_such() -> None:
    better = sentences(table(out("sla", 3.5)), [], [], 0.98, False)[0]
    assert better.key == "share_far_more"
