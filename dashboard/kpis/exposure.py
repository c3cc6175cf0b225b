"""What figures are measured against: device time in working order, and how much of it was heard.

Scheduled time is what is not planned out of service. A device is heard while it says that it
works or that it does not; silent (offline) and unknown are not heard. So whatever dies lowers
coverage, and exposure is time in working order, so that it lowers that as well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.facts import COLUMN, Facts

Mask = NDArray[np.bool_]
RAISING = ("bell", "cctv")  # kinds of device that can call for help
COUNTING = ("counter",)
LIT = ("light",)
WORKING, HEARD = ("s0",), ("s0", "s4")
SCHEDULED = ("s0", "s2", "s3", "s4")


def of_kinds(facts: Facts, kinds: tuple[str, ...]) -> Mask:
    """The groups in the mask of these kinds."""
    found = np.zeros(len(facts.groups), bool)
    for kind in kinds:
        found |= facts.groups.mask(kind=kind)
    return found[: len(facts.mask)] & facts.mask


def span_of(facts: Facts) -> float:
    """Length of the period as far as it is known, in ms."""
    return float(max(0, facts.end_ms - max(facts.period.from_ms, facts.first_ms)))


def time_in(facts: Facts, measures: tuple[str, ...], mask: Mask | None = None) -> float:
    rows = facts.sums if mask is None else facts.sums[mask]
    return float(rows[:, [COLUMN[name] for name in measures]].sum())


def coverage(facts: Facts, mask: Mask | None = None) -> float | None:
    """Share of the scheduled device time in which devices were heard; None: nothing scheduled."""
    return _share(time_in(facts, HEARD, mask), time_in(facts, SCHEDULED, mask))


def working_share(facts: Facts, mask: Mask) -> float | None:
    return _share(time_in(facts, WORKING, mask), time_in(facts, SCHEDULED, mask))


def coverage_of_alerts(facts: Facts) -> float | None:
    """Of the devices that can call for help."""
    return coverage(facts, of_kinds(facts, RAISING))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
