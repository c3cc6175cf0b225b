"""Summaries made by hand, for what reads them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from dashboard.weekly import seal
from dashboard.weekly.measures import MEASURES
from dashboard.weekly.summary import Inputs, Row, Said, Sealed, Summary, Told, Usual
from dashboard.weekly.week import WEEKS, Week

NOW_MS = 1_795_000_000_000
VALUES = {"count": 40.0, "ms": 348_000.0, "share": 0.979, "per_day": 31_420.0}
INPUTS = Inputs("2025-11-17", "2026-11-22", "2026-09-28", "2025-10-30", 10_024, 70_168.0, 359, 37,
                476, 1)  # fmt: skip


def a_row(key: str, value: float | None = None, **fields: Any) -> Row:
    unit = next(one.unit for one in MEASURES if one.key == key)
    told = Told(VALUES[unit] if value is None else value, 40)
    usual = Usual(8, told.value, (told.value or 0) * 0.9, (told.value or 0) * 1.1, 0.1)
    line: tuple[float | None, ...] = (*(None,) * (WEEKS - 9), *(told.value,) * 9)
    given: dict[str, Any] = {
        "week": told, "d28": told, "year": told, "last_year": Told(None, why="not_known"),
        "last_year_week": Told(None, why="not_known"), "usual": usual, "line": line,
    }  # fmt: skip
    return Row(key, **(given | fields))


def a_summary(word: str = "2026-W47", rows: dict[str, Row] | None = None, **fields: Any) -> Summary:
    """rows: those that are not as usual."""
    week, special = Week.of(word), rows or {}
    given: dict[str, Any] = {
        "week": word, "from_ms": week.from_ms, "to_ms": week.to_ms, "known_to_ms": week.to_ms,
        "complete": True, "simulated": False, "coverage": 0.9862, "routes_in_all": 29,
        "inputs": INPUTS, "said": (Said("nothing"),) * 3,
        "rows": tuple(special.get(one.key) or a_row(one.key) for one in MEASURES),
        "routes": (), "vendors": (), "pilots": (), "gaps": (), "caveats": (),
    }  # fmt: skip
    return Summary(**(given | fields))


def a_sealed(revision: int = 1, word: str = "2026-W47", **fields: Any) -> Sealed:
    first = seal.sealed(a_summary(word, **fields), None, NOW_MS, NOW_MS - 1)
    return replace(first, revision=revision)
