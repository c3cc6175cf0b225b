"""A lock on a file that ends with the last process holding it, however that process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class DataLock:
    """Opening does not lock; `take` tries once. Children given the descriptor hold it too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def fileno(self) -> int:
        return self._fd

    def take(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, text: str) -> None:
        """Leaves a word for whoever finds the lock taken."""
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text.encode(), 0)

    def read(self) -> str:
        return self.path.read_text(encoding="utf-8", errors="replace").strip()

    def close(self) -> None:
        os.close(self._fd)
