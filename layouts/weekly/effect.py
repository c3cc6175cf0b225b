"""What a pilot changed, in a sentence, for page and print alike."""

from __future__ import annotations

from dashboard.pilots.pilot import INCIDENTS
from dashboard.text import Translate
from dashboard.weekly.summary import PilotLine
from layouts.kpis import words


def effect(t: Translate, pilot: PilotLine) -> str:
    """With its interval, and whether chance could have done it; or why there is nothing to say."""
    if pilot.value is None:
        return t("weekly_page.pilot_nothing", why=t(f"pilots.lacks_{pilot.why or 'no_data'}"))
    value, low, high = (_amount(t, pilot, x) for x in (pilot.value, pilot.low, pilot.high))
    said = t("weekly_page.pilot_effect", outcome=t(f"pilots.outcome_{pilot.outcome}"), value=value)
    between = t("kpis.interval", between=t("pilots.to", low=low, high=high))
    return f"{said} ({between}). {_judged(t, pilot)}"


def _judged(t: Translate, pilot: PilotLine) -> str:
    if pilot.why:  # of incidents: why nothing is said of a direction
        return t(f"pilots.verdict_{pilot.why}")
    return t(f"weekly_page.pilot_side_{pilot.side or 'chance'}")


def _amount(t: Translate, pilot: PilotLine, x: float | None) -> str:
    if x is None:
        return words.NOTHING
    if pilot.ratio:  # of incidents it is told in tenths (weekly/pilots.py)
        return t("pilots.times", n=f"{x:.1f}" if pilot.outcome == INCIDENTS else f"{x:.2f}")
    if pilot.unit == "share":
        return words.difference(t, "share", x)
    return words.difference(t, "ms" if pilot.unit == "ms" else "count", x)
