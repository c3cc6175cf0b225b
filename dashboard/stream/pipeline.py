"""The path of a message inside the worker, in order. Pure: time and entries are arguments.

    parse (messages) -> take (intake, desk) -> let time pass (vitals, ledger) -> Changes

Nine of ten messages are beats of known devices; beats.take_beat has the same effect on them,
faster. The edge reads a batch, calls `advance`, stores `picture.changes` in one commit, then calls
`done`. Alerts and actions are taken first: they overtake any backlog of the other streams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from dashboard.stream import beats, desk, health, intake
from dashboard.stream.health import Entry
from dashboard.stream.kinds import IncidentMessage, StatusMessage
from dashboard.stream.messages import MAX_AHEAD_MS, Rejection, parse
from dashboard.stream.picture import Picture, frontier_of
from dashboard.stream.rollups import DAY_MS
from dashboard.stream.times import epoch_ms, time_ms
from dashboard.stream.vitals import NEVER

OVERTAKING = ("alerts", "actions")
FURTHEST_BACK_MS = 800 * DAY_MS  # feed time never starts longer ago than this
_TAKE: dict[str, Callable[[Picture, Any, bytes, int], intake.Answer]] = {
    "registry": intake.take_registry,
    "status": intake.take_status,
    "alerts": desk.take_alert,
    "traffic": intake.take_traffic,
    "incidents": intake.take_incident,
    "actions": desk.take_action,
}


def _status_times(m: StatusMessage) -> tuple[int, int]:
    at_ms = time_ms(m.ts) or 0
    return at_ms, at_ms if m.until is None else time_ms(m.until) or 0


def _incident_times(m: IncidentMessage) -> tuple[int, int]:
    named = (m.occurred_from, m.occurred_to, m.dispatched_at, m.arrived_at, m.closed_at)
    latest = max((at for at in named if at is not None), default=m.reported_at)
    return epoch_ms(m.reported_at), epoch_ms(max(m.reported_at, latest))


def _at(moment: datetime) -> tuple[int, int]:
    at_ms = epoch_ms(moment)
    return at_ms, at_ms


# the moment a message speaks of, and the latest moment it names
_EVENT_TIME: dict[str, Callable[[Any], tuple[int, int]]] = {
    "registry": lambda m: _at(m.ts),
    "status": _status_times,
    "alerts": lambda m: _at(m.ts),
    "traffic": lambda m: (time_ms(m.from_) or 0, time_ms(m.to) or 0),
    "incidents": _incident_times,
    "actions": lambda m: _at(m.ts),
}
_MOVES_TIME = ("registry", "status", "traffic")


def advance(p: Picture, entries: Sequence[Entry], now_ms: int, drained: bool) -> None:
    """Take a batch in.

    entries: alerts and actions first, then the others in order of arrival (entry id).
    drained: nothing is left in the other streams, so alerts may move the watermark too.
    """
    clock = p.clock
    clock.watermark_ms = max(clock.watermark_ms, now_ms - FURTHEST_BACK_MS)
    for piece in health.pieces(entries, OVERTAKING):
        before = health.taken(p)
        for stream, entry_id, raw in piece:
            if stream != "status" or not beats.take_beat(p, entry_id, raw, now_ms):
                _take_one(p, stream, entry_id, raw, now_ms)
        health.note(p, piece, before)
    if drained and clock.ahead_ms > clock.watermark_ms:
        _let_pass(p, min(clock.ahead_ms, now_ms))
    desk.end_services(p)
    _settle(p)
    desk.raise_gateway_alerts(p, now_ms)
    intake.prune_traffic(p)


def done(p: Picture) -> None:
    """The commit succeeded: start collecting anew."""
    p.changes = type(p.changes)()
    p.ledger.dirty_counts.clear()
    p.workshop.done()
    p.rollups.put_away(p.ledger.frontier_ms - DAY_MS)


def _take_one(p: Picture, stream: str, entry_id: bytes, raw: bytes | None, now_ms: int) -> None:
    arrived_ms = int(entry_id[: entry_id.index(b"-")])
    p.changes.counted = True
    p.counts[stream].last_arrival_ms = arrived_ms
    answer = _answer(p, stream, raw, arrived_ms, now_ms)
    if isinstance(answer, Rejection):
        _reject(p, (stream, entry_id, raw), answer)
    elif answer == intake.ACCEPTED:
        p.counts[stream].accepted += 1
    else:
        p.counts[stream].duplicate += 1


def reject(p: Picture, entry: Entry, why: Rejection) -> None:
    """An entry that was not taken in by advance, because it cannot be."""
    before = health.taken(p)
    _reject(p, entry, why)
    health.note_rejected(p, entry, before)


def _reject(p: Picture, entry: Entry, why: Rejection) -> None:
    stream, entry_id, raw = entry
    reasons = p.counts[stream].rejected
    reasons[why.reason] = reasons.get(why.reason, 0) + 1
    p.changes.counted = True
    p.changes.rejected.append((stream, entry_id, why, raw or b""))


def _answer(
    p: Picture, stream: str, raw: bytes | None, arrived_ms: int, now_ms: int
) -> intake.Answer:
    parsed = parse(stream, raw)
    if isinstance(parsed, Rejection):
        return parsed
    message = parsed.message
    at_ms, latest_ms = _EVENT_TIME[stream](message)
    if latest_ms > now_ms + MAX_AHEAD_MS:
        return Rejection("in_future", "more than 5 minutes ahead")
    if parsed.unknown_fields:
        _count_unknown_fields(p, stream, message)
    _notice_time(p, stream, at_ms, arrived_ms, now_ms)
    return _TAKE[stream](p, message, raw or b"", arrived_ms)


def _notice_time(p: Picture, stream: str, at_ms: int, arrived_ms: int, now_ms: int) -> None:
    count = p.counts[stream]
    if count.last_event_ms is None or at_ms > count.last_event_ms:
        count.last_event_ms = at_ms
    if stream == "status":
        _notice_silence(p, at_ms, arrived_ms)
    if stream in _MOVES_TIME:
        if at_ms > p.clock.watermark_ms:
            _let_pass(p, min(at_ms, now_ms))
    elif stream == "alerts" and at_ms > p.clock.ahead_ms:
        p.clock.ahead_ms = at_ms


def _count_unknown_fields(p: Picture, stream: str, message: Any) -> None:
    vendor, counted = _vendor_of(p, message), p.counts[stream].unknown_fields
    counted[vendor] = counted.get(vendor, 0) + 1


def _vendor_of(p: Picture, message: Any) -> str:
    device_id = getattr(message, "device_id", None) or getattr(message, "sensor_id", None)
    registration = p.registrations.get(device_id) if device_id else None
    return getattr(message, "vendor", "") or (registration.vendor if registration else "")


def _let_pass(p: Picture, watermark_ms: int) -> None:
    """Never back: the wall clock it is held to may itself be set back."""
    p.clock.watermark_ms = max(p.clock.watermark_ms, watermark_ms)
    p.shown.advance(p.clock.watermark_ms)


def _notice_silence(p: Picture, at_ms: int, arrived_ms: int) -> None:
    """Tell a feed that was cut and came back from devices that fell silent.

    Both must have leapt: the time of arrival and the time messages speak of. A field system
    that catches up in order after a cut leaves no hole in feed time and loses nothing.
    """
    clock = p.clock
    last_ms, clock.arrived_ms = clock.arrived_ms, max(clock.arrived_ms, arrived_ms)
    if last_ms != NEVER and arrived_ms - last_ms > 15_000:
        if arrived_ms - last_ms > p.feed_limit_ms() and clock.silent_from_ms is None:
            clock.silent_from_ms = clock.watermark_ms
    if clock.silent_from_ms is None or at_ms <= clock.silent_from_ms:
        return
    from_ms, clock.silent_from_ms = clock.silent_from_ms, None
    if at_ms - from_ms <= p.feed_limit_ms():
        return
    p.ledger.note_pause(from_ms + 1, at_ms)
    p.shown.resume(at_ms)  # first: whoever was silent meanwhile is not to blame
    clock.shown_resumed_ms = at_ms
    _let_pass(p, max(clock.watermark_ms, at_ms))


def _settle(p: Picture) -> None:
    clock, ledger = p.clock, p.ledger
    ledger.settle(frontier_of(clock.watermark_ms))
    p.workshop.run(ledger.frontier_ms)
    clock.frontier_ms = ledger.frontier_ms
    clock.settled_resumed_ms, clock.settled_stale = ledger.watch.resumed_ms, ledger.watch.stale
    clock.pauses = ledger.pauses


def stale_since(p: Picture, now_ms: int) -> int | None:
    """Arrival of the last status message when the whole feed is silent; None while it speaks."""
    last_ms = p.clock.arrived_ms
    if last_ms == NEVER or not p.registrations:
        return None
    return last_ms if now_ms - last_ms > p.feed_limit_ms() else None
