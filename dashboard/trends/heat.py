"""Hour by weekday: when incidents happen, against what was usual in the weeks before."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.trends.aoristic import Week, week_of
from dashboard.trends.change import BY_CHANCE, Judged, judge_all
from dashboard.trends.frame import span_of
from dashboard.trends.window import Compared


@dataclass(frozen=True, eq=False)
class Heat:
    """weights: summed weights of each hour of the week; they sum to n.

    n: incidents placed in time: moments (a moment is known, or only that of the report:
    reported) and intervals. left_out: intervals over 24 hours, or that end before they begin.
    expected: of each hour, from the weeks before; None without history. judged: each hour
    against it, in the order of the week. by_chance: flags that chance alone would give.
    """

    weights: Week
    n: int
    moments: int
    reported: int
    intervals: int
    left_out: int
    expected: Week | None
    judged: tuple[Judged, ...]
    by_chance: float

    @property
    def empty(self) -> bool:
        return self.n == 0


def heat(compared: Compared) -> Heat:
    frame, before, base = compared.frame, compared.before, compared.base
    start, end, timed = span_of(frame)
    weights = week_of(frame)
    said = (frame["start"].to_numpy() >= 0) | (frame["end"].to_numpy() >= 0)
    interval = timed & (end > start)
    n = int(timed.sum())
    expected = None if base.weeks == 0 else week_of(before) * base.factor_by_hour
    judged: tuple[Judged, ...] = ()
    if expected is not None:
        past, factors = week_of(before).ravel(), base.factor_by_hour.ravel()
        judged = judge_all(weights.ravel(), past, factors)
    return Heat(
        weights=weights,
        n=n,
        moments=int((timed & ~interval & said).sum()),
        reported=int((timed & ~said).sum()),
        intervals=int(interval.sum()),
        left_out=len(frame) - n,
        expected=expected,
        judged=judged,
        by_chance=BY_CHANCE * 168 if judged else 0.0,
    )
