"""The groups that figures are broken down by, numbered once for all tables of facts.

Every fact (a sum, an alert, a round of a work order, an incident) carries the number of its
group: the combination of kind, zone, route, vendor, owner and pilot of its device. So one mask
over groups restricts them all alike.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from dashboard.stream.rollups import Group


class Dim(StrEnum):
    """In the order of rollups.Group."""

    KIND = "kind"
    ZONE = "zone"
    ROUTE = "route"
    VENDOR = "vendor"
    OWNER = "owner"
    PILOT = "pilot"


DIMS = tuple(Dim)
NOWHERE = ""  # the word of a dimension that does not apply or is not known


class Groups:
    """Grows only; numbers stay. words[d] are the words of dimension d in order of appearance."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.words: list[list[str]] = [[] for _ in DIMS]
        self._numbers: dict[Group, int] = {}
        self._codes: list[dict[str, int]] = [{} for _ in DIMS]
        self._rows: list[list[int]] = []
        self._array: NDArray[np.int32] = np.empty((0, len(DIMS)), np.int32)

    def __len__(self) -> int:
        return len(self.groups)

    def number_of(self, group: Group) -> int:
        number = self._numbers.get(group)
        if number is None:
            number = self._numbers[group] = len(self.groups)
            self.groups.append(group)
            self._rows.append([self._code(d, word) for d, word in enumerate(group)])
        return number

    @property
    def codes(self) -> NDArray[np.int32]:
        """(groups, dimensions): the number of each group's word in `words`."""
        if len(self._array) < len(self._rows):
            self._array = np.array(self._rows, np.int32)
        return self._array

    def mask(self, **wanted: str) -> NDArray[np.bool_]:
        """True for groups with these words, e.g. mask(kind="bell", zone="4128552500")."""
        codes, mask = self.codes, np.ones(len(self), bool)
        for name, word in wanted.items():
            d = DIMS.index(Dim(name))
            mask &= codes[:, d] == self._codes[d].get(word, -1)
        return mask

    def words_of(self, dim: Dim) -> list[str]:
        return self.words[DIMS.index(dim)]

    def column(self, dim: Dim) -> NDArray[np.int32]:
        """Each group's word of one dimension, as its number in words_of(dim)."""
        return self.codes[:, DIMS.index(dim)]

    def _code(self, d: int, word: str) -> int:
        codes = self._codes[d]
        if word not in codes:
            codes[word] = len(self.words[d])
            self.words[d].append(word)
        return codes[word]
