"""What stands in the places of sentences, and how sentences are put together."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row, Said, Told, Usual, Value

Values = dict[str, Value]
IN_DAYS = 2  # what lasts for so many days is told in days
SURE = 0.004  # a share whose interval is narrower deserves a second decimal (layouts/kpis/words.py)
NARROW = 0.01  # so does a usual range


def told(row: Row, suffix: str = "") -> Values:
    """what, value, and low and high of what is usual; whatever of these is known. suffix: of
    their names, where a sentence tells of several rows."""
    value, usual, of = row.week.value, row.usual, f"row:{row.key}"
    places = {"value": places_of(row.week), "low": places_of_usual(usual)}
    ends = [round(x, 3) for x in (usual.low, usual.high) if x is not None]
    if value is not None and usual.mark and round(value, 3) in ends:
        places = dict.fromkeys(places, 2)  # or what is out of the range would look as its end
    numbers = {"value": value, "low": usual.low, "high": usual.high}
    values = {
        name: Value(BY_KEY[row.key].unit, x, of, places.get(name, places["low"]))
        for name, x in numbers.items()
        if x is not None
    }
    values["what"] = Value("measure", row.key)
    return {name + suffix: value for name, value in values.items()}


def places_of(figure: Told) -> int:
    """Decimals of a share, in percent."""
    if figure.low is None or figure.high is None:
        return 1
    return 2 if 0 < figure.high - figure.low < SURE else 1


def places_of_usual(usual: Usual) -> int:
    return 2 if usual.low is not None and (usual.high or 0.0) - usual.low < NARROW else 1


def figures(rows: Sequence[Row]) -> Value:
    """How many they are; leads to the first of them."""
    return Value("figures", len(rows), f"row:{rows[0].key}")


def lasted(ms: float, of: str) -> Value:
    """In whole days, where it is several, or hours."""
    return Value("days", ms // DAY_MS, of) if ms >= IN_DAYS * DAY_MS else hours(ms, of)


def hours(ms: float, of: str) -> Value:
    """Whole ones, and at least one."""
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
