"""What a commit writes, as the flat list commit.lua understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from dashboard.deltas import Delta, FeedState
from dashboard.records import ActionOutcome, AlertView, DeviceView, IncidentView, TrafficView
from dashboard.stream.messages import Rejection
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import KST_MS, Place, day_of
from data_sources import keys

encode = msgspec.msgpack.Encoder().encode
_RECORD_PARTS = (
    ("registry", "registrations", "registrations"),
    ("devices", "devices", "devices"),
    ("alerts", "alerts", "alerts"),
    ("incidents", "incidents", "incidents"),
    ("traffic", "traffic", "traffic"),
)  # hash, set in Changes, dict in Picture
_KEPT_REJECTED_BYTES = 1024 * 1024  # of a message that was too large anyway
T = TypeVar("T")


class Ops:
    def __init__(self) -> None:
        self.keys: list[str] = []
        self.args: list[Any] = []
        self.cells: list[tuple[Place, bytes]] = []

    def put(self, key: str, fields: Iterable[tuple[Any, Any]]) -> None:
        flat = [item for pair in fields for item in pair]
        if flat:
            self._op("H", key, len(flat) // 2, flat)

    def delete(self, key: str, fields: list[str]) -> None:
        if fields:
            self._op("D", key, len(fields), fields)

    def append(self, key: str, fields: list[tuple[str, bytes]]) -> None:
        self._op("A", key, len(fields), [item for pair in fields for item in pair])

    def add(self, key: str, fields: Mapping[str, Any]) -> None:
        self._op("X", key, len(fields), [item for pair in fields.items() for item in pair])

    def send_again(self, key: str, entry_id: str) -> None:
        self._op("M", key, 1, [entry_id])

    def expire(self, key: str, at_ms: int) -> None:
        self._op("E", key, 1, [at_ms // 1000])

    def trim(self, key: str, before_id: str, counter: str) -> None:
        self._op("T", key, 2, [before_id, counter])

    def _op(self, name: str, key: str, n: int, items: list[Any]) -> None:
        self.keys.append(key)
        self.args += (name, key, n)
        self.args += items


def ops_of(partition: int, picture: Picture, feed: FeedState | None, now_ms: int) -> Ops:
    """Everything a batch changed: state, rollups, history, rejected, and the live delta."""
    ops = Ops()
    changes = picture.changes
    for part, names, records in _RECORD_PARTS:
        kept = getattr(picture, records)
        ops.put(
            keys.state(partition, part),
            ((name, encode(kept[name])) for name in getattr(changes, names) if name in kept),
        )
    ops.delete(keys.state(partition, "traffic"), sorted(changes.gone_traffic))
    _put_waiting(ops, partition, picture)
    _put_orders(ops, partition, picture)
    _put_figures(ops, partition, picture)
    _put_rollups(ops, partition, picture, now_ms)
    _put_history(ops, partition, picture)
    for one in changes.rejected:
        ops.add(keys.rejected(partition), _rejected(partition, one, now_ms))
    _put_clock(ops, partition, picture, feed)
    delta = delta_of(partition, picture, feed, now_ms)
    if delta is not None:
        ops.add(keys.live(partition), {"d": encode(delta)})
    return ops


def delta_of(partition: int, picture: Picture, feed: FeedState | None, now_ms: int) -> Delta | None:
    """What others are told; None when nothing they could see has changed."""
    c, p = picture.changes, picture
    delta = Delta(
        partition, now_ms, p.clock.watermark_ms,
        [p.registrations[name] for name in c.registrations],
        [_view(DeviceView, p.devices[name]) for name in c.seen],
        [_view(AlertView, p.alerts[name]) for name in c.alerts],
        [_view(IncidentView, p.incidents[name]) for name in c.incidents],
        [_view(TrafficView, p.traffic[name]) for name in c.traffic if name in p.traffic],
        list(c.outcomes), list(c.canaries), feed,
        orders=[p.workshop.shelf.orders[name] for name in p.workshop.shelf.dirty],
        days=_changed_days(picture),
    )  # fmt: skip
    told = (delta.registrations, delta.devices, delta.alerts, delta.incidents, delta.traffic,
            delta.outcomes, delta.canaries, delta.orders, delta.days, feed)  # fmt: skip
    return delta if any(told) else None


def _changed_days(picture: Picture) -> list[int]:
    """Days that are over and whose sums have changed all the same."""
    today = day_of(picture.clock.watermark_ms)
    return sorted({n for kind, n, _ in picture.rollups.dirty if kind == "d" and n < today})


def _view(view: type[T], record: Any) -> T:
    """The part of a record that others may see."""
    return view(*[getattr(record, name) for name in view.__struct_fields__])  # type: ignore[attr-defined]


def _put_waiting(ops: Ops, partition: int, picture: Picture) -> None:
    key, names = keys.state(partition, "waiting"), picture.changes.waiting
    ops.put(key, ((n, encode(picture.waiting[n])) for n in names if n in picture.waiting))
    ops.delete(key, [n for n in names if n not in picture.waiting])


def _put_orders(ops: Ops, partition: int, picture: Picture) -> None:
    """Every order is kept; those the picture works with are named apart, for loading."""
    workshop, shelf = picture.workshop, picture.workshop.shelf
    ops.put(keys.state(partition, "orders"), ((n, encode(shelf.orders[n])) for n in shelf.dirty))
    ops.put(keys.state(partition, "orders_now"), ((n, b"") for n in shelf.dirty))
    ops.delete(keys.state(partition, "orders_now"), sorted(shelf.let_go))
    cards, names = workshop.cards, workshop.dirty
    key = keys.state(partition, "cards")
    ops.put(key, ((n, encode(cards[n])) for n in names if n in cards))
    ops.delete(key, [n for n in names if n not in cards])


def _put_figures(ops: Ops, partition: int, picture: Picture) -> None:
    rollups, ledger = picture.rollups, picture.ledger
    ops.put(
        keys.state(partition, "groups"),
        ((str(n), encode(tuple(rollups.groups[n]))) for n in rollups.new_groups),
    )
    ops.put(
        keys.state(partition, "groups_now"),
        ((str(n), encode(ledger.now_counts[n])) for n in ledger.dirty_counts),
    )


def _put_rollups(ops: Ops, partition: int, picture: Picture, now_ms: int) -> None:
    """Cells of hours that are no longer kept are known in part only, and not written."""
    by_period: dict[tuple[str, int], list[tuple[str, bytes]]] = {}
    for place in picture.rollups.dirty:
        kind, n, zone = place
        if keys.rollup_ends_ms(kind, n) > now_ms:
            raw = encode(picture.rollups.cell(place))
            by_period.setdefault((kind, n), []).append((zone, raw))
            ops.cells.append((place, raw))
    for (kind, n), fields in by_period.items():
        key = keys.rollup(partition, kind, n)
        ops.put(key, fields)
        ops.expire(key, keys.rollup_ends_ms(kind, n))


def _put_history(ops: Ops, partition: int, picture: Picture) -> None:
    """A transition is nine bytes: since (epoch ms, signed, big-endian) and the status."""
    by_month: dict[int, list[tuple[str, bytes]]] = {}
    for device_id, since_ms, status in picture.changes.history:
        packed = since_ms.to_bytes(8, "big", signed=True) + bytes((status,))
        by_month.setdefault(_month_of(since_ms), []).append((device_id, packed))
    for month, fields in by_month.items():
        ops.append(keys.history(partition, month), fields)


def _month_of(at_ms: int) -> int:
    """yyyymm of the KST calendar; times before 1970 are put into its first month."""
    days = max(0, (at_ms + KST_MS) // 86_400_000)
    shifted = days + 719_468  # civil-from-days (H. Hinnant): days since 0000-03-01
    era, day = divmod(shifted, 146_097)
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    month = (5 * (day - (365 * year + year // 4 - year // 100)) + 2) // 153
    month = month + 3 if month < 10 else month - 9
    return (year + era * 400 + (month <= 2)) * 100 + month


def _rejected(
    partition: int, one: tuple[str, bytes, Rejection, bytes], now_ms: int
) -> dict[str, Any]:
    stream, entry_id, why, raw = one
    return {
        "stream": keys.stream(partition, stream), "id": entry_id, "reason": why.reason,
        "detail": why.detail, "at": str(now_ms), "d": raw[:_KEPT_REJECTED_BYTES],
    }  # fmt: skip


def _put_clock(ops: Ops, partition: int, picture: Picture, feed: FeedState | None) -> None:
    clock = picture.clock
    fields: list[tuple[str, Any]] = [
        ("clock", encode(clock)),
        ("watermark", str(clock.watermark_ms)),
        ("frontier", str(clock.frontier_ms)),
    ]
    if feed is not None:
        fields.append(("feed", encode(feed)))
    ops.put(keys.state(partition, "meta"), fields)
    if picture.changes.counted:
        ops.put(
            keys.state(partition, "counters"),
            ((name, encode(count)) for name, count in picture.counts.items()),
        )


def outcome_of_resend(action_id: str, entry_id: str, found: bool) -> ActionOutcome:
    return ActionOutcome(action_id, found, entry_id, "" if found else "not_found")
