"""What a benchmark answers: rows of the table, with the goal and the reference beside them."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HEAD = ("what", "goal", "measured", "reference, same run", "ratio", "reached")


@dataclass(slots=True)
class Row:
    """measured, reference: sentences for people; figures: the same in numbers, with units in
    their names. ratio: how many times better than the reference; of ingest, the share of the raw
    rate, as its goal; None = no reference makes sense. reached None: could not be measured."""

    what: str
    goal: str
    measured: str
    reference: str = ""
    ratio: float | None = None
    reached: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}×"
        reached = {True: "yes", False: "**no**", None: "–"}[self.reached]
        return self.what, self.goal, self.measured, self.reference or "–", ratio or "–", reached


def quantile(values: Sequence[float], share: float) -> float:
    """Nearest rank; nan of nothing."""
    return sorted(values)[round(share * (len(values) - 1))] if values else float("nan")


def median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)


def number(value: float) -> str:
    """Three digits that mean something, thousands apart."""
    if value != value:
        return "none"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}"


def machine() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A short path: sockets live in it."""
    return tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)


def alone(measure: Callable[[Path], list[Row]]) -> None:
    """What `python -m benchmarks.<question>` does."""
    with scratch() as folder:
        print(markdown(measure(Path(folder))))
