"""What is usual: foot traffic against the same hour of past weeks, incidents against before.

Pure figures. Formulas: robust z = (x - median) / max(1.4826 MAD, sqrt(max(median, 1))) for
foot traffic; z = 2 (sqrt x - sqrt mu) / sqrt(1 + 1/m) for a count x where mu is the mean of m
periods like it, divided by sqrt(phi) when the periods scatter more than chance (phi > 1.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median

HOUR_MS = 3_600_000
BIN_MS = 300_000
USUAL_Z = 3.0
MIN_COVERAGE = 0.5  # less than half of the counters' time: no judgement
MIN_WEEKS = 3  # fewer past weeks say nothing about what is usual
MAD_TO_SIGMA = 1.4826
OVERDISPERSED = 1.2


@dataclass(frozen=True, slots=True)
class HourCount:
    """People counted in an hour. covered_ms of expected_ms were measured well."""

    people: int
    covered_ms: int
    expected_ms: int

    @property
    def coverage(self) -> float:
        return min(1.0, self.covered_ms / self.expected_ms) if self.expected_ms else 0.0

    @property
    def scaled(self) -> float | None:
        """As if every counter had counted all the time; None with too little coverage."""
        return self.people / self.coverage if self.coverage >= MIN_COVERAGE else None


@dataclass(frozen=True, slots=True)
class Usual:
    """middle None = not known yet."""

    middle: float | None
    scale: float = 1.0

    def z(self, value: float) -> float | None:
        return None if self.middle is None else (value - self.middle) / self.scale


@dataclass(frozen=True, slots=True)
class Level:
    n: int | None  # people, scaled to full coverage
    usual: float | None
    coverage: float
    level: str  # quiet, usual, busy, unknown


def usual_of(past: Iterable[HourCount]) -> Usual:
    """Of the same hour of past weeks; hours with too little coverage are left out."""
    values = [one.scaled for one in past if one.scaled is not None]
    if len(values) < MIN_WEEKS:
        return Usual(None)
    middle = median(values)
    mad = median(abs(value - middle) for value in values)
    return Usual(middle, max(MAD_TO_SIGMA * mad, sqrt(max(middle, 1.0))))


def level_of(now: HourCount, usual: Usual) -> Level:
    value = now.scaled
    z = None if value is None else usual.z(value)
    word = "unknown"
    if z is not None:
        word = "quiet" if z <= -USUAL_Z else "busy" if z >= USUAL_Z else "usual"
    return Level(None if value is None else round(value), usual.middle, now.coverage, word)


def total(counts: Iterable[HourCount]) -> HourCount:
    every = list(counts)
    return HourCount(
        sum(one.people for one in every),
        sum(one.covered_ms for one in every),
        sum(one.expected_ms for one in every),
    )


def line_of(
    bins: Mapping[int, HourCount], usual_by_hour: Mapping[int, Usual]
) -> list[tuple[int, int | None, float | None, float | None, float | None]]:
    """(start_ms, n, usual, low, high) per bin of five minutes; usual is a twelfth of its hour's."""
    rows = []
    for start, count in sorted(bins.items()):
        usual = usual_by_hour.get(start // HOUR_MS, Usual(None))
        n = None if count.scaled is None else round(count.scaled)
        rows.append((start, n, *_share(usual, HOUR_MS // BIN_MS)))
    return rows


def _share(usual: Usual, parts: int) -> tuple[float | None, float | None, float | None]:
    if usual.middle is None:
        return None, None, None
    middle = usual.middle / parts
    reach = USUAL_Z * max(usual.scale / parts, sqrt(max(middle, 1.0)))
    return round(middle, 1), round(max(0.0, middle - reach), 1), round(middle + reach, 1)


def change_z(x: float, mu: float, periods: float, phi: float = 1.0) -> float:
    """How far a count is from the mean of `periods` counts like it, in standard deviations."""
    z = 2 * (sqrt(x) - sqrt(mu)) / sqrt(1 + 1 / periods)
    return z / sqrt(phi) if phi > OVERDISPERSED else z


def band(mu: float, k: float = 2.0, phi: float = 1.0) -> tuple[float, float]:
    """Counts that are no surprise where mu is expected."""
    reach = k / 2 * sqrt(max(1.0, phi))
    return max(0.0, sqrt(mu) - reach) ** 2, (sqrt(mu) + reach) ** 2


def dispersion(counts: Sequence[int]) -> float:
    """Pearson's chi-square per degree of freedom; 1 = scatter of pure chance."""
    if len(counts) < 2 or not any(counts):
        return 1.0
    mean = fmean(counts)
    return sum((x - mean) ** 2 / mean for x in counts) / (len(counts) - 1)


def bins_of(
    intervals: Iterable[tuple[int, int, int]], counters: int, start_ms: int, end_ms: int
) -> dict[int, HourCount]:
    """Good counts (from_ms, to_ms, people) spread evenly over bins of five minutes."""
    starts = range(start_ms // BIN_MS * BIN_MS, end_ms // BIN_MS * BIN_MS, BIN_MS)
    people = dict.fromkeys(starts, 0.0)
    covered = dict.fromkeys(starts, 0)
    for begin, end, n in intervals:
        for start in range(begin // BIN_MS * BIN_MS, end, BIN_MS):
            if start in people:
                shared = min(end, start + BIN_MS) - max(begin, start)
                people[start] += n * shared / (end - begin)
                covered[start] += shared
    return {
        start: HourCount(round(people[start]), covered[start], counters * BIN_MS)
        for start in starts
    }
