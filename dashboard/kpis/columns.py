"""A table that grows: rows of a numpy dtype, each known by a name and replaced in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROOM = 256


class Columns:
    """ids[k], devices[k] and rows[k] belong together. devices: number of the device a row is
    about, -1 = none that is registered. Rows never go away and never change their place."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.ids: list[str] = []
        self._at: dict[str, int] = {}
        self._rows: NDArray[Any] = np.zeros(_ROOM, dtype)
        self._devices: NDArray[np.int32] = np.full(_ROOM, -1, np.int32)
        self._versions: list[int] = []

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def rows(self) -> NDArray[Any]:
        """A view of what is there now: whatever is written to it stays."""
        return self._rows[: len(self.ids)]

    @property
    def devices(self) -> NDArray[np.int32]:
        return self._devices[: len(self.ids)]

    @property
    def nbytes(self) -> int:
        return int(self._rows.nbytes + self._devices.nbytes)

    def put(self, name: str, version: int, row: tuple[Any, ...], device: int = -1) -> bool:
        """Adds or replaces a row; False for one that is older than what is there."""
        at = self._at.get(name)
        if at is None:
            at = self._add(name, version)
        elif version < self._versions[at]:
            return False
        self._rows[at], self._devices[at], self._versions[at] = row, device, version
        return True

    def row_of(self, name: str) -> int | None:
        return self._at.get(name)

    def of_devices(self, devices: Iterable[int]) -> NDArray[np.intp]:
        """Places of the rows about any of these devices."""
        wanted = np.fromiter(devices, np.int32)
        return np.flatnonzero(np.isin(self.devices, wanted))

    def snapshot(self) -> NDArray[Any]:
        return self.rows.copy()

    def _add(self, name: str, version: int) -> int:
        at = self._at[name] = len(self.ids)
        if at == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros(at, self._rows.dtype)])
            self._devices = np.concatenate([self._devices, np.full(at, -1, np.int32)])
        self.ids.append(name)
        self._versions.append(version)
        return at
