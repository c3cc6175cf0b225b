"""/metrics in Prometheus text: feeds, picture, browsers and latency of this process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse

from callbacks import guard
from callbacks.web.fanout import Fanout
from dashboard.city import City
from dashboard.device_table import STATUSES
from dashboard.principal import Principal
from dashboard.roles import Permission

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

TEXT = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[dict[str, Any], float]


def register(app: ControlRoom, sources: Sources, fanout: Fanout) -> None:
    see_feeds = guard.needs(Permission.FEEDS_SEE)

    async def metrics(who: Principal = see_feeds) -> PlainTextResponse:
        now = sources.now_ms()
        feeds = await sources.feeds.read(now)
        lines = [*_of_feeds(feeds), *_of_city(sources.city, now), *_of_browsers(sources, fanout)]
        return PlainTextResponse("\n".join(lines) + "\n", media_type=TEXT)

    app.server.add_api_route("/metrics", metrics, include_in_schema=False)


def _of_feeds(feeds: list[Any]) -> Iterator[str]:
    streams = [({"partition": f.partition, "stream": s.name}, s) for f in feeds for s in f.streams]
    yield from _metric("written_total", "counter", ((k, s.written) for k, s in streams))
    yield from _metric("accepted_total", "counter", ((k, s.count.accepted) for k, s in streams))
    yield from _metric("duplicate_total", "counter", ((k, s.count.duplicate) for k, s in streams))
    rejected = ((k | {"reason": reason}, n) for k, s in streams
                for reason, n in s.count.rejected.items())  # fmt: skip
    yield from _metric("rejected_total", "counter", rejected)
    yield from _metric("lag_entries", "gauge", ((k, s.lag_entries) for k, s in streams))
    yield from _metric("lag_seconds", "gauge", ((k, s.lag_ms / 1000) for k, s in streams))
    stale = (({"partition": f.partition}, float(f.stale)) for f in feeds)
    yield from _metric("feed_stale", "gauge", stale)
    yield from _metric(
        "worker_epoch", "gauge", (({"partition": f.partition}, f.epoch) for f in feeds)
    )


def _of_city(city: City, now: int) -> Iterator[str]:
    by_kind = (({"kind": kind, "status": status}, counts[s])
               for kind, counts in sorted(city.devices.by_kind().items())
               for s, status in enumerate(STATUSES))  # fmt: skip
    yield from _metric("devices", "gauge", by_kind)
    by_priority = dict.fromkeys((1, 2, 3, 4), 0)
    for alert in city.open_alerts():
        by_priority[alert.priority] = by_priority.get(alert.priority, 0) + 1
    yield from _metric(
        "open_alerts", "gauge", (({"priority": p}, n) for p, n in by_priority.items())
    )
    yield from _metric("redis_connected", "gauge", [({}, float(city.connected))])
    silent = city.worker_silent_since(now)
    yield from _metric(
        "worker_silent_seconds", "gauge", [({}, (now - silent) / 1000 if silent else 0)]
    )
    age = max(0, now - city.oldest_watermark_ms) / 1000
    yield from _metric("data_age_seconds", "gauge", [({}, age)])


def _of_browsers(sources: Sources, fanout: Fanout) -> Iterator[str]:
    yield from _metric("browsers", "gauge", [({}, len(fanout.browsers))])
    yield from _metric("messages_to_browsers_total", "counter", [({}, fanout.messages)])
    samples: list[Sample] = []
    now = sources.now_ms()
    for to, window in (("web", sources.canary.to_web), ("screen", sources.canary.to_screen)):
        _, values = window.quantiles(now, 0.5, 0.95)
        samples += [({"to": to, "quantile": q}, v / 1000)
                    for q, v in zip((0.5, 0.95), values, strict=True) if v is not None]  # fmt: skip
    yield from _metric("latency_seconds", "gauge", samples)


def _metric(name: str, kind: str, samples: Any) -> Iterator[str]:
    yield f"# TYPE control_room_{name} {kind}"
    for labels, value in samples:
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield (
            f"control_room_{name}{{{inside}}} {_number(value)}"
            if inside
            else f"control_room_{name} {_number(value)}"
        )


def _escaped(text: Any) -> str:
    return str(text).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    """Whole counters in full: they grow beyond what short notation keeps."""
    return str(int(value)) if value == int(value) else repr(float(value))
