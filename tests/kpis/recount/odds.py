"""Statistics by hand: nothing but arithmetic, sums and bisection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import exp, gamma, inf, lgamma, log, pi, sqrt
from typing import NamedTuple

Z = 1.959963984540054


class Interval(NamedTuple):
    """None = there is no such limit."""

    low: float | None
    high: float | None


def wilson(share: float, n: float) -> Interval:
    if n == inf:
        return Interval(share, share)
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def poisson(seen: int, tail: float = 0.025) -> Interval:
    """The means with which so many, or so few, would be seen with the probability `tail`."""
    low = _solve(lambda mean: 1 - _at_most(seen - 1, mean) - tail, 10 * seen + 10) if seen else 0.0
    return Interval(low, _solve(lambda mean: tail - _at_most(seen, mean), 10 * seen + 50))


def _at_most(seen: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(seen + 1))


@cache
def student(df: int) -> float:
    """The quantile that leaves 2.5 % above; Simpson's rule under the density."""
    factor = gamma((df + 1) / 2) / (sqrt(df * pi) * gamma(df / 2)) if df < 300 else 1 / sqrt(2 * pi)

    def above(t: float) -> float:
        steps = 2_000
        points = [t * k / steps for k in range(steps + 1)]
        values = [factor * (1 + x * x / df) ** (-(df + 1) / 2) for x in points]
        inner = values[0] + values[-1] + 4 * sum(values[1:-1:2]) + 2 * sum(values[2:-1:2])
        return 0.5 - t / steps / 3 * inner

    return _solve(lambda t: 0.025 - above(t), 60)


def _solve(rises: Callable[[float], float], high: float) -> float:
    low = 0.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return (low + high) / 2


class Survival(NamedTuple):
    """After `times[k]` the share `still[k]` is waiting, and its limits."""

    times: list[float]
    still: list[float]
    low: list[float]
    high: list[float]

    def quantile(self, over: float) -> float | None:
        """When so many are over; None: nobody knows yet."""
        return _first_below(self.times, self.still, 1 - over)

    def median(self) -> Interval:
        return Interval(_first_below(self.times, self.low, 0.5),
                        _first_below(self.times, self.high, 0.5))  # fmt: skip


def survival(waits: Sequence[tuple[float, bool]]) -> Survival:
    """Kaplan and Meier, step by step; limits on the log-log scale with Greenwood's variance.

    waits: how long, and whether it is over.
    """
    times = sorted({ms for ms, _ in waits})
    still, greenwood = 1.0, 0.0
    found = Survival([], [], [], [])
    for time in times:
        waiting = sum(1 for ms, _ in waits if ms >= time)
        ended = sum(1 for ms, over in waits if ms == time and over)
        still *= 1 - ended / waiting
        greenwood += ended / (waiting * (waiting - ended)) if waiting > ended else inf
        low = high = still
        if 0 < still < 1:
            reach = exp(Z * sqrt(greenwood) / -log(still))
            low, high = still**reach, still ** (1 / reach)
        for column, value in zip(found, (time, still, low, high), strict=True):
            column.append(value)
    return found


def _first_below(times: list[float], shares: list[float], limit: float) -> float | None:
    return next((t for t, s in zip(times, shares, strict=True) if s <= limit + 1e-9), None)
