"""How much the list can be trusted: the time of its data, and what is wrong with the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import format as common
from dashboard.city import City
from dashboard.text import Translate

if TYPE_CHECKING:
    from data_sources.sources import Sources


def told(sources: Sources, t: Translate) -> dict[str, Any]:
    """at: data time in words; banner: "" while all is well; bad: it must be acted on."""
    city, now_ms = sources.city, sources.now_ms()
    banner, bad = _trouble(city, now_ms, t)
    at_ms = city.oldest_watermark_ms
    at = t("orders.at", at=common.clock(at_ms)) if at_ms else ""
    return {"at": at, "banner": banner, "bad": bad, "now": now_ms}


def _trouble(city: City, now_ms: int, t: Translate) -> tuple[str, bool]:
    progress = city.progress or {}
    if not city.connected:
        return t("orders.disconnected"), True
    if since_ms := city.worker_silent_since(now_ms):
        return t("orders.worker_silent", at=common.clock(since_ms)), True
    if progress.get("phase") == "history":
        return t("orders.history", percent=round(100 * float(progress.get("done", 0)))), False
    if since_ms := city.stale_since_ms:
        return t("orders.feed_stale", at=common.clock(since_ms)), True
    return "", False
