"""Tables of a week for the tests of what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from dashboard.kpis.figure import LOW_COVERAGE, NO_DATA
from dashboard.records import Kind
from dashboard.weekly.measures import BY_KEY, MEASURES
from dashboard.weekly.sentences import sentences
from dashboard.weekly.summary import Gap, RouteNeed, Row, Said, Told, Unit, Usual, rounded
from dashboard.weekly.usual import NO_HISTORY, RUNNING
from tests.weekly.summaries import VALUES, a_row

ROUTE = "R-07"


def side_of(key: str, z: float) -> str:
    better = BY_KEY[key].better
    if not better:
        return "more" if z > 0 else "less"
    return "better" if (z > 0) == (better == "high") else "worse"


def usual(key: str, low: float, high: float, z: float) -> Usual:
    mark: Any = "" if abs(z) < 2 else "out" if abs(z) < 3 else "far"
    side: Any = side_of(key, z) if mark else ""
    return Usual(8, (low + high) / 2, low, high, z, mark, side)


def judged(key: str, value: float, low: float, high: float, z: float, **told: Any) -> Row:
    return a_row(key, week=Told(value, 40, **told), usual=usual(key, low, high, z))


def table(*special: Row, **fields: Any) -> tuple[Row, ...]:
    """fields: of every row that is not given."""
    by_key = {row.key: row for row in special}
    return tuple(by_key.get(one.key) or a_row(one.key, **fields) for one in MEASURES)


def out(key: str, z: float) -> Row:
    """As far out of the usual as z says."""
    value = VALUES[BY_KEY[key].unit]
    low, high = (0.5 * value, 0.9 * value) if z > 0 else (1.01 * value, 1.02 * value)
    return judged(key, value, low, high, z)


def unknown(why: str) -> tuple[Row, ...]:
    return table(usual=Usual(why=why))


def a_need(**fields: Any) -> RouteNeed:
    given: dict[str, Any] = {
        "route": ROUTE, "level": "weak", "faults": 2, "by_kind": {"light": 2},
        "longest_ms": 5 * 86_400_000, "dark_ms": 400_000_000, "dark_share": 0.081,
        "people": 1140, "alerts": None, "reasons": (),
    }  # fmt: skip
    return RouteNeed(**(given | fields))


def bad(key: str, z: float = 2.5) -> Row:
    """Out of the usual, on the wrong side."""
    return out(key, -z if BY_KEY[key].better == "high" else z)


def say(
    rows: Sequence[Row],
    routes: Sequence[RouteNeed] = (),
    gaps: Sequence[Gap] = (),
    coverage: float | None = 0.98,
    running: bool = False,
) -> tuple[Said, Said, Said]:
    return sentences(rows, routes, gaps, coverage, running)


def parts(said: Said) -> list[str]:
    return said.key.split("+")


# -- anything at all -------------------------------------------------------------------------------

WHYS = st.sampled_from((NO_HISTORY, RUNNING, LOW_COVERAGE, NO_DATA))
MOST: dict[Unit, float] = {"count": 20_000, "ms": 4e8, "share": 1, "per_day": 2e6}


def numbers(unit: Unit) -> st.SearchStrategy[float]:
    """Of what is told; nothing, one and all more often than by chance."""
    some = st.floats(0, MOST[unit]).map(lambda x: rounded(x, unit) or 0.0)
    return st.one_of(st.sampled_from((0.0, 1.0, min(2.0, MOST[unit]))), some)


@st.composite
def any_usual(draw: st.DrawFn, key: str) -> Usual:
    if draw(st.booleans()):
        return Usual(why=NO_HISTORY)
    unit = BY_KEY[key].unit
    low, high = sorted((draw(numbers(unit)), draw(numbers(unit))))
    z = draw(st.floats(-99, 99))
    told = usual(key, low, high, z)
    if draw(st.booleans()):
        return told
    return Usual(8, told.middle, low, high, why=draw(WHYS))


@st.composite
def any_row(draw: st.DrawFn, key: str) -> Row:
    value = draw(st.one_of(st.none(), numbers(BY_KEY[key].unit)))
    names = BY_KEY[key].shown
    parts = {name: draw(numbers("count")) for name in names if draw(st.booleans())}
    since = draw(st.sampled_from(("", "2026-11-18")))
    why = NO_DATA if value is None else ""
    told = Told(value, draw(st.integers(0, 99)), parts=parts, since=since, why=why)
    found = draw(any_usual(key)) if value is not None else Usual(why=NO_DATA)
    return a_row(key, week=told, usual=found)


def any_rows() -> st.SearchStrategy[tuple[Row, ...]]:
    return st.tuples(*(any_row(one.key) for one in MEASURES))


@st.composite
def any_need(draw: st.DrawFn) -> RouteNeed:
    kinds = st.dictionaries(st.sampled_from([k.value for k in Kind]), st.integers(1, 3), max_size=3)
    by_kind = draw(kinds)
    return a_need(
        route=draw(st.sampled_from(("R-01", "R-07", "R-29"))),
        faults=sum(by_kind.values()),
        by_kind=by_kind,
        longest_ms=draw(st.integers(0, 10**11)) if by_kind else 0,
        dark_share=draw(st.one_of(st.none(), numbers("share"))),
        people=draw(st.one_of(st.none(), st.integers(0, 10**6))),
        alerts=draw(st.one_of(st.none(), st.integers(0, 99))),
    )


def any_gap() -> st.SearchStrategy[Gap]:
    what: Any = st.sampled_from(("feed", "devices"))
    return st.builds(Gap, what, st.just("2026-11-18"), st.just("light"), st.floats(0, 1),
                     st.integers(0, 86_400_000))  # fmt: skip
