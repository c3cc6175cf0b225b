"""Which incidents are behind what is shown: the newest of them, when they are few or picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.trends.choice import TrendChoice

MOST = 50  # rows that are read out
FEW_ENOUGH = 200  # incidents that may be listed although nothing was picked


@dataclass(frozen=True, slots=True)
class Records:
    """n: incidents of the choice. ids: the newest of them, newest first; none where too_many."""

    n: int
    ids: tuple[str, ...] = ()
    too_many: bool = False

    @property
    def rest(self) -> int:
        """How many more there are than listed."""
        return self.n - len(self.ids)


def records(found: pd.DataFrame, ids: Sequence[str], choice: TrendChoice) -> Records:
    """found: an incident frame (frame.py) of what is chosen. ids: of the facts it came from."""
    if len(found) > FEW_ENOUGH and not picked(choice):
        return Records(len(found), too_many=True)
    newest = found.sort_values(["reported", "row"], ascending=False).head(MOST)
    return Records(len(found), tuple(ids[row] for row in newest["row"]))


def picked(choice: TrendChoice) -> bool:
    """Something beside the period."""
    return bool(choice.wanted) or choice.hour is not None or choice.cell is not None
