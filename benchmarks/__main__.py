"""`make bench`: everything README claims, measured on this machine in one go.

    python -m benchmarks               all, about ten minutes
    python -m benchmarks.ingest        one question alone, in a control room of its own

Prints one table, writes benchmarks/results.json and the figures into README.md. Every process
it starts ends with it.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import (
    browsers,
    devices_on_map,
    field_to_screen,
    field_to_web,
    first_run,
    first_screen,
    ingest,
    kpis,
    memory,
    soak,
    takeover,
    trends,
    weekly,
)
from benchmarks.measure import Row, as_json, machine, markdown, say, scratch

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
README = HERE.parent / "README.md"
BEGIN, END = "<!-- figures:begin", "<!-- figures:end -->"

HOW = """\
Measured on {at} by `make bench`: {cores} cores, {system}, Python {python}, Chromium headless
without a GPU; server, worker, simulator, web process, browser and load generator all on this one
machine. One-minute load average before and after: {load_1min} and {load_after}. Ratios are to be
trusted more than absolutes. Each figure's own file in [benchmarks/](benchmarks/) says what is
counted; all samples are in [benchmarks/results.json](benchmarks/results.json).
"""


def main() -> int:
    before, began, found = machine(), time.monotonic(), {}
    with scratch() as name:
        folder = Path(name)
        found["ingest"] = attempt(ingest.measure, folder)
        found["takeover"] = attempt(takeover.measure, folder)
        found["kpis"] = attempt(kpis.measure, folder)
        found["trends"] = attempt(trends.measure, folder)
        found["weekly"] = attempt(weekly.measure, folder)
        found["soak"] = soak.rows()
        found |= in_one_room(folder)
    rows = [row for name in ORDER for row in found.get(name, ())]
    result = {
        "machine": {**before, "load_after": machine()["load_1min"]},
        "seconds": round(time.monotonic() - began),
        "rows": as_json(rows),
    }
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    put_into_readme(HOW.format(**result["machine"]) + "\n" + markdown(rows))
    print(markdown(rows))
    say(f"{result['seconds']} s; written to {RESULTS.name} and README.md")
    return 0


def in_one_room(folder: Path) -> dict[str, list[Row]]:
    """What needs a city with eight weeks behind it shares one; it is also the first run. The
    hundred thousand devices come after it, so that two cities never run at once."""
    found: dict[str, list[Row]] = {}
    small: list[Any] = []
    try:
        with first_run.started(folder) as (room, found["first_run"]):
            for name, question in IN_ROOM.items():
                found[name] = attempt(question, folder, room=room)
            small += attempt(devices_on_map.at_ten_thousand, folder, room=room)
    except Exception as error:
        found["first_run"] = [_failed("first_run", error)]
    if len(small) > 1:
        found["devices_on_map"] = attempt(devices_on_map.measure, folder, small=small)
    return found


def attempt(question: Callable[..., Any], folder: Path, **more: Any) -> Any:
    """A question that fails is told as failed, and the others are still asked."""
    name = question.__module__.rpartition(".")[2]
    say(f"{name} … (load {machine()['load_1min']})")
    try:
        return question(folder, **more)
    except Exception as error:
        return [_failed(name, error)]


def _failed(name: str, error: Exception) -> Row:
    traceback.print_exception(error)
    return Row(name, "", f"could not be measured: {type(error).__name__}: {error}"[:200])


def put_into_readme(figures: str) -> None:
    """Between the two comments; the first keeps its words."""
    head, _, rest = README.read_text("utf-8").partition(BEGIN)
    words, _, rest = rest.partition("-->")
    tail = rest.partition(END)[2]
    README.write_text(f"{head}{BEGIN}{words}-->\n{figures}\n{END}{tail}", "utf-8")


IN_ROOM = {
    "memory": memory.measure,
    "first_screen": first_screen.measure,
    "field_to_web": field_to_web.measure,
    "field_to_screen": field_to_screen.measure,
    "browsers": browsers.measure,
}
ORDER = (
    "ingest", "field_to_web", "field_to_screen", "browsers", "devices_on_map", "takeover", "soak",
    "first_screen", "kpis", "trends", "weekly", "memory", "first_run",
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
