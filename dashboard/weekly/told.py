"""What stands in the places of sentences, and how sentences are put together."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row, Said, Value

Values = dict[str, Value]
IN_DAYS = 2  # what lasts for so many days is told in days


def told(row: Row, suffix: str = "") -> Values:
    """what, value, and low and high of what is usual; whatever of these is known. suffix: of
    their names, where a sentence tells of several rows."""
    unit, of = BY_KEY[row.key].unit, f"row:{row.key}"
    numbers = {"value": row.week.value, "low": row.usual.low, "high": row.usual.high}
    values = {name: Value(unit, x, of) for name, x in numbers.items() if x is not None}
    return {name + suffix: value for name, value in (_name(row) | values).items()}


def _name(row: Row) -> Values:
    return {"what": Value("measure", row.key)}


def figures(rows: Sequence[Row]) -> Value:
    """How many they are; leads to the first of them."""
    return Value("figures", len(rows), f"row:{rows[0].key}")


def lasted(ms: float, of: str) -> Value:
    """In whole hours, at least one, or days."""
    if ms >= IN_DAYS * DAY_MS:
        return Value("days", ms // DAY_MS, of)
    return Value("hours", max(1.0, ms // HOUR_MS), of)


def more(row: Row) -> bool:
    """Than usual; asked only of what is judged."""
    return (row.usual.z or 0.0) > 0


def joined(*parts: Said | None) -> Said:
    """One after the other, as one. Values of the same name must be the same."""
    there = [one for one in parts if one is not None]
    values: Values = {}
    for one in there:
        values |= one.values
    return Said("+".join(one.key for one in there), values)
