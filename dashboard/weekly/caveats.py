"""What a reader must know before believing the figures."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.weekly.summary import Inputs, Row, Said


def caveats_of(
    simulated: bool, rows: Sequence[Row], inputs: Inputs, coverage: float | None, complete: bool
) -> tuple[Said, ...]:
    return ()
