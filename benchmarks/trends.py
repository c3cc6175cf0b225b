"""9. How long does a picture of the trends page take, with three years of 30,000 incidents?

The incidents are made in memory: hours and weekdays as in a city, places that draw them and
repeats near them, a third known only as an interval, a few reversed or without a place. They are
taken into the same tables, and pictures are asked of the same desk, as on the page; what is timed
is everything a redraw takes on the server until its markup and figures are JSON. Cold: nothing
kept, the frame of all incidents is made anew, as after news. Warm: the frame is there.
Reference: plain pandas for the same two pictures (hours by weekdays with intervals shared out
over the eight weeks and the period, median and P90 of four legs by week), from a frame with
ready columns.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from benchmarks.measure import Row, alone, median, number, say
from benchmarks.trends_city import NOW_MS, incidents_of
from benchmarks.trends_reference import by_pandas
from callbacks.trends.page import DRAWN
from dashboard.kpis.choice import period_of
from dashboard.principal import Principal
from dashboard.roles import Role
from dashboard.site import Site
from dashboard.text import translator
from dashboard.trends.choice import TrendChoice
from dashboard.trends.frame import wanted
from dashboard.trends.heat import heat
from dashboard.trends.legs import legs
from dashboard.trends.window import compare
from data_sources.sites import load_site
from data_sources.sources import Sources
from data_sources.trends import TrendDesk
from data_sources.trends.near import near_repeats
from layouts.markup import markup
from layouts.trends import page
from layouts.trends.address import INCIDENTS, Address
from layouts.trends.here import Here, Picture

A_YEAR, YEARS = 30_000, 3
GOAL_MS = 500
MEMORY_GOAL_MB = 300
TIMES = 5
CHOICES: dict[str, dict[str, str]] = {
    "91d": {}, "365d": {}, "365d theft": {"category": "theft"},
}  # fmt: skip
SAME = ("heat", "legs")  # as the reference does
LONG = "near"  # works on while others are asked
Draw = Callable[[Any, Here], Awaitable[Picture]]


def measure(folder: Path, a_year: int = A_YEAR, years: int = YEARS) -> list[Row]:
    site = load_site("goyang")
    tables, book = incidents_of(site, a_year, years)
    say(f"trends: {len(tables.incidents):,} incidents of {years} years")
    return asyncio.run(_ask(site, tables, book))


async def _ask(site: Site, tables: Any, book: Any) -> list[Row]:
    Path("/proc/self/clear_refs").write_text("5")  # the most there was is counted from here
    before_mb = resident_mb("VmRSS")
    desk = _desk(site, tables)
    sources = cast(Sources, SimpleNamespace(
        trends=desk, site=site, now_ms=lambda: NOW_MS, incidents=book, log_records=_on_record,
    ))  # fmt: skip
    of_incidents = [place.name for place in page.PLACES if place.view == INCIDENTS]
    pictures = {name: DRAWN[name] for name in of_incidents if name in DRAWN}
    cold, warm = {}, {}
    for period in CHOICES:
        here = _here(site, desk, period)
        for name, draw in pictures.items():
            await draw(sources, here)  # modules loaded, shapes prepared: once in a process
            cold[f"{name}, {period}"] = [await _time(desk, sources, draw, here) for _ in "twice"]
            warm[f"{name}, {period}"] = [
                await _time(desk, sources, draw, here, False) for _ in range(TIMES)
            ]
    beside = []
    if LONG in pictures:
        beside = [_row_beside(await _beside(desk, sources, pictures, _here(site, desk, "91d")))]
    memory_mb = resident_mb("VmHWM") - before_mb  # before the reference takes its own
    year = _here(site, desk, "365d").choice
    ours = median([await asyncio.to_thread(_by_us, desk, year) for _ in range(TIMES)])
    reference = median([by_pandas(tables.incidents.rows) for _ in range(TIMES)])
    return _rows(cold, warm, (ours, reference), memory_mb) + beside


async def _on_record(*_: Any) -> None:
    """What Redis takes for it is not counted."""


def _desk(site: Site, tables: Any) -> TrendDesk:
    """The desk of a web process, over a store that has loaded."""
    book = SimpleNamespace(tables=tables, look=lambda: (tables.snapshot(), ()))
    loaded = asyncio.Event()
    loaded.set()
    store = SimpleNamespace(
        loaded=loaded, book=book, edition=1, progress=1.0, frontier_ms=NOW_MS
    )  # fmt: skip
    return TrendDesk(cast(Any, store), site, lambda: NOW_MS, cast(Any, SimpleNamespace(foot=None)))


def _here(site: Site, desk: TrendDesk, name: str) -> Here:
    period = period_of({"period": name.split()[0]}, NOW_MS)
    choice = TrendChoice(period, CHOICES[name])
    who = Principal("duty", Role.DUTY)
    return Here(translator("ko"), who, site, Address(choice), NOW_MS, desk.known())


def _by_us(desk: TrendDesk, choice: TrendChoice) -> float:
    """Milliseconds for what the reference does; and the tests against the weeks before, the
    intervals of the medians and the legs still open, which it leaves out."""
    m = desk._material()
    began = time.perf_counter()
    heat(compare(m.incidents, choice, m.now_ms, m.known_from_ms))
    legs(wanted(m.incidents, choice), choice.period, m.now_ms)
    return 1000 * (time.perf_counter() - began)


async def _time(
    desk: TrendDesk, sources: Sources, draw: Draw, here: Here, cold: bool = True
) -> float:
    """Milliseconds until it could be sent."""
    _stop_jobs(desk)
    desk._answers.clear()
    if cold:
        desk._framed = None
    began = time.perf_counter()
    picture = await draw(sources, here)
    markup([picture.above, picture.below])
    json.dumps([picture.data, picture.chart and picture.chart[0].figure])
    return 1000 * (time.perf_counter() - began)


def _stop_jobs(desk: TrendDesk) -> None:
    """What an earlier question began, and what it found."""
    for name in list(desk.jobs._jobs):
        desk.jobs.cancel(name)
    desk.jobs._jobs.clear()


async def _beside(
    desk: TrendDesk, sources: Sources, pictures: dict[str, Draw], here: Here
) -> dict[str, float]:
    """While the shuffles of the near-repeat table run: how long other pictures take, and how
    late the loop that answers everybody is."""
    _stop_jobs(desk)
    late: list[float] = []
    others: list[float] = []
    job = await near_repeats(desk, here.choice)
    began = time.perf_counter()
    while job.at_work:
        for draw in (draw for name, draw in pictures.items() if name != LONG):
            others.append(await _other(desk, sources, draw, here, late))
    return {
        "other_ms": max(others), "other_median_ms": median(others), "late_ms": max(late),
        "job_ms": 1000 * (time.perf_counter() - began), "answers": len(others),
    }  # fmt: skip


async def _other(
    desk: TrendDesk, sources: Sources, draw: Draw, here: Here, late: list[float]
) -> float:
    desk._answers.clear()
    ticking = asyncio.create_task(_tick(late))
    began = time.perf_counter()
    await draw(sources, here)
    took = 1000 * (time.perf_counter() - began)
    ticking.cancel()
    return took


async def _tick(late: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(1000 * (time.perf_counter() - began) - 5)


# -- what is told ----------------------------------------------------------------------------


def resident_mb(name: str) -> float:
    """VmRSS: of now; VmHWM: the most there was."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def _rows(
    cold: dict[str, list[float]],
    warm: dict[str, list[float]],
    same: tuple[float, float],
    memory_mb: float,
) -> list[Row]:
    ours_ms, pandas_ms = same
    cold_ms = {name: median(times) for name, times in cold.items()}
    warm_ms = {name: median(times) for name, times in warm.items()}
    slowest, slowest_warm = max(cold_ms, key=cold_ms.__getitem__), max(warm_ms, key=warm_ms.get)
    say("trends: cold ms: " + ", ".join(f"{k} {number(v)}" for k, v in cold_ms.items()))
    say("trends: warm ms: " + ", ".join(f"{k} {number(v)}" for k, v in warm_ms.items()))
    worst = max(map(max, cold.values()))
    return [
        Row(
            f"Picture of trends, server time: slowest of {len(cold)}, 90,000 incidents",
            f"≤ {GOAL_MS} ms",
            f"{number(cold_ms[slowest])} ms ({slowest}), at worst {number(worst)} ms; after the "
            f"first, {number(warm_ms[slowest_warm])} ms ({slowest_warm})",
            f"hours and legs of a year: {number(ours_ms)} ms, by pandas {number(pandas_ms)} ms",
            pandas_ms / ours_ms,
            cold_ms[slowest] <= GOAL_MS,
            {"cold_ms": cold_ms, "warm_ms": warm_ms, "same_as_pandas_ms": ours_ms,
             "pandas_ms": pandas_ms},
        ),
        Row(
            "Memory of a web process for the pictures of 90,000 incidents",
            f"≤ {MEMORY_GOAL_MB} MB",
            f"{number(memory_mb)} MB at the most",
            "",
            None,
            memory_mb <= MEMORY_GOAL_MB,
            {"memory_mb": memory_mb},
        ),
    ]  # fmt: skip


def _row_beside(beside: dict[str, float]) -> Row:
    late_ms = max(0.0, beside["late_ms"])
    return Row(
        "The other pictures while the shuffles of near repeats run",
        f"≤ {GOAL_MS} ms",
        f"{number(beside['other_median_ms'])} ms, at worst {number(beside['other_ms'])} ms; the "
        f"server answers others {number(late_ms)} ms late at worst; the shuffles take "
        f"{number(beside['job_ms'] / 1000)} s",
        reached=beside["other_ms"] <= GOAL_MS,
        figures=beside,
    )


if __name__ == "__main__":
    alone(measure)
