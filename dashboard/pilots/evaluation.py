"""What a pilot changed, as far as that can be said."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.pilots.incidents import Crime
from dashboard.pilots.outcomes import Outcome
from dashboard.pilots.spans import Spans


@dataclass(frozen=True, slots=True)
class Evaluation:
    """process () and crime None: nothing is compared, spans.why says why. counted_from_ms: the
    first day anything was counted of devices; of before it only incidents may be known."""

    spans: Spans
    process: tuple[Outcome, ...] = ()
    crime: Crime | None = None
    counted_from_ms: int = 0
