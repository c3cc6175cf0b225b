"""A process that is kept running: started, looked at, started again after a pause."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from data_sources.leash import leashed

SETTINGS_EXIT = 2  # a child that ends with it cannot work with these settings: no second try
PAUSE_S = 0.2  # before a start after a failure; doubled up to the longest
LONGEST_PAUSE_S = 5.0
STEADY_S = 10.0  # who lived this long starts with a short pause again


@dataclass
class Child:
    name: str
    command: list[str]
    env: dict[str, str]
    pass_fds: tuple[int, ...] = ()
    may_finish: bool = False  # ending with 0 means done, not failed
    on_start: Callable[[int], None] = lambda _pid: None
    on_end: Callable[[int], None] = lambda _pid: None
    process: subprocess.Popen[bytes] | None = None
    finished: bool = False
    _pause_s: float = PAUSE_S
    _started: float = 0.0
    _next: float = field(default=0.0)

    def look(self, say: Callable[[str], None]) -> int | None:
        """Starts the process when it is time; the exit code when it has just ended."""
        if self.process is None:
            if not self.finished and time.monotonic() >= self._next:
                self._start()
            return None
        code = self.process.poll()
        if code is not None:
            self.on_end(self.process.pid)
            self.process = None
            self._plan(code, say)
        return code

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _start(self) -> None:
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.env, pass_fds=self.pass_fds, **leashed()
        )
        self.on_start(self.process.pid)

    def _plan(self, code: int, say: Callable[[str], None]) -> None:
        if code == SETTINGS_EXIT or (self.may_finish and code == 0):
            self.finished = True
            return
        if time.monotonic() - self._started > STEADY_S:
            self._pause_s = PAUSE_S
        say(f"{self.name} {_how(code)}; starting it again in {self._pause_s:g} s")
        self._next = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)


def _how(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
