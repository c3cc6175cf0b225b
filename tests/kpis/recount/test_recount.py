"""Every KPI against an independent recount from the raw messages of a small town."""

from __future__ import annotations

from math import isclose

import pandas as pd
import pytest

from dashboard.kpis.choice import Period, named
from dashboard.kpis.figure import Figure
from dashboard.kpis.indicators import KPIS, applies
from tests import source_tree
from tests.kpis.recount import kpis_of_devices, kpis_of_people, kpis_of_traffic
from tests.kpis.recount.answers import Answer, Cut, known
from tests.kpis.recount.room import room
from tests.kpis.recount.spans import HOUR_MS

# Borders as a calendar on the wall in Korea has them; None: an address without a word.
PERIODS = {
    "2026-12": ("2026-12-01", "2027-01-01"),
    "2026-W53": ("2026-12-28", "2027-01-04"),
    "2026-W50": ("2026-12-07", "2026-12-14"),
    "2026-Q4": ("2026-10-01", "2027-01-01"),
    "2027": ("2027-01-01", "2028-01-01"),  # three days of it are known
    "days across the year": ("2026-12-27", "2027-01-03"),
    "hours across the year": ("2026-12-31 05:00", "2027-01-02 07:00"),
}
NAMED = [word for word in PERIODS if word[:2] == "20"]
CHOICES = (
    {}, {"kind": "bell"}, {"kind": "light"}, {"kind": "gateway"}, {"vendor": "Byeol"},
    {"owner": "city"}, {"kind": "cctv", "vendor": "Haneul"},
)  # fmt: skip
# Where the sun is, two ways of working it out agree to half a minute.
LOOSE = {"availability_night": 2e-3}


def border(text: str) -> int:
    return int(pd.Timestamp(text, tz="Asia/Seoul").timestamp() * 1000)


def answer(key: str, cut: Cut) -> Answer:
    modules = (kpis_of_devices, kpis_of_people, kpis_of_traffic)
    found: Answer = next(getattr(m, key) for m in modules if hasattr(m, key))(cut)
    return found


def disagreements(figure: Figure, recounted: Answer, exact: float) -> list[str]:
    pairs = {
        "value": (figure.value, recounted.value),
        "n": (figure.n, recounted.n),
        "coverage": (figure.coverage, recounted.coverage),
        **{name: (figure.parts.get(name), n) for name, n in recounted.parts.items()},
    }
    for limit in ("low", "high"):
        if (mine := getattr(recounted, limit)) is not None:
            pairs[limit] = (getattr(figure, limit), mine)
    return [f"{name}: {a} is not {b}" for name, (a, b) in pairs.items() if not _same(a, b, exact)]


def _same(one: float | None, other: float | None, exact: float) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=exact, abs_tol=1e-9)


def compare(period: tuple[int, int], wanted: dict[str, str], dead_share: float = 0.0) -> None:
    control_room = room(dead_share)
    facts = control_room.facts(*period, **wanted)
    cut = Cut(known(control_room.frontier_ms, dead_share).of(**wanted), *period)
    wrong = {
        kpi.key: found
        for kpi in KPIS
        if applies(kpi, wanted)
        and (found := disagreements(kpi.value(facts), answer(kpi.key, cut),
                                    LOOSE.get(kpi.key, 1e-6)))
    }  # fmt: skip
    if control_room.frontier_ms < period[1] and "traffic" in wrong:
        # What is usual ends within an hour, of which only the whole is kept.
        wrong["traffic"] = [one for one in wrong["traffic"] if one.split(":")[0] not in "usual z"]
    assert not {key: found for key, found in wrong.items() if found}


@pytest.mark.parametrize("wanted", CHOICES, ids=lambda wanted: " ".join(wanted.values()) or "all")
@pytest.mark.parametrize("period", ["2026-12", "2026-W53"])
def test_it_agrees_with_a_recount(period: str, wanted: dict[str, str]) -> None:
    first, after = PERIODS[period]
    compare((border(first), border(after)), wanted)


@pytest.mark.parametrize("period", PERIODS)
def test_it_agrees_with_a_recount_across_the_borders_of_time(period: str) -> None:
    first, after = PERIODS[period]
    compare((border(first), border(after)), {})


@pytest.mark.parametrize(("early", "late"), [("raised", "acked"), ("acked", "closed")])
def test_it_does_not_know_what_came_after_the_period(early: str, late: str) -> None:
    """It ends on the full hour between the two moments of an alert."""
    alerts = known(room().frontier_ms).alerts
    hours = alerts[early] // HOUR_MS, alerts[late] // HOUR_MS
    cut = alerts[alerts["actual"] & (alerts[early] >= 0) & (hours[0] < hours[1])]
    end = int(cut[early].iloc[-1] // HOUR_MS + 1) * HOUR_MS
    compare((end - 7 * 24 * HOUR_MS, end), {})


@pytest.mark.parametrize("word", NAMED)
def test_it_has_the_borders_of_the_calendar(word: str) -> None:
    first, after = PERIODS[word]
    assert named(word) == Period(border(first), border(after), word)


def test_it_agrees_with_a_recount_where_a_fifth_of_the_sensors_died() -> None:
    compare((border("2026-12-14"), border("2027-01-04")), {}, dead_share=0.2)


def test_it_says_nothing_of_a_time_before_anything_was_known() -> None:
    facts = room().facts(border("2026-10-01"), border("2026-11-01"))
    assert not [kpi.key for kpi in KPIS if kpi.value(facts).value is not None]


def test_it_agrees_day_by_day_on_every_state_of_every_kind() -> None:
    """Nothing that is wrong on one day is made up for by another."""
    control_room = room()
    everything = known(control_room.frontier_ms)
    for day in range(35):
        start = border("2026-11-30") + day * 86_400_000
        facts, cut = (
            control_room.facts(start, start + 86_400_000),
            Cut(everything, start, start + 86_400_000),
        )
        failed = cut.rows("failures", "at")
        for kind in sorted(set(cut.spans["kind"])):
            mine = facts.of(facts.groups.mask(kind=kind))
            times = [mine.total(f"s{status}") for status in range(5)]
            assert times == [cut.time(status, kinds=(kind,)) for status in range(5)], (day, kind)
            assert mine.total("fail") == int((failed["kind"] == kind).sum()), (day, kind)


def test_it_recounts_without_the_code_it_checks() -> None:
    modules = ("reading", "lives", "spans", "work", "alarms", "counts", "odds", "answers",
               "kpis_of_devices", "kpis_of_people", "kpis_of_traffic")  # fmt: skip
    files = {path.stem: path for path in source_tree.files(".py", under=("tests",))
             if path.parent.name == "recount"}  # fmt: skip
    for name in modules:
        rooms = {module.split(".")[0] for module in source_tree.imports(files[name])}
        assert not rooms & {*source_tree.ROOMS, "app", "scipy"}, name
