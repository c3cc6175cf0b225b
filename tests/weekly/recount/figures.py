"""Every row's figure once more, of any period, from frames of raw messages.

Written from the definitions people read (weekly.<key>_what, kpis.<key>_what), not from the code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from tests.kpis.recount import kpis_of_devices, kpis_of_people, kpis_of_traffic
from tests.kpis.recount.answers import Answer, Cut, Known
from tests.kpis.recount.spans import DAY_MS, HOUR_MS, at_night, within

KINDS = ("bell", "cctv", "light", "logo", "sign", "counter", "env", "gateway")
AI = ("scream", "fight", "fall", "intrusion", "loitering", "abandonment", "crowding", "fire")
TYPES = {
    "incidents": None,
    "incidents_sexual": ["sexual", "stalking"],
    "incidents_violence": ["violence"],
    "incidents_property": ["theft", "property_damage"],
    "incidents_disorder": ["disorder", "suspicious"],
    "incidents_other": ["missing", "traffic", "other"],
}
SHOWN = {
    "bell_presses": ("real", "false", "unjudged"), "ai_events": ("raised", "false"),
    "acknowledged": ("p90",), "arrived": ("p90",), "sla": ("met", "missed", "overdue"),
    "backlog": ("band_31",),
}  # fmt: skip


def _alerts(cut: Cut, types: tuple[str, ...], counted: str) -> Answer:
    """Verdicts as they were known six hours after the end."""
    rows = kpis_of_people.actual(cut)
    rows = rows[rows["type"].isin(types)]
    known = (rows["closed"] >= 0) & (rows["closed"] < cut.to_ms + 6 * HOUR_MS)
    verdicts = rows["verdict"].where(known, "")
    real = int((verdicts == "real").sum())
    false = int(verdicts.isin(["mistaken", "malfunction"]).sum())
    n = {"raised": len(rows), "real": real}[counted]
    heard = cut.coverage("bell", "cctv")
    if heard is None and not n:
        return Answer(None)
    parts = {"raised": len(rows), "real": real, "false": false,
             "unjudged": len(rows) - real - false}  # fmt: skip
    return Answer(float(n), n, coverage=heard, parts=parts)


def _incidents(cut: Cut, categories: list[str] | None) -> Answer:
    rows = cut.rows("incidents", "reported")
    n = len(rows if categories is None else rows[rows["category"].isin(categories)])
    spoke = kpis_of_traffic.feed_uptime(cut).value if cut.ms else None
    return Answer(float(n), n, coverage=spoke)


def _lit(cut: Cut) -> Answer:
    """Lights: time lit / time in which they must be lit, as far as it is known how they were."""
    lights = at_night(cut.spans[cut.spans["kind"] == "light"])
    off = at_night(within(cut.known.off, cut.from_ms, cut.end_ms))
    of = {status: lights[lights["status"] == status] for status in range(5)}
    time = {status: int(rows["ms"].sum()) for status, rows in of.items()}
    scheduled = sum(time.values()) - time[1]
    heard = (time[0] + time[4]) / scheduled if scheduled else None
    if not time[0] + time[3] + time[4]:
        return Answer(None, coverage=heard)
    lit, bad = pd.concat([of[0], off.assign(ms=-off["ms"])]), pd.concat([of[3], of[4], off])
    nights_ms = cut.ms * scheduled / cut.time(0, 2, 3, 4, kinds=("light",))
    failed = int((cut.rows("failures", "at")["kind"] == "light").sum()) * nights_ms / cut.ms
    return kpis_of_devices.share_of_time(lit, bad, nights_ms, failed, heard, {})


def _passers_at_night(cut: Cut) -> Answer:
    """A night, as if every counter had counted all the time."""
    rows = cut.rows("counts", "at")
    seen = int(rows["ms"].sum())
    planned = max(seen, cut.time(0, 2, 3, 4, kinds=("counter",)))
    if not seen:
        return Answer(None)
    share, people = seen / planned, float(rows["night"].sum())
    return Answer(people / share / (cut.ms / DAY_MS), round(people), coverage=share)


def with_nights(known: Known) -> Known:
    """counts: also how many of the people passed in the dark."""
    counts = known.counts.reset_index(drop=True)
    spans = pd.DataFrame({"from": counts["at"], "to": counts["at"] + counts["ms"]})
    dark = at_night(spans.reset_index()).groupby("index")["ms"].sum() if len(counts) else 0
    counts["night"] = counts["people"] * counts.index.map(dark).fillna(0) // counts["ms"]
    return Known(known.frames | {"counts": counts}, known.pauses, known.first_ms, known.end_ms)


FIGURES: dict[str, Callable[[Cut], Answer]] = {
    "bell_presses": partial(_alerts, types=("bell",), counted="raised"),
    "ai_events": partial(_alerts, types=AI, counted="real"),
    **{key: partial(_incidents, categories=of) for key, of in TYPES.items()},
    "acknowledged": kpis_of_people.mtta,
    "arrived": kpis_of_people.leg_arrived,
    "availability": kpis_of_devices.availability,
    "availability_night": _lit,
    **{f"availability_{kind}": kpis_of_devices.availability for kind in KINDS},
    "sla": kpis_of_devices.sla,
    "backlog": kpis_of_devices.backlog,
    "traffic_night": _passers_at_night,
    "traffic": kpis_of_traffic.traffic,
}
UNITS = {"acknowledged": "ms", "arrived": "ms", "sla": "share", "traffic": "per_day",
         "traffic_night": "per_day"}  # fmt: skip


def unit_of(key: str) -> str:
    return "share" if key.startswith("availability") else UNITS.get(key, "count")


def interval(answer: Answer) -> tuple[float, float] | None:
    if answer.low is None or answer.high is None:
        return None
    return answer.low, answer.high
