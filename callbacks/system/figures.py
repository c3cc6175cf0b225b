"""What the System page says, as texts by cell: `fact.<name>` and `<partition>.<stream>.<column>`.

`<cell>.hint` is the small print under it; `mark:<fact or row>` is bad, careful or "" (calm).
Pure: everything it tells comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.city import City
from dashboard.deltas import StreamCount
from dashboard.format import ago, clock, number, span
from dashboard.records import Status
from dashboard.text import Translate
from data_sources.feeds import PartitionFigures, StreamFigures
from data_sources.rejected import RejectedMessage

Cells = dict[str, str]
UNREGISTERED_SHOWN = 100
REASONS = frozenset(
    {"not_json", "too_large", "unknown_version", "missing_field", "bad_type", "bad_value",
     "too_late", "in_future"}
)  # fmt: skip
LAG_SHOWN_MS = 1_000  # below it a stream is simply up to date
LAG_MARKED_MS = 10_000
BAD, CAREFUL = "bad", "careful"


def streams(partitions: Iterable[PartitionFigures], now_ms: int, t: Translate) -> Cells:
    cells: Cells = {}
    for p in partitions:
        for one in p.streams:
            row = f"{p.partition}.{one.name}"
            cells |= {f"{row}.{name}": text for name, text in _stream(one, now_ms, t).items()}
            cells[f"mark:{row}"] = CAREFUL if one.lag_ms >= LAG_MARKED_MS else ""
    return cells


def _stream(one: StreamFigures, now_ms: int, t: Translate) -> Cells:
    count = one.count
    lag_ms = one.lag_ms if one.lag_ms >= LAG_SHOWN_MS else 0
    return {
        "written": number(one.written),
        "accepted": number(count.accepted),
        "duplicate": number(count.duplicate),
        "rejected": number(count.rejected_total),
        "rejected.hint": _reasons(count, t),
        "waiting": number(one.lag_entries),
        "lag": span(lag_ms, t) if lag_ms else "–",
        "last": ago(count.last_arrival_ms, now_ms, t),
    }


def _reasons(count: StreamCount, t: Translate) -> str:
    """Each reason with its share, the most frequent first."""
    reasons = sorted(count.rejected.items(), key=lambda item: -item[1])
    return ", ".join(f"{reason_words(reason, t)} {number(n)}" for reason, n in reasons)


def reason_words(reason: str, t: Translate) -> str:
    """A reason this page does not know yet is shown as it is."""
    return t(f"system.reason_{reason}") if reason in REASONS else reason


def facts(
    city: City, durability: str, measured: dict[str, Any], now_ms: int, t: Translate
) -> Cells:
    """measured: as of Fanout.measured()."""
    known = durability if durability in ("always", "everysec", "no", "off") else "unknown"
    cells = _feed(city, now_ms, t) | _latency(measured, t)
    cells["fact.durability"] = t(f"system.durability_{known}")
    cells["fact.durability.hint"] = t(f"system.durability_{known}_what")
    cells["mark:fact.durability"] = "" if known == "always" else CAREFUL
    cells["fact.browsers"] = number(measured["browsers"])
    cells["fact.browsers.hint"] = t("system.browsers_what")
    cells["fact.unregistered"] = number(sum(feed.unregistered for feed in city.feeds.values()))
    cells["at"] = t("system.at", at=clock(now_ms))
    return cells


def _feed(city: City, now_ms: int, t: Translate) -> Cells:
    feed_key = _feed_key(city)
    told = t("system.watermark", at=clock(city.oldest_watermark_ms))
    return _worker(city, now_ms, t) | {
        "fact.feed": t(f"system.feed_{feed_key}"),
        "fact.feed.hint": told if feed_key in ("alive", "stale") else "",
        "mark:fact.feed": BAD if feed_key in ("stale", "disconnected") else "",
    }


def _feed_key(city: City) -> str:
    if not city.connected:
        return "disconnected"
    counts = [count for feed in city.feeds.values() for count in feed.streams.values()]
    if all(count.last_event_ms is None for count in counts):
        return "none"
    return "stale" if city.stale_since_ms else "alive"


def _worker(city: City, now_ms: int, t: Translate) -> Cells:
    feeds = sorted(city.feeds.values(), key=lambda feed: feed.partition)
    owners = [t("system.owner", p=f.partition, owner=f.owner, epoch=f.epoch) for f in feeds]
    silent = city.worker_silent_since(now_ms)
    return {
        "fact.worker": t("system.worker_silent") if silent else t("system.worker_alive"),
        "fact.worker.hint": "\n".join(owners),
        "mark:fact.worker": BAD if silent else "",
    }


def _latency(measured: dict[str, Any], t: Translate) -> Cells:
    p50, p95, n = measured["latency_p50"], measured["latency_p95"], measured["latency_n"]
    if p50 is None:
        return {"fact.latency": "–", "fact.latency.hint": t("system.latency_none")}
    where = t(f"system.latency_to_{measured['latency_to']}")
    return {
        "fact.latency": t("system.latency", p50=p50, p95=p95),
        "fact.latency.hint": t("system.latency_what", where=where, n=number(n)),
    }


def rejected(messages: Sequence[RejectedMessage], t: Translate) -> list[dict[str, Any]]:
    return [
        {
            "key": f"{one.partition}/{one.entry_id}",
            "at": clock(one.at_ms),
            "from": stream_words(one.stream, t),
            "reason": reason_words(one.reason, t),
            "detail": one.detail,
            "message": one.text,
            "more": t("system.cut", n=number(one.length)) if one.length > len(one.text) else "",
        }
        for one in messages
    ]


def stream_words(name: str, t: Translate) -> str:
    known = ("alerts", "registry", "status", "traffic", "incidents", "actions")
    return t(f"system.stream_{name}") if name in known else name


def unregistered(city: City, now_ms: int, t: Translate) -> list[dict[str, Any]]:
    """Newest sign of life first."""
    views = sorted(
        city.devices.unregistered.values(), key=lambda view: view.last_seen_ms or 0, reverse=True
    )
    return [
        {
            "key": view.device_id,
            "device": view.device_id,
            "state": t(f"system.state_{Status(view.status).word}"),
            "seen": ago(view.last_seen_ms, now_ms, t),
        }
        for view in views[:UNREGISTERED_SHOWN]
    ]
