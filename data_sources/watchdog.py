"""Kills processes when the one that named them is gone: `python -m data_sources.watchdog`.

Needed where the kernel does not do it (see leash.py). It reads `+pid` and `-pid` lines; the end
of its input means that the writer has ended, however that happened.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable


class Watchdog:
    """Our side of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "data_sources.watchdog"],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def add(self, pid: int) -> None:
        self._send(f"+{pid}\n")

    def remove(self, pid: int) -> None:
        self._send(f"-{pid}\n")

    def dismiss(self) -> None:
        """After an orderly end: nobody is left to be killed."""
        self._process.kill()
        self._process.wait()

    def _send(self, line: str) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()


def watch(lines: Iterable[str]) -> set[int]:
    """The processes still named when the input ends."""
    pids: set[int] = set()
    for line in lines:
        pid = int(line[1:])
        pids = pids | {pid} if line[0] == "+" else pids - {pid}
    return pids


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for pid in watch(sys.stdin):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
