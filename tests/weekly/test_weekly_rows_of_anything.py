"""Whatever happened in a week: its figures add up, hold ten months later, and wait for its end."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.facts import CATEGORIES, NONE, VERDICTS
from dashboard.stream.rollups import DAY_MS
from dashboard.weekly.measures import TYPES
from tests.kpis.facts_builder import (
    BELL,
    CAMERA,
    LIGHT,
    MINUTE_MS,
    alert,
    facts,
    incident,
    round_,
)
from tests.kpis.facts_builder import TYPES as ALERT_TYPES
from tests.weekly.week_rows import LATER_MS, UP, WEEK, the_rows

Records = list[dict[str, Any]]
moments = st.integers(WEEK.from_ms, WEEK.to_ms - 1)
lasting = st.one_of(st.none(), st.integers(0, 9 * DAY_MS))


@st.composite
def alerts(draw: st.DrawFn) -> dict[str, Any]:
    at = draw(moments)
    acked, closed, cleared = (
        NONE if ms is None else at + ms for ms in draw(st.tuples(*[lasting] * 3))
    )
    verdict = draw(st.sampled_from(VERDICTS)) if closed != NONE else ""
    return alert(at, draw(st.sampled_from([BELL, CAMERA])), draw(st.sampled_from(ALERT_TYPES)),
                 verdict, acked=acked, closed=closed, cleared=cleared,
                 actual=draw(st.booleans()))  # fmt: skip


@st.composite
def incidents(draw: st.DrawFn) -> dict[str, Any]:
    at, legs = draw(moments), sorted(draw(st.lists(st.integers(0, 9 * DAY_MS), max_size=3)))
    names = ("dispatched", "arrived", "closed")
    return incident(at, category=draw(st.sampled_from(CATEGORIES)), actual=draw(st.booleans()),
                    **{name: at + ms for name, ms in zip(names, legs, strict=False)})  # fmt: skip


@st.composite
def rounds(draw: st.DrawFn) -> dict[str, Any]:
    """A repair is proved half an hour after the device was well again."""
    at = draw(st.integers(WEEK.from_ms - 40 * DAY_MS, WEEK.to_ms - 1))
    ends: dict[str, int] = {}
    if (ms := draw(lasting)) is not None:
        ends = {"restored": at + ms, "verified": at + ms + 30 * MINUTE_MS}
    elif (ms := draw(lasting)) is not None:
        ends = {"cancelled": at + ms}
    if (ms := draw(lasting)) is not None:
        ends["repaired"] = at + ms
    due = at + draw(st.integers(1, 9 * DAY_MS))
    group, excluded = draw(st.sampled_from([BELL, LIGHT])), draw(st.booleans())
    return round_(at, group, due=due, excluded=excluded, **ends)


some = {
    "alerts": st.lists(alerts(), max_size=12),
    "incidents": st.lists(incidents(), max_size=12),
    "rounds": st.lists(rounds(), max_size=12),
}
tables = st.fixed_dictionaries(some)
HAPPENS = {
    "alerts": ("acked", "closed", "cleared"),
    "incidents": ("dispatched", "arrived", "closed"),
    "rounds": ("repaired", "restored", "verified", "cancelled"),
}


def as_known_at(at_ms: int, told: dict[str, Records]) -> dict[str, Records]:
    """The same records, without what happened later."""
    found = {}
    for name, records in told.items():
        found[name] = [
            {**row, **{leg: NONE for leg in HAPPENS[name] if row[leg] > at_ms}} for row in records
        ]
    for row in found["alerts"]:
        row["verdict"] = row["verdict"] if row["closed"] != NONE else 0
    for row in found["rounds"]:
        row["restored"] = row["restored"] if row["verified"] != NONE else NONE
    return found


@settings(max_examples=50, deadline=None)
@given(tables, tables)
def test_a_week_that_has_settled_is_the_same_ten_months_later(
    told: dict[str, Records], after: dict[str, Records]
) -> None:
    """Whatever becomes of its alerts, incidents and repairs, and whatever happens then."""
    then = facts(UP, WEEK.period, WEEK.settled_ms, **as_known_at(WEEK.settled_ms, told))
    later = {name: [{**row, **_moved(name, row)} for row in rows] for name, rows in after.items()}
    now = facts(UP, WEEK.period, LATER_MS, **{name: told[name] + later[name] for name in told})
    assert the_rows(now, past=0) == the_rows(then, past=0)


def _moved(name: str, row: dict[str, Any]) -> dict[str, int]:
    """To a time after the week had settled."""
    first = {"alerts": "raised", "incidents": "reported", "rounds": "opened"}[name]
    shift = WEEK.settled_ms - WEEK.from_ms + 41 * DAY_MS
    legs = (first, *HAPPENS[name], *(("due", "down") if name == "rounds" else ()))
    return {leg: row[leg] + shift for leg in legs if row[leg] != NONE}


@settings(max_examples=25, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(told: dict[str, Records], chance: Any) -> None:
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in told.items()}
    one, other = (facts(UP, WEEK.period, LATER_MS, **rows) for rows in (told, shuffled))
    assert the_rows(one, past=0) == the_rows(other, past=0)


@settings(max_examples=50, deadline=None)
@given(tables)
def test_parts_add_up(told: dict[str, Records]) -> None:
    rows = the_rows(facts(UP, WEEK.period, LATER_MS, **told), past=0)
    presses, events = rows["bell_presses"].week, rows["ai_events"].week
    assert sum(presses.parts.values()) == presses.value
    assert (events.value or 0) + events.parts["false"] <= events.parts["raised"]
    for name in ("week", "d28", "year"):
        types = [getattr(rows[key], name).value for key in TYPES]
        assert sum(types) == getattr(rows["incidents"], name).value
    repairs = rows["sla"].week
    assert repairs.parts["met"] + repairs.parts["missed"] == repairs.n


@settings(max_examples=25, deadline=None)
@given(tables, st.integers(WEEK.from_ms + 1, WEEK.to_ms - 1))
def test_a_week_in_progress_is_never_judged(told: dict[str, Records], now_ms: int) -> None:
    week = facts(UP, WEEK.period, now_ms, **as_known_at(now_ms, told))
    for row in the_rows(week, past=5).values():
        assert row.usual.z is None and row.usual.why in ("running", "no_history")
