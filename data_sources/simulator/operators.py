"""How simulated operators deal with an alert: when they take it, when and how they close it.

A plan depends on the alert's id alone, so the past and the present are treated alike and
incidents know which presses were real.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

import msgspec

from data_sources.simulator.city import WORDS
from data_sources.simulator.entry import SECOND, Entry, stamp
from data_sources.simulator.stories import Story

PRIORITY = {"bell": 1, "sos_app": 1, "scream": 1, "fire": 1, "crowding": 3, "abandonment": 3,
            "gateway_down": 3}  # fmt: skip
_TAKE_MEDIAN_S = {1: 40, 2: 95, 3: 240, 4: 600}
_VERDICTS = {
    "bell": {"real": 57, "mistaken": 26, "malfunction": 11, "unknown": 6},
    "sos_app": {"real": 62, "mistaken": 30, "unknown": 8},
    "scream": {"real": 14, "mistaken": 46, "malfunction": 30, "unknown": 10},
    "gateway_down": {"malfunction": 90, "unknown": 10},
}
_AI_VERDICTS = {"real": 38, "mistaken": 44, "malfunction": 8, "unknown": 10}
ROLE = "simulator"


class Plan(NamedTuple):
    actor: str
    take_after_ms: int
    close_after_ms: int  # after taking
    verdict: str
    note: str


def plan_for(alert_id: str, type_: str, cap_status: str = "Actual") -> Plan:
    rng = Random(f"plan:{alert_id}")
    take_s = _TAKE_MEDIAN_S[PRIORITY.get(type_, 2)] * rng.lognormvariate(0.0, 0.55)
    close_s = 240 * rng.lognormvariate(0.0, 0.7)
    weights = _VERDICTS.get(type_, _AI_VERDICTS)
    verdict = rng.choices(list(weights), list(weights.values()))[0]
    if cap_status != "Actual":
        verdict, close_s = "test", 45
    notes = WORDS["notes"]
    note = notes["patrol" if verdict == "real" else "false"] if rng.random() < 0.4 else ""
    actor = f"sim-{rng.randrange(1, 5)}"
    return Plan(actor, max(6, int(take_s)) * SECOND, max(30, int(close_s)) * SECOND, verdict, note)


def action(alert_id: str, what: str, at_ms: int, plan: Plan, version: int = 0) -> str:
    """version 0: whatever it is by now."""
    body: dict[str, Any] = {
        "v": 1,
        "action_id": str(uuid5(NAMESPACE_OID, f"{alert_id}:{what}:{at_ms}")),
        "ts": stamp(at_ms),
        "actor": plan.actor,
        "role": ROLE,
        "action": what,
        "alert_id": alert_id,
        "version": version,
    }
    if what == "close":
        body["verdict"] = plan.verdict
    if what == "close" and plan.note:
        body["note"] = plan.note
    return msgspec.json.encode(body).decode()


def past_actions(tell: Callable[[int], list[Story]]) -> Callable[[int], list[Entry]]:
    """What operators did about a day's alerts, for a history."""

    def write(day: int) -> list[Entry]:
        entries: list[Entry] = []
        for story in tell(day):
            entries += _about(story)
        return entries

    return write


def _about(story: Story) -> list[Entry]:
    plan = plan_for(story.alert_id, story.type, story.cap_status)
    taken_ms = story.at_ms + plan.take_after_ms
    closed_ms = taken_ms + plan.close_after_ms
    entries = [_entry(story, "acknowledge", taken_ms, plan)]
    # What the field cleared by then is closed already: by the clear, or by taking it.
    if story.cleared_ms is None or story.cleared_ms > closed_ms:
        entries.append(_entry(story, "close", closed_ms, plan))
    return entries


def _entry(story: Story, what: str, at_ms: int, plan: Plan) -> Entry:
    return Entry(at_ms, story.p, "actions", action(story.alert_id, what, at_ms, plan))
