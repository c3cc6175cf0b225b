"""`make soak`: the crash test with 200 kills; what came of it is told in the table as well.

CRASH_KILLS sets another number.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Row, machine

ROOT = Path(__file__).parent.parent
FILE = Path(__file__).parent / "soak.json"
KILLS = 200
TEST = "tests/stream/test_crashes.py"


def main() -> int:
    kills = int(os.environ.get("CRASH_KILLS", KILLS))
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-s", "-q", TEST]
    code = subprocess.call(command, cwd=ROOT, env={**os.environ, "CRASH_KILLS": str(kills)})
    result = {"kills": kills, "passed": code == 0, "seconds": round(time.monotonic() - began)}
    FILE.write_text(json.dumps({**result, "machine": machine()}, indent=1) + "\n", "utf-8")
    return code


def rows() -> list[Row]:
    """Of the last `make soak`; none if there never was one."""
    if not FILE.exists():
        return []
    last = json.loads(FILE.read_text("utf-8"))
    day = last["machine"]["at"][:10]
    said = "nothing lost, nothing doubled" if last["passed"] else "a figure was not the truth"
    return [
        Row(
            "worker and Redis killed (-9) or paused under load (`make soak`)",
            "nothing lost or doubled in ≥ 200",
            f"{last['kills']} in {last['seconds']} s on {day}: {said}",
            "every figure against an independent recount", None,
            last["passed"] and last["kills"] >= KILLS, last,
        )
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
