"""Telling how far the history is: a key in Redis for the pages, a line in the terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TextIO

import redis

from data_sources import keys

_EVERY_S = 0.25
_LINES_EVERY_S = 5.0  # where there is no terminal to redraw a line in
_WIDTH = 30


class Progress:
    def __init__(
        self, client: redis.Redis, seed: int, out: TextIO = sys.stdout,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._redis = client
        self._seed = seed
        self._out = out
        self._clock = clock
        self._told_s = self._drawn_s = float("-inf")
        self._span = (0, 0)
        self._done = 0.0

    def begin(self, from_ms: int, to_ms: int) -> None:
        self._span = (from_ms, to_ms)
        self.show(0.0)

    def show(self, done: float) -> None:
        """done: 0-1. Cheap to call often."""
        self._done = done
        if self._span == (0, 0):
            return  # there is no history to write
        now_s = self._clock()
        if now_s - self._told_s >= _EVERY_S:
            self._told_s = now_s
            self._tell("history")
            self._draw(now_s)

    def again(self) -> None:
        self.show(self._done)

    def live(self) -> None:
        if self._span != (0, 0):
            self._done = 1.0
            self._draw(float("inf"))
        self._done = 1.0
        self._tell("live")

    def _tell(self, phase: str) -> None:
        said = {
            "done": round(self._done, 4),
            "phase": phase,
            "seed": self._seed,
            "from_ms": self._span[0],
            "to_ms": self._span[1],
        }
        try:
            self._redis.set(keys.SIM_PROGRESS, json.dumps(said))
        except redis.RedisError:
            self._told_s = float("-inf")  # the writer says what is wrong; told next time

    def _draw(self, now_s: float) -> None:
        filled = int(self._done * _WIDTH)
        bar = f"history [{'#' * filled}{'.' * (_WIDTH - filled)}] {self._done:4.0%}"
        if self._out.isatty():
            self._out.write(f"\r· {bar}" + ("\n" if self._done >= 1 else ""))
        elif now_s - self._drawn_s >= _LINES_EVERY_S:
            self._drawn_s = now_s
            self._out.write(f"· {bar}\n")
        self._out.flush()
