"""Numbers, spans and times for people. Texts come from the `format` catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from dashboard.text import Translate

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
KST = timezone(timedelta(hours=9))


def number(n: int) -> str:
    return f"{n:,}"


def span(ms: int, t: Translate) -> str:
    """About how long: tenths of a second below ten, then the largest whole unit or two."""
    ms = max(0, ms)
    if ms < 10 * SECOND:
        return t("format.seconds", n=f"{ms / SECOND:.1f}")
    if ms < MINUTE:
        return t("format.seconds", n=ms // SECOND)
    if ms < HOUR:
        return t("format.minutes", n=ms // MINUTE)
    if ms < DAY:
        return t("format.hours", h=ms // HOUR, m=ms % HOUR // MINUTE)
    return t("format.days", n=ms // DAY)


def ago(at_ms: int | None, now_ms: int, t: Translate) -> str:
    return "–" if at_ms is None else t("format.ago", span=span(now_ms - at_ms, t))


def clock(ms: int) -> str:
    """Date and time in KST, 24 hours."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(KST).strftime("%m.%d %H:%M:%S")
