"""Recent latencies: a window of time, its median and its slow end."""

from __future__ import annotations

from collections import deque

WINDOW_MS = 300_000
MOST = 20_000  # samples kept, whatever the window


class Latencies:
    def __init__(self, window_ms: int = WINDOW_MS) -> None:
        self._window_ms = window_ms
        self._samples: deque[tuple[int, int]] = deque(maxlen=MOST)

    def add(self, at_ms: int, took_ms: int) -> None:
        self._samples.append((at_ms, max(0, took_ms)))

    def quantiles(self, now_ms: int, *shares: float) -> tuple[int, list[int | None]]:
        """Number of samples in the window and one value per share, None without samples."""
        while self._samples and self._samples[0][0] < now_ms - self._window_ms:
            self._samples.popleft()
        values = sorted(took for _, took in self._samples)
        n = len(values)
        return n, [values[min(n - 1, int(share * n))] if n else None for share in shares]
