"""How surprising something is, in words people bet with."""

from __future__ import annotations

from math import log10

from scipy import stats

from dashboard.format import number
from dashboard.text import Translate

RAREST = 1_000_000


def chance(t: Translate, z: float) -> str:
    """ "1 in 450": how seldom chance alone does so much, to either side."""
    p = 2 * float(stats.norm.sf(abs(z)))
    if p * RAREST <= 1:
        return t("trends_change.chance_rarer", n=number(RAREST))
    times = 1 / p
    digits = 10 ** max(0, int(log10(times)) - 1)  # two that say something
    return t("trends_change.chance", n=number(round(times / digits) * digits))
