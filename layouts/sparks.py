"""Sparklines: a dozen values in a row of a table, drawn by assets/js/sparks.js.

    sparks.spark([0.97, None, 0.98], label="…in words…", band=(0.965, 0.985), target=0.97)

The element carries numbers; how they look is up to the style sheet. None is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from dash import html

ENOUGH = 6  # values before the last; fewer say nothing about what is usual
MAD_TO_SIGMA = 1.4826
WIDE = 2.0  # robust standard deviations to either side

Band = tuple[float, float]


def spark(
    values: Sequence[float | None],
    label: str,
    band: Band | None = None,
    target: float | None = None,
    mark: str = "",
) -> html.Span:
    """label: the same in words. mark: "bad" or "careful" colours the last value."""
    data = {
        "data-spark": " ".join("-" if x is None else f"{x:.6g}" for x in values),
        "data-band": " ".join(f"{x:.6g}" for x in band) if band else None,
        "data-target": None if target is None else f"{target:.6g}",
        "data-drawn": "1",
        "aria-label": label,
    }
    look = f"spark spark--{mark}" if mark else "spark"
    told = {name: text for name, text in data.items() if text is not None}
    return html.Span(role="img", className=look, **told)


def usual(values: Sequence[float | None]) -> Band | None:
    """Median ± 2 robust standard deviations of the values before the last."""
    before = [x for x in values[:-1] if x is not None]
    if len(before) < ENOUGH:
        return None
    middle = median(before)
    reach = WIDE * MAD_TO_SIGMA * median(abs(x - middle) for x in before)
    return middle - reach, middle + reach
