"""Estimators: a value with its interval, out of counts, times and durations.

Each answers a Figure and never nan or infinity: where nothing can be said its value is None and
`why` says why. Intervals are of 95 %. Durations that may still be running: survival.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from dashboard.kpis.figure import NO_DATA, Figure
from dashboard.stream.rollups import DAY_MS

Array = NDArray[np.float64]
Z = 1.959963984540054  # of 95 %, two-sided
TAIL = 0.025  # of a side
FEW_FAILURES = 5  # with fewer, a bound instead of a mean
FEW_GROUPS = 8  # with fewer, the spread between groups says nothing
NOTHING = Figure(None, why=NO_DATA)


def wilson(p: float, n: float) -> tuple[float, float]:
    """Limits of a share p seen in n cases; n need not be whole. n = 0: anything is possible.

    (np + z²/2 ± z √(np(1-p) + z²/4)) / (n + z²). Source: Wilson 1927; with n an effective sample
    size: Korn & Graubard 1998.
    """
    if n <= 0:
        return 0.0, 1.0
    centre, reach = n * p + Z * Z / 2, Z * sqrt(n * p * (1 - p) + Z * Z / 4)
    low, high = (centre - reach) / (n + Z * Z), (centre + reach) / (n + Z * Z)
    return min(p, max(0.0, low)), max(p, min(1.0, high))


def share(x: float, n: float) -> Figure:
    """x of n cases, Wilson's interval."""
    if n <= 0:
        return NOTHING
    low, high = wilson(x / n, n)
    return Figure(x / n, n=round(n), low=low, high=high)


def poisson_limits(x: float) -> tuple[float, float]:
    """Exact limits of the mean of which x events were seen.

    χ²(0.025; 2x)/2 and χ²(0.975; 2x + 2)/2. Source: Garwood 1936.
    """
    low = float(special.chdtri(2 * x, 1 - TAIL)) / 2 if x else 0.0
    return low, float(special.chdtri(2 * x + 2, TAIL)) / 2


def rate(x: int, exposure: float) -> Figure:
    """x events in an exposure (device-days / 100, passages / 10,000)."""
    if exposure <= 0:
        return Figure(None, n=x, why=NO_DATA)
    low, high = poisson_limits(x)
    return Figure(x / exposure, n=x, low=low / exposure, high=high / exposure)


def time_between(up_ms: float, failures: int) -> Figure:
    """Operating time / failures; with fewer than five failures the one-sided lower bound.

    Bound 2T/χ²(0.95; 2r + 2), for r = 0 T/2.996. Interval 2T/χ²(0.975; 2r + 2) to
    2T/χ²(0.025; 2r), of a test ended by time. Source: IEC 60605-4.
    """
    if up_ms <= 0:
        return Figure(None, n=failures, why=NO_DATA)
    few = failures < FEW_FAILURES
    low = 2 * up_ms / float(special.chdtri(2 * failures + 2, 0.05 if few else TAIL))
    high = 2 * up_ms / float(special.chdtri(2 * failures, 1 - TAIL)) if failures else None
    value = low if few else up_ms / failures
    parts = {"point_ms": up_ms / failures} if few and failures else {}
    return Figure(value, n=failures, low=low, high=high, parts=parts, censored=few)


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Device time by group: ms that count as good, and as bad. span_ms: of the whole period.

    failures: how often bad time began; 0 = not known. coverage: share of the scheduled time in
    which devices were heard.
    """

    good: Array
    bad: Array
    span_ms: float
    failures: float = 0
    coverage: float = 1.0

    @property
    def outage_ms(self) -> float:
        """About how long bad time lasts at a stretch: a day at least (a single short failure
        tells little) and the whole period at most, which is what a dead device is."""
        bad = float(self.bad.sum())
        stretches = max(self.failures, bad / self.span_ms) if self.span_ms else 0.0
        mean = bad / stretches if stretches else 0.0
        return min(self.span_ms, max(float(DAY_MS), mean))


def time_share(of: Clusters) -> Figure:
    """Share of device time that was good. n = average number of devices.

    Wilson's interval for the smaller of two effective numbers of cases:
    - good time / (2 x mean outage), exact for failures that come by chance (compound Poisson,
      Var = 2 D m / T²). Whatever dies for good makes it smaller, so the interval wider.
    - from the spread between groups, as clusters: Var = G/(G-1) Σ(u - A t)² / (Σt)², ratio
      estimator, Cochran 1977, 6.4; t quantile of G-1; only with at least 8 groups. The spread is
      divided by coverage: silence makes groups alike, but not better known.
    """
    good, total = float(of.good.sum()), float((of.good + of.bad).sum())
    if total <= 0 or of.span_ms <= 0:
        return NOTHING
    value = good / total
    n = min(good / (2 * of.outage_ms), _cases_by_spread(of, value))
    low, high = wilson(value, n)
    return Figure(value, n=max(1, round(total / of.span_ms)), low=low, high=high)


def _cases_by_spread(of: Clusters, value: float) -> float:
    times = of.good + of.bad
    groups = int(np.count_nonzero(times > 0))
    spread = float(((of.good - value * times) ** 2).sum())
    heard = float(times.sum()) * of.coverage
    if groups < FEW_GROUPS or heard <= 0:
        return inf
    variance = groups / (groups - 1) * spread / heard / heard
    if variance <= 0:  # all alike
        return inf
    return value * (1 - value) / variance * (Z / student(groups - 1)) ** 2


def student(df: int) -> float:
    """The t quantile of 95 %, two-sided."""
    return float(special.stdtrit(df, 1 - TAIL))


def mean_of(durations: Array) -> Figure:
    """Mean of durations with a long tail; no interval for a single one.

    exp(ln m ± t s/(m √n)): the t interval by the delta method on the log scale, so that it stays
    above zero. Source: delta method; Casella & Berger 5.5.4.
    """
    n = len(durations)
    if not n:
        return NOTHING
    mean = float(durations.mean())
    if n == 1 or mean <= 0:
        return Figure(mean, n=n)
    reach = student(n - 1) * float(durations.std(ddof=1)) / (mean * sqrt(n))
    if reach > log(1e6):  # two of wildly different length: no upper limit worth telling
        return Figure(mean, n=n, low=0.0)
    return Figure(mean, n=n, low=mean * exp(-reach), high=mean * exp(reach))


def quantile_of_counts(counts: Array, limits: Array, p: float) -> Figure:
    """Quantile of samples of which only the numbers between limits are kept.

    counts has one more than limits: the last are beyond them all. Linear within a bucket;
    interval: the quantiles at p ± z √(p(1-p)/n).
    """
    n = float(counts.sum())
    if n <= 0:
        return NOTHING
    reach = Z * sqrt(p * (1 - p) / n)
    ends = np.concatenate([[0.0], limits])
    upto = np.concatenate([[0.0], np.cumsum(counts[:-1])]) / n
    wanted = [p, max(0.0, p - reach), min(1.0, p + reach)]
    value, low, high = (float(at) for at in np.interp(wanted, upto, ends))
    beyond = p > upto[-1]
    open_end = min(1.0, p + reach) > upto[-1]
    return Figure(value, n=round(n), low=low, high=None if open_end else high, censored=beyond)
